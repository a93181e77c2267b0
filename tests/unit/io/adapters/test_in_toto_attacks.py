"""Attacks on the verification of in-toto layouts."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from in_toto.models.layout import Layout  # type: ignore[import-untyped]
from in_toto.models.link import Link  # type: ignore[import-untyped]

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence
from sealane.errors import MissingExtraError, VerificationError
from sealane.io.adapters import in_toto_check
from support.layouts import (
    ARTIFACT,
    FOO,
    LINKS,
    OWNER,
    PACK,
    PACKER,
    RUN,
    STRANGER,
    WRITE,
    WRITER,
    below,
    digest,
    evidence,
    good,
    layout,
    named,
    packed,
    part,
    prove,
    refused,
    step,
)


def sub_layout(*, inspect: bool = False, **more: Any) -> Layout:  # noqa: ANN401
    """A layout of the step that packs, with one step of its own."""
    own = step("pack-here", STRANGER, expected_products=[["ALLOW", "*"]])
    return layout(own, people=(STRANGER,), inspect=[RUN] if inspect else [], **more)


def with_sub_layout(inner: Layout, *more: tuple[str, bytes]) -> Evidence:
    folder = below(PACKER, "package")
    link = part(STRANGER, packed(name="pack-here"), folder=folder)
    return evidence(OWNER.sign(layout()), LINKS[0], named(PACKER, "package", inner), link, *more)


def test_a_sub_layout_that_holds_is_followed() -> None:
    assert prove(with_sub_layout(sub_layout())).payload is not None
    stranger = with_sub_layout(sub_layout())
    unsigned = tuple(
        (
            name,
            STRANGER.sign(sub_layout()) if name.startswith("package.") and "/" not in name else c,
        )
        for name, c in stranger.parts
    )
    refused(evidence(stranger.content, *unsigned), "does not hold")


def deep(*, inspect: bool) -> Evidence:
    """Layout, sub-layout, and a layout of the sub-layout's step."""
    outer = below(PACKER, "package")
    innermost = sub_layout(inspect=inspect)
    inner = named(STRANGER, "pack-here", innermost, folder=outer)
    folder = below(STRANGER, "pack-here", outer)
    link = part(STRANGER, packed(name="pack-here"), folder=folder)
    return evidence(
        OWNER.sign(layout()), LINKS[0], named(PACKER, "package", sub_layout()), inner, link
    )


def test_layouts_within_layouts_are_followed() -> None:
    assert prove(deep(inspect=False)).payload is not None


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(evidence(OWNER.sign(layout(inspect=[RUN])), *LINKS), id="in-the-layout"),
        pytest.param(with_sub_layout(sub_layout(inspect=True)), id="in-a-sub-layout"),
        pytest.param(deep(inspect=True), id="in-a-sub-sub-layout"),
        pytest.param(
            with_sub_layout(sub_layout(), ("x.link", OWNER.sign(layout(inspect=[RUN])))),
            id="in-a-layout-that-no-step-names",
        ),
        pytest.param(
            evidence(
                good().content, *LINKS, ("x.link", OWNER.sign(layout(inspect=[RUN]), dsse=True))
            ),
            id="in-an-envelope",
        ),
        pytest.param(
            evidence(STRANGER.sign(layout(inspect=[RUN])), *LINKS), id="whoever-signed-it"
        ),
    ],
)
def test_an_inspection_is_refused_before_the_library_is_called(
    found: Evidence, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A program that would leave a trace takes the place of the library.
    trace = tmp_path / "called"
    script = tmp_path / "child.py"
    script.write_text(f"open({str(trace)!r}, 'w').close()")
    monkeypatch.setattr(in_toto_check, "_CHILD", script)
    error = refused(found, "wants commands run on this machine")
    assert (error.code, error.actual) == ("SL-SIG-002", "untar")
    assert not trace.exists()


def test_an_inspection_that_was_overlooked_ends_the_process(tmp_path: Path) -> None:
    """The last defence alone: the request goes to the child without having been read."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "layout").write_bytes(OWNER.sign(layout(inspect=[RUN])))
    for name, content in LINKS:
        (tmp_path / name).write_bytes(content)
    request = {
        "layout": str(tmp_path / "layout"),
        "links": str(tmp_path),
        "name": "x",
        "key_ids": [OWNER.key_id],
        "keys": [{"number": 0, "key": OWNER.signer.public_key.to_dict()}],
    }
    ended = subprocess.run(
        [sys.executable, "-I", "-B", str(in_toto_check._CHILD)],
        input=json.dumps(request).encode(), capture_output=True, env={}, cwd=tmp_path / "empty",
        check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 1
    assert b"which a verification may not do" in ended.stderr.splitlines()[-1]
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../package.link", "/tmp/package.link", "a/../../b.link", "a\\..\\b.link", "a/b/", "", "."],
)
def test_a_link_whose_name_leads_elsewhere_is_refused(name: str) -> None:
    error = refused(evidence(good().content, *LINKS, (name, LINKS[0][1])), "plain file name")
    assert error.code == "SL-SIG-002"


@pytest.mark.parametrize("name", ["../package", "a/b", "/etc/x"])
def test_a_step_whose_name_leads_elsewhere_is_refused(name: str) -> None:
    found = evidence(OWNER.sign(layout(step(name, PACKER))), *LINKS)
    refused(found, "could become another path")


@pytest.mark.parametrize(
    ("parts", "match"),
    [
        pytest.param(LINKS[1:], "LinkNotFoundError", id="link-missing"),
        pytest.param((), "LinkNotFoundError", id="no-links"),
        pytest.param(
            (LINKS[0], named(STRANGER, "package", packed())), "LinkNotFoundError", id="unauthorised"
        ),
        pytest.param(
            (LINKS[0], (LINKS[1][0], STRANGER.sign(packed()))),
            "ThresholdVerificationError",
            id="signed-by-another",
        ),
        pytest.param(
            (LINKS[0], (LINKS[1][0], LINKS[1][1].replace(b"tar.gz", b"tar.xz"))),
            "ThresholdVerificationError",
            id="changed-after-signing",
        ),
        pytest.param(
            (part(WRITER, Link(name="write-code", products={"foo.py": digest(b"x")})), LINKS[1]),
            "RuleVerificationError",
            id="other-material",
        ),
        pytest.param(
            (LINKS[0], part(PACKER, Link(name="package", products={"evil": digest(ARTIFACT)}))),
            "RuleVerificationError",
            id="forbidden-product",
        ),
    ],
)
def test_a_chain_with_a_hole_does_not_hold(
    parts: tuple[tuple[str, bytes], ...], match: str
) -> None:
    error = refused(evidence(good().content, *parts), match)
    assert error.code == "SL-SIG-001"


TWO = layout(
    WRITE, step("package", PACKER, STRANGER, threshold=2), people=(WRITER, PACKER, STRANGER)
)


def test_two_functionaries_who_agree_meet_a_threshold_of_two() -> None:
    parts = (*LINKS, part(STRANGER, packed()))
    assert prove(evidence(OWNER.sign(TWO), *parts)).payload is not None


@pytest.mark.parametrize(
    "second",
    [
        pytest.param((), id="one-alone"),
        pytest.param(((named(STRANGER, "package", packed())[0], LINKS[1][1]),), id="one-twice"),
        pytest.param((part(STRANGER, packed(b"other")),), id="two-who-disagree"),
    ],
)
def test_a_threshold_of_two_needs_two_who_agree(second: tuple[tuple[str, bytes], ...]) -> None:
    refused(evidence(OWNER.sign(TWO), *LINKS, *second), "does not hold")


def test_one_functionary_under_two_ids_is_refused() -> None:
    other = "ef" * 32
    twice = layout(WRITE, step("package", PACKER, threshold=2))
    twice.keys[other] = {**PACKER.key, "keyid": other}
    twice.steps[1].pubkeys.append(other)
    parts = (*LINKS, (f"package.{other[:8]}.link", LINKS[1][1]))
    refused(evidence(OWNER.sign(twice), *parts), "the same key as")


@pytest.mark.parametrize(
    "digests",
    [
        pytest.param((Digest("sha256", "0" * 64),), id="other-bytes"),
        pytest.param((Digest("sha256", digest(b"foo")["sha256"]),), id="product-of-another-step"),
        pytest.param((Digest("sha512", "0" * 128),), id="another-algorithm"),
    ],
)
def test_an_artifact_that_the_last_step_did_not_make_is_refused(
    digests: tuple[Digest, ...],
) -> None:
    error = refused(good(), "made other files", artifact=Artifact("foo.tar.gz", digests))
    assert (error.code, error.actual) == ("SL-SUB-001", "foo.tar.gz")


def test_every_digest_that_both_know_has_to_agree() -> None:
    two = {**digest(ARTIFACT), "sha512": "1" * 128}
    link = Link(name="package", materials={"foo.py": digest(b"foo")}, products={"foo.tar.gz": two})
    found = evidence(good().content, LINKS[0], part(PACKER, link))
    prove(found)
    other = Artifact(FOO.name, (*FOO.digests, Digest("sha512", "2" * 128)))
    refused(found, "made other files", artifact=other)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"{}", id="nothing"),
        pytest.param(LINKS[0][1], id="a-link"),
        pytest.param(
            OWNER.sign(layout(WRITE, PACK)).replace(b'"steps"', b'"stops"'), id="no-steps"
        ),
        pytest.param(OWNER.sign(Layout(steps=[], expires="2100-01-01T00:00:00Z")), id="empty"),
    ],
)
def test_what_is_no_layout_with_steps_is_refused(content: bytes) -> None:
    assert refused(evidence(content, *LINKS), "in-toto|layout").code == "SL-SIG-002"


def test_a_part_that_cannot_be_read_is_refused() -> None:
    refused(evidence(good().content, *LINKS, ("x.link", b"{}")), "link 'x.link'")


def test_the_library_sees_no_environment_and_an_empty_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "child.py"
    script.write_text(
        "import os, sys\n"
        "odd = sorted(set(os.environ) - {'LC_CTYPE'})\n"
        "sys.exit(f'here: {odd} {os.listdir()}')\n"
    )
    monkeypatch.setattr(in_toto_check, "_CHILD", script)
    monkeypatch.setenv("SECRET", "x")
    refused(good(), r"\[\] \[\]")


@pytest.mark.parametrize(
    ("script", "match"),
    [
        ("print('nonsense')", "not JSON"),
        ("print('{}')", "products: missing"),
        (
            'print(\'{"products": {"f": {"sha256": "SHA"}}, "key": 7}\')',
            "names no key that it was given",
        ),
        ("import os; os._exit(9)", "code 9"),
    ],
)
def test_an_answer_that_is_none_is_refused(
    script: str, match: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "child.py"
    file.write_text(script.replace("SHA", FOO.sha256))
    monkeypatch.setattr(in_toto_check, "_CHILD", file)
    with pytest.raises(VerificationError) as caught:
        prove(good())
    assert match in f"{caught.value.message} {caught.value.actual}"


def test_a_library_that_does_not_end_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "child.py"
    file.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(in_toto_check, "_CHILD", file)
    monkeypatch.setattr(in_toto_check, "SECONDS", 1.0)
    refused(good(), "timeout")


def test_a_missing_library_is_a_missing_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "child.py"
    file.write_text("import in_toto_of_nobody")
    monkeypatch.setattr(in_toto_check, "_CHILD", file)
    with pytest.raises(MissingExtraError, match=r"\[in-toto\].*'in_toto_of_nobody'"):
        prove(good())
