"""Appraisals for reports: one of everything, and the texts that strangers may write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.codes import code_of
from sealane.core.model.evidence import Evidence, EvidenceForm, with_digests
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.statement import Statement, Subject
from sealane.core.model.verdict import (
    Appraisal,
    Basis,
    Compared,
    Finding,
    Outcome,
    Problem,
    Verdict,
)

AT = datetime(2026, 11, 25, 7, 6, 13, tzinfo=UTC)
PROJECT = "https://gitlab.com/acme/hello-lane"
ROOT = "embedded (sha256:6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66)"
BASED_ON = (
    Basis("policy", "acme-releases, sealane.policy.toml", "9" * 64),
    Basis("trust root", "embedded", ROOT[17:-1]),
    Basis("pins", "none", ""),
)


def artifact(name: str, letter: str = "a") -> Artifact:
    """A file of the release, with digests of one hex digit."""
    digests = (Digest("sha256", letter * 64), Digest("sha512", letter * 128))
    return Artifact(name, digests, 48213, "pkg:pypi/hello-lane@1.2.0", "1.2.0")


def signer(ref: str = "refs/tags/v1.2.0", project: str = PROJECT) -> Identity:
    """Who signs in a pipeline of the project."""
    subject = f"{project}//.gitlab-ci.yml@{ref}"
    claims = (
        (int(Claim.RUNNER_ENVIRONMENT), "gitlab-hosted"),
        (int(Claim.SOURCE_REPOSITORY_URI), project),
        (int(Claim.SOURCE_REPOSITORY_REF), ref),
        (99, "of a later specification"),
    )
    return Identity("https://gitlab.com", subject, claims)


def fact(file: Artifact, who: Identity) -> Fact:
    """What was proven of a file: a provenance, signed a day before."""
    statement = Statement((Subject(file.digests),), "https://slsa.dev/provenance/v1", {}, "e" * 64)
    evidence = with_digests(
        Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"{}", f"{file.name}.sigstore.json")
    )
    signed_at = AT - timedelta(days=1)
    notes = ("the index names another publisher, which nothing proves",)
    return Fact(file, statement, who, signed_at, ROOT, evidence, 1234, "f" * 64, notes, ("public",))


def found(
    code: str, outcome: Outcome, place: str = "", expected: str = "", actual: str = ""
) -> Finding:
    """A finding with the hint of its code."""
    known = code_of(code)
    return Finding(known.label, outcome, place, expected, actual, known.hint)


def compared(ref: str) -> tuple[Compared, ...]:
    """Claims of a signer from a ref beside what the policy demands."""
    return (
        Compared("issuer", "https://gitlab.com", "https://gitlab.com", held=True),
        Compared("source repository ref", "refs/tags/v1.2.0", ref, held=ref == "refs/tags/v1.2.0"),
        Compared("deployment environment", "", "release", held=True),
        Compared("runner environment", "gitlab-hosted", "", held=False),
    )


WHEEL = artifact("hello_lane-1.2.0-py3-none-any.whl")
SDIST = artifact("hello_lane-1.2.0.tar.gz", "b")
MET = replace(
    found("SL-REQ-001", Outcome.PASS, f"{WHEEL.name}.sigstore.json", "signed by ci", "by ci"),
    compared=compared("refs/tags/v1.2.0"),
)
TOLD = found("SL-SIG-004", Outcome.NOTE, "old.sigstore.json", "", "the signature does not hold")
MISMATCH = replace(
    found("SL-ID-004", Outcome.FAIL, "ref", "refs/tags/v{pep440}", "refs/heads/main"),
    compared=compared("refs/heads/main"),
)
WARNED = found("SL-POL-002", Outcome.WARN, "", "rule 1", "none of them holds")
ABSENT = found("SL-EV-001", Outcome.MISSING, "", "publish", "no proven evidence")
NOBODY = found("SL-ID-011", Outcome.MISSING, f"{WHEEL.name}.sigstore.json", "somebody", "x")

PASSED = Verdict(WHEEL, (MET, TOLD), (fact(WHEEL, signer()),))
FAILED = Verdict(SDIST, (MISMATCH,), (fact(SDIST, signer("refs/heads/main")),))
ONLY_WARNED = Verdict(artifact("a.zip", "c"), (WARNED,))
WITHOUT = Verdict(artifact("b.zip", "d"), (ABSENT,))
# Nothing in it fails, and nothing in it passes: that is no pass, and no finding says so.
SILENT = Verdict(artifact("c.zip", "e"), (TOLD,))
UNDECIDED = Verdict(WHEEL, (NOBODY,), (fact(WHEEL, signer()),))
PROBLEM = Problem(5, "file 'broken.whl': unreadable", "name readable files")


def appraisal(*verdicts: Verdict) -> Appraisal:
    """An appraisal of nothing but verdicts."""
    return Appraisal(verdicts, BASED_ON, AT)


EVERYTHING = replace(
    appraisal(PASSED, FAILED, ONLY_WARNED, WITHOUT, SILENT),
    hosts=("index.example.org",),
    notes=("a sealane.policy.toml lies beside the files; it does not count",),
    problems=(PROBLEM, Problem(6, "nobody answers")),
)

HOSTILE = {
    "shell": "refs/tags/$(touch x)`touch y`;touch z",
    "ansi": "\x1b[2K\x1b[1A\x1b]8;;https://evil.example\x07PASS\x9b31m",
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "closing": "</code></bdi></style></title></textarea>--><script>alert(1)</script>",
    "cdata": "]]><failure/><![CDATA[",
    "entity": "&lt;script&gt;&#60;b&#62;&amp;amp;",
    "quotes": "\"' onmouseover='alert(1)' x=\"",
    "newlines": "a\r\n\nPASS  b\n\n# heading\n\u2028\u2029\x85",
    "bidi": "\u202egnp.exe\u2066\u200b\ufeff\u00ad",
    "surrogate": "\ud800x\udfff",
    "null": "a\x00b\x08\x7f",
    "not-xml": "\ufffe\uffff\x0b\x0c",
    "long": "a" * 100_000,
    "long-markup": "<b>|`" * 20_000,
    "markdown-link": "[click](https://evil.example) ![i](https://evil.example/i.png)",
    "markdown-auto": "https://evil.example www.evil.example <https://evil.example> @all #1 !1",
    "markdown-table": "a | b \\| c \\",
    "markdown-ticks": "` `` ``` a` `` b",
    "markdown-html": "</summary></details><h1>PASS</h1>",
    "placeholder": "{0} {{1}} \\[a](b) \\\\[c]",
    "uri": "javascript:alert(1)//../..%2f?q#f",
    "flag": "x --cert-identity y --publisher gitlab:evil/x",
    "blank": "   ",
    "empty": "",
    "hebrew": "\u05d0\u05d1\u05d2 refs",
}  # fmt: skip


def hostile(evil: str, outcome: Outcome = Outcome.FAIL, code: str = "SL-ID-004") -> Appraisal:
    """An appraisal in which strangers wrote one text wherever they can."""
    evidence = Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", evil)
    file = replace(WHEEL, name=evil, purl=evil, version=evil)
    who = Identity(evil, evil, ((int(Claim.SOURCE_REPOSITORY_REF), evil), (99, evil)))
    statement = Statement((Subject(file.digests, evil),), evil, {}, "e" * 64)
    proven = Fact(file, statement, who, AT, evil, evidence, 1, "f" * 64, (evil,), (evil,))
    finding = Finding(
        code_of(code).label, outcome, evil, evil, evil, evil,
        (Compared(evil, evil, evil, held=False), Compared(evil, "", "", held=True)),
    )  # fmt: skip
    return Appraisal(
        (Verdict(file, (finding,), (proven,)), Verdict(file, (finding,), ())),
        (Basis(evil, evil, evil),),
        AT,
        hosts=(evil,),
        notes=(evil,),
        problems=(Problem(5, evil, evil), Problem(6, evil)),
    )
