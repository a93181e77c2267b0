"""An audit passes only when every locked release was answered for, by a service that knows."""

import contextlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.release.audit import judge, parse_report
from sealane.core.release.exceptions import audit_exception_problems
from sealane.core.release.locks import LockedRelease
from sealane.core.release.project import AuditException
from sealane.errors import InputError

CANARY = ("jinja2", "2.4.1")
LOCKED = (LockedRelease("idna", "3.20", "", ("sha256:x",), 1),)
FLAGGED = {"name": "Jinja2", "version": "2.4.1", "vulns": [{"id": "A-1", "aliases": ["CVE-1"]}]}
CLEAN = {"name": "idna", "version": "3.20", "vulns": []}
BAD = {
    "name": "idna", "version": "3.20",
    "vulns": [{"id": "A-2", "aliases": ["CVE-2"], "fix_versions": ["3.21"]}],
}  # fmt: skip
EXCEPTION = AuditException("CVE-2", "idna", "not reachable here", date(2026, 12, 31))


def report(*entries: object) -> bytes:
    return json.dumps({"dependencies": entries, "fixes": []}).encode()


def problems(*entries: object, exceptions: tuple[AuditException, ...] = ()) -> tuple[str, ...]:
    return judge(LOCKED, parse_report(report(*entries)), exceptions, CANARY).problems


def test_a_complete_clean_answer_passes() -> None:
    assert problems(CLEAN, FLAGGED) == ()


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        pytest.param((FLAGGED,), "idna 3.20: no answer", id="missing"),
        pytest.param((), "says nothing", id="empty"),
        pytest.param((CLEAN,), "says nothing", id="no-canary"),
        pytest.param((CLEAN, {**FLAGGED, "vulns": []}), "says nothing", id="canary-not-flagged"),
        pytest.param((CLEAN, {**FLAGGED, "version": "3.1"}), "says nothing", id="other-canary"),
        pytest.param(
            (CLEAN, {"name": "jinja2", "skip_reason": "unknown"}), "says nothing",
            id="canary-skipped",
        ),
        pytest.param(
            ({"name": "idna", "skip_reason": "not found"}, FLAGGED), "skipped: not found",
            id="skipped",
        ),
        pytest.param(
            (CLEAN, FLAGGED, {"name": "idna", "skip_reason": ""}), "skipped", id="skipped-too"
        ),
        pytest.param(({**CLEAN, "version": "3.19"}, FLAGGED), "no answer", id="other-version"),
        pytest.param((BAD, FLAGGED), "idna 3.20: A-2 CVE-2, fixed in 3.21", id="vulnerable"),
        pytest.param((CLEAN, BAD, FLAGGED), "A-2 CVE-2", id="vulnerable-in-one-of-two"),
    ],
)  # fmt: skip
def test_a_gap_or_an_advisory_is_a_problem(entries: tuple[object, ...], why: str) -> None:
    assert any(why in problem for problem in problems(*entries))


def test_an_exception_excuses_one_advisory_of_one_package() -> None:
    found = judge(LOCKED, parse_report(report(BAD, FLAGGED)), (EXCEPTION,), CANARY)
    assert found.problems == ()
    assert found.used == {EXCEPTION}
    other = AuditException("CVE-2", "attrs", "another package", date(2026, 12, 31))
    assert problems(BAD, FLAGGED, exceptions=(other,))


@pytest.mark.parametrize(
    ("used", "today", "count"),
    [
        pytest.param(frozenset({EXCEPTION}), date(2026, 12, 31), 0, id="needed"),
        pytest.param(frozenset({EXCEPTION}), date(2027, 1, 1), 1, id="expired"),
        pytest.param(frozenset(), date(2026, 12, 1), 1, id="unused"),
        pytest.param(frozenset({EXCEPTION}), date(2025, 1, 1), 1, id="too-far-ahead"),
    ],
)
def test_an_exception_has_an_end_and_a_use(
    used: frozenset[AuditException], today: date, count: int
) -> None:
    assert len(audit_exception_problems((EXCEPTION,), used, today)) == count


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b'{"dependencies": {}}', b'{"dependencies": [1]}',
        b'{"dependencies": [{}]}', b'{"dependencies": [{"name": "a"}]}',
        b'{"dependencies": [{"name": "a", "version": "1"}]}',
        b'{"dependencies": [{"name": "a", "version": "1", "vulns": [{}]}]}',
        b'{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "x", "aliases": 1}]}]}',
        b"\xff",
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_report(content)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["dependencies", "name", "version", "vulns", "id"]), inner
            )
        ),
    )
)
def test_any_answer_is_read_or_refused(document: object) -> None:
    with contextlib.suppress(InputError):
        parse_report(json.dumps(document).encode())
