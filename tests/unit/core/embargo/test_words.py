"""What gives a case away is found in whatever form it is written; ordinary words are let alone."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.words import CaseWords, LeakKind, case_words, leaks_in, refuse_leaks
from sealane.errors import EmbargoError
from support.embargo_manifests import FIRST, MANIFEST

ADVISORY = """Path traversal and denial of service in acme-http

The function `acme_http.static.serve_file()` in `src/acme_http/static.py` joins untrusted names.
RangeParser reads `Range` headers without a limit. Versions before 1.4.2 are affected; see
`acme-http 1.4.1` and parse_range(). `get` is not affected. An attacker may read any file.
"""
WORDS = case_words(MANIFEST, [ADVISORY])


def found(text: str, words: CaseWords = WORDS) -> list[tuple[LeakKind, str]]:
    return [(one.kind, one.found) for one in leaks_in(text, words, "x")]


def kinds(text: str, words: CaseWords = WORDS) -> set[LeakKind]:
    return {one.kind for one in leaks_in(text, words, "x")}


def test_the_words_of_a_case_come_from_its_manifest_and_advisory() -> None:
    assert WORDS.case == "k7q2-94xw-m3hd"
    assert WORDS.ids == {"CVE-2026-10001", "GHSA-2345-cfgh-jmpq"}
    assert WORDS.kinds == {"path traversal"}
    assert {
        "acme-http", "serve_file", "acme_http.static.serve_file", "static", "parse_range",
        "src/acme_http/static.py", "RangeParser", "Range",
    } <= WORDS.components  # fmt: skip
    # Too short, or no names.
    assert not {"get", "1.4.1", "1.4.2", "py", "acme-http 1.4.1."} & WORDS.components


def test_a_case_without_texts_has_words_too() -> None:
    words = case_words(FIRST)
    assert (words.components, words.kinds, words.ids) == (frozenset(),) * 3
    assert kinds("case k7q2-94xw-m3hd", words) == {LeakKind.CASE}
    assert kinds("Fix CVE-2026-9999", words) == {LeakKind.IDENTIFIER}
    assert not kinds("serve_file: refuse bypasses of the root", words)


@pytest.mark.parametrize(
    "text",
    [
        "CVE-2026-10001", "cve-2026-10001", "Fixed CVE-2026-10001 -- Bounded the range parser.",
        "fix/cve_2026_10001", "fixCVE202610001", "CVE 2026 10001", "CVE_2026_10001_TOKEN",
        "cve\u20112026\u201110001", "\uff23\uff36\uff25-2026-10001", "CVE-\u200b2026-10001",
        "CVE%2D2026%2D10001", "CVE-\n2026-10001", "1.4.2-cve-2026-10001", "CVE-2019-1234",
        "GHSA-2345-cfgh-jmpq", "ghsa_2345_cfgh_jmpq", "ghsa2345cfghjmpq", "GHSA-xxxx-2345-rrrr",
        "PYSEC-2026-12", "See CWE-22.", "cwe22", "\U0001d402\U0001d415\U0001d404-2026-10001",
        "docs/CVE-2026-10001.md", "C\u00adVE-2026-10001", "CVE--2026--10001", "cve:2026/10001",
    ],
)  # fmt: skip
def test_an_identifier_is_found_however_it_is_written(text: str) -> None:
    assert kinds(text) == {LeakKind.IDENTIFIER}
    assert len(found(text)) == 1


def test_the_identifiers_of_other_databases_are_those_of_the_manifest() -> None:
    words = replace(WORDS, ids=frozenset({"CURL-2026-77"}))
    assert kinds("curl_2026_77", words) == {LeakKind.IDENTIFIER}
    assert not kinds("CURL-2026-777", words)


@pytest.mark.parametrize(
    "text",
    [
        "k7q2-94xw-m3hd", "embargo/k7q2-94xw-m3hd", "K7Q2_94XW_M3HD", "fixk7q294xwm3hd",
        "K7Q2 94XW M3HD", "build:k7q2-94xw-m3hd-1.4.2", "k7q2\u201394xw\u2013m3hd",
    ],
)  # fmt: skip
def test_the_name_of_the_case_is_found_however_it_is_written(text: str) -> None:
    assert LeakKind.CASE in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Security: bound the range parser", "security(http): bound it", "fix(security): bound it",
        "sec: bound the range parser", "sec(http)!: bound it", "### Security\n\n- Bounded it.",
        "security-fix", "v1.4.2-security", "securityFix", "SECURITY_RELEASE", "hotfix/securityBug",
        "Fix a vulnerability in ranges", "vulnerabilities", "vulnerable", "This is exploitable.",
        "changelog.d/12.security.md", "12.security.1.rst", "fragment-3.sec.md", "embargo-build",
        "embargoed-1.4.2", "zero-day", "0day", "0-day fix", ":lock: Bound it",
        "\U0001f512 Bound it",
        "Fix XSS in the index page", "fixXssInIndex", "RCE", "rce-fix", "ssrf", "ReDoS in ranges",
        "Prevent denial of service", "DENIAL_OF_SERVICE", "denialOfService", "cve-fix",
        "CVE-2026-XXXX",
        "for security reasons", "reported via HackerOne", "after coordinated disclosure",
        "CVSS 9.8", "Stop HTTP request smuggling", "SQL injection", "sqlInjection",
        "use-after-free",
        "Add a missing security check to the parser",
    ],
)  # fmt: skip
def test_a_word_that_tells_of_a_security_fix_is_found(text: str) -> None:
    assert kinds(text) == {LeakKind.SECURITY}


@pytest.mark.parametrize(
    "text",
    ["Fix path traversal", "path-traversal", "pathTraversal", "PATH_TRAVERSALS", "pathtraversal"],
)
def test_the_kind_of_bug_is_found_where_the_advisory_names_it(text: str) -> None:
    assert kinds(text) == {LeakKind.KIND}
    assert not kinds(text, case_words(MANIFEST, ["CSRF tokens are not compared"]))


@pytest.mark.parametrize(
    "text",
    [
        "serve_file: refuse crafted names", "ServeFile bypasses its root", "attack on serve-file",
        "acme-http: sanitise names", "harden-parse-range", "RangeParser: handle malicious input",
        "static.py: names are untrusted", "Add tests for parse_range\n\nThey try to bypass it.",
        "acme_http/static: overflow",
    ],
)  # fmt: skip
def test_a_component_beside_a_word_of_attacks_is_found(text: str) -> None:
    assert kinds(text) == {LeakKind.COMPONENT}
    assert len(found(text)) == 1


def test_a_component_far_from_a_word_of_attacks_is_ordinary() -> None:
    near, far = " word" * 10, " word" * 20
    assert kinds(f"serve_file{near} bypass") == {LeakKind.COMPONENT}
    assert not kinds(f"serve_file{far} bypass")
    assert not kinds(f"serve_file {'w' * 200} bypass")
    # Nearer to one of them is near.
    assert found(f"bypass{far} serve_file was crafted") == [
        (LeakKind.COMPONENT, "serve_file was crafted")
    ]


def test_a_component_that_is_called_like_an_attack_does_not_stand_beside_itself() -> None:
    words = replace(WORDS, components=frozenset({"bypass_list"}))
    assert not kinds("Sort bypass_list once", words)
    assert kinds("bypass_list: stop the attack", words) == {LeakKind.COMPONENT}


ORDINARY_TEXTS = [
    # What a silent fix says, in several projects' styles.
    "Refuse file names with a parent folder in them",
    "serve_file: resolve the name before it is joined",
    "Fixed #35721 -- Made RangeParser stop after 64 ranges.",
    "http: return error on too long header lines\n\nReported-by: A. Person\nCloses #1234",
    "fix(static): compare resolved paths\n\nThe root was compared as text.",
    "RangeParser: limit the number of ranges\n\nMore than 64 are answered with 416.",
    "static: use pathlib\n\nSigned-off-by: A <a@b.example>\n(cherry picked from commit 1a2b3c4d)",
    "[1.3.x] Fixed a crash in parse_range() with empty units.",
    # What is in every history.
    "Bump version to 1.4.2", "Merge branch 'main' into release/1.3", "Update SECURITY.md",
    "Link the security policy", "Use dependency injection in tests", "Add a security scan job",
    "cve-scan", "vulnerability-scan", "SECURITY_SCAN_TOKEN", "securityContext: runAsNonRoot",
    "Speed up directory traversal", "Handle DOS line endings", "Drop dos2unix from the image",
    "Pin the source", "Reinforce the resource pool", "commerce", "Escape & in titles",
    "Fix a memory leak in the pool", "Bypass the cache on reload", "Reset the CSRF cookie",
    "Speed up code execution in templates", "Race condition in the test of the pool",
    "Raise IndexError where it is out of bounds", "tree traversal is iterative", "secure cookies",
    "recve", "Set Content-Security-Policy", "Strict-Transport-Security",
    "Add proof of concept of the new pool", "k7q2 is a knight's move", "2026-10001",
    "release/1.3", "v1.4.2", "acme-http:1.4.2", "acme_http-1.4.2-py3-none-any.whl", "build-linux",
    "CI_COMMIT_SHA", "PYPI_PROJECT", "test: [3.11, 3.12]", "12.fixed.md", "12.bugfix.1.rst", "",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY_TEXTS)
def test_ordinary_words_raise_no_alarm(text: str) -> None:
    assert not found(text)


def test_what_a_project_says_in_public_can_be_ordinary() -> None:
    text = "embargo: approvals of a CVE-2019-1234 test; a cve id; rce"
    words = case_words(MANIFEST, [ADVISORY], ordinary=["embargo*", "CVE-2019-1234", "cve id"])
    assert found(text) == [
        (LeakKind.SECURITY, "embargo"),
        (LeakKind.IDENTIFIER, "CVE-2019-1234"),
        (LeakKind.SECURITY, "cve"),
        (LeakKind.SECURITY, "rce"),
    ]
    assert found(text, words) == [(LeakKind.SECURITY, "rce")]
    # An identifier that is public makes no other one so.
    assert kinds("CVE-2019-12345", words) == {LeakKind.IDENTIFIER}


def test_a_leak_says_where_it_is_and_what() -> None:
    text = "Bound the parser\n\nsee CVE-2026-10001\x1b[31m and\nserve_file\nbypass"
    first, second = leaks_in(text, WORDS, "commit 1a2b3c4")
    assert str(first) == (
        "commit 1a2b3c4: line 3: 'CVE-2026-10001' is an identifier of a vulnerability"
    )
    assert (second.line, second.found) == (4, "serve_file bypass")


def test_what_lies_in_something_that_is_found_already_is_not_told_twice() -> None:
    assert found("security: CVE-2026-10001") == [
        (LeakKind.SECURITY, "security"),
        (LeakKind.IDENTIFIER, "CVE-2026-10001"),
    ]


def test_leaks_hold_the_release() -> None:
    refuse_leaks(())
    leaks = leaks_in("xss " * 7, WORDS, "branch")
    with pytest.raises(EmbargoError, match="before the lift, got 7:") as caught:
        refuse_leaks(leaks)
    assert caught.value.message.count("branch: line 1: 'xss'") == 5
    assert caught.value.message.endswith("\n  and 2 more")
    assert "not why" in caught.value.hint
    with pytest.raises(EmbargoError, match="got 1:") as caught:
        refuse_leaks(leaks[:1])
    assert "more" not in caught.value.message


JOINTS = st.sampled_from(["-", "_", " ", "", ".", "/", "\u2011", "--"])


@settings(max_examples=60)
@given(
    st.text(max_size=20).filter(lambda text: not text or not text[-1].isalnum()),
    st.sampled_from(["CVE 2026 10001", "k7q2 94xw m3hd", "GHSA 2345 cfgh jmpq", "zero day"]),
    JOINTS,
    st.sampled_from([str.lower, str.upper, str.title]),
)
def test_no_way_to_join_its_words_hides_a_secret(
    before: str, secret: str, joint: str, case: object
) -> None:
    changed = getattr(str, case.__name__)(joint.join(secret.split()))  # type: ignore[attr-defined]
    assert kinds(before + changed + " after")


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_looked_at(text: str) -> None:
    assert leaks_in(text, WORDS, "x") == leaks_in(text, WORDS, "x")
    assert case_words(MANIFEST, [text]).case == MANIFEST.case
