"""What certificates say of whoever signs: a pipeline of either forge, or a person.

Spec: sigstore/fulcio, docs/oid-info.md.
"""

from collections.abc import Mapping

from cryptography import x509

from sealane.sandbox import der

ARC = "1.3.6.1.4.1.57264.1."
_UTF8_STRING = 0x0C
_SHA = "c0ffee" * 6 + "c0de"
_GITLAB = "https://gitlab.example.org"
_GITHUB = "https://github.example.com"
_PIPELINE = f"{_GITLAB}/group/acme//.gitlab-ci.yml@refs/tags/v1.0"
_WORKFLOW = f"{_GITHUB}/acme/acme/.github/workflows/release.yml@refs/tags/v1.0"

# Whom each kind of identity names: the subject, and the claims by their number.
SUBJECTS = {"gitlab": _PIPELINE, "github": _WORKFLOW, "email": "ann@example.org"}
ISSUERS = {
    "gitlab": _GITLAB,
    "github": "https://token.actions.example.com",
    "email": "https://login.example.org",
}
CLAIMS: Mapping[str, Mapping[int, str]] = {
    "gitlab": {
        8: ISSUERS["gitlab"], 9: _PIPELINE, 10: _SHA, 11: "gitlab-hosted",
        12: f"{_GITLAB}/group/acme", 13: _SHA, 14: "refs/tags/v1.0", 15: "4711",
        16: f"{_GITLAB}/group", 17: "42", 18: _PIPELINE, 19: _SHA, 20: "push",
        21: f"{_GITLAB}/group/acme/-/jobs/991", 22: "public", 23: "release",
        24: "project_path:group/acme:ref_type:tag:ref:v1.0",
    },
    "github": {
        8: ISSUERS["github"], 9: _WORKFLOW, 10: _SHA, 11: "github-hosted",
        12: f"{_GITHUB}/acme/acme", 13: _SHA, 14: "refs/tags/v1.0", 15: "4711",
        16: f"{_GITHUB}/acme", 17: "42", 18: _WORKFLOW, 19: _SHA, 20: "push",
        21: f"{_GITHUB}/acme/acme/actions/runs/7/attempts/1", 22: "public",
        24: "repo:acme/acme:environment:release",
    },
    "email": {8: ISSUERS["email"], 24: "ann@example.org"},
}  # fmt: skip


def subject_of(identity: str) -> x509.SubjectAlternativeName:
    """The subject alternative name of an identity; what is no kind stands for itself."""
    subject = SUBJECTS.get(identity, identity)
    if "://" in subject:
        return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(subject)])
    return x509.SubjectAlternativeName([x509.RFC822Name(subject)])


def claims_of(identity: str) -> list[x509.UnrecognizedExtension]:
    """The claims of an identity as extensions, by ascending number."""
    claims = CLAIMS.get(identity, CLAIMS["email"])
    found = [_raw(1, claims[8].encode())]
    found += [_raw(n, der.encode(_UTF8_STRING, text.encode())) for n, text in claims.items()]
    return found


def _raw(number: int, value: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(f"{ARC}{number}"), value)
