"""What findings about an artifact mean: what was found of it, who signed it, what is demanded."""

from __future__ import annotations

from sealane.core.model.explanation import Explanation, Step
from sealane.core.model.verdict import Outcome

_WHEEL = "acme-1.0-py3-none-any.whl"
_BUNDLE = f"{_WHEEL}.sigstore.json"
_DRAFT = (
    "Do not change the policy to what the evidence says: whoever made the evidence chose that. Ask "
    "the project, by a way that the download did not bring."
)

JUDGED_EXPLANATIONS = {
    "SL-EV-001": Explanation(
        Step.COLLECT,
        "Nothing vouches for this file. It may be perfectly fine; nobody can tell from the file "
        "alone. Evidence usually lies beside the file, or at the package index. That there is none "
        "can also mean that somebody took it away, so it is never a pass.",
        _WHEEL,
        "publish",
        "no proven evidence",
        outcome=Outcome.MISSING,
    ),
    "SL-EV-002": Explanation(
        Step.COLLECT,
        "A file that should hold attestations holds an empty list. Some tools take that for a "
        "success; it proves nothing.",
        f"{_WHEEL}.provenance",
        "at least one attestation",
        "none",
        outcome=Outcome.MISSING,
    ),
    "SL-EV-003": Explanation(
        Step.COLLECT,
        "The evidence speaks of files that are not among those you named. It was not used.",
        "other-2.0.tar.gz.sigstore.json",
        "",
        "",
        outcome=Outcome.NOTE,
    ),
    "SL-EV-004": Explanation(
        Step.COLLECT,
        "Something was found that proves nothing here, for example an OpenPGP signature that no "
        "policy asks for. It is told so that nobody thinks it was counted.",
        f"{_WHEEL}.asc",
        "",
        "an OpenPGP signature; not verified",
        outcome=Outcome.NOTE,
    ),
    "SL-ID-001": Explanation(
        Step.SIGNER,
        "The certificate holds, but what it says of its holder is not written as the specification "
        "wants it: no name, two names, or a claim that is no text. Who signed is unknown.",
        _BUNDLE,
        "one subject alternative name",
        "2",
    ),
    "SL-ID-002": Explanation(
        Step.POLICY,
        "Before a certificate is issued, a login service (the forge, or a company's own) says who "
        "is asking. Another service than the expected one said so here. The same project name at "
        f"another forge is another project. {_DRAFT}",
        f"{_BUNDLE}: issuer",
        "https://gitlab.com",
        "https://gitlab.example.org",
    ),
    "SL-ID-003": Explanation(
        Step.POLICY,
        "The signature is genuine, and by somebody else: the pipeline of another project. This is "
        f"what a look-alike project, or a fork, looks like. {_DRAFT}",
        f"{_BUNDLE}: source repository uri",
        "https://gitlab.com/acme/widgets",
        "https://gitlab.com/acme-tools/widgets",
    ),
    "SL-ID-004": Explanation(
        Step.POLICY,
        "The right project signed, but not from the tag of this version: perhaps from a branch, "
        "where more people may push, or from the tag of another version, as when an old file is "
        "offered under a new name.",
        f"{_BUNDLE}: source repository ref",
        "refs/tags/v{pep440} for version 1.0",
        "refs/heads/main",
    ),
    "SL-ID-005": Explanation(
        Step.POLICY,
        "The right project signed, by another pipeline file than expected. Any file in a project "
        "can ask for a certificate, also one that a stranger's merge request added.",
        f"{_BUNDLE}: build config uri",
        ".gitlab-ci.yml",
        "ci/other.yml",
    ),
    "SL-ID-006": Explanation(
        Step.POLICY,
        "Forges can keep jobs of an environment waiting until somebody approves. This signature "
        "was not made in that environment, so nobody had to approve.",
        f"{_BUNDLE}: deployment environment",
        "release",
        "nothing",
    ),
    "SL-ID-007": Explanation(
        Step.POLICY,
        "The policy wants a machine that the forge runs and throws away after the job. On another "
        "one an earlier job, or the machine's owner, can change what later jobs do.",
        f"{_BUNDLE}: runner environment",
        "gitlab-hosted",
        "self-hosted",
    ),
    "SL-ID-008": Explanation(
        Step.POLICY,
        "Forges give each project a number that never changes. The name is right and the number "
        "is not: the project was deleted, or moved, and somebody else took its name.",
        f"{_BUNDLE}: source repository id",
        "4711",
        "99120",
    ),
    "SL-ID-009": Explanation(
        Step.POLICY,
        f"The certificate, or the key, is somebody's whom the policy does not name. {_DRAFT}",
        f"{_BUNDLE}: subject",
        "ann@example.org",
        "mallory@example.org",
    ),
    "SL-ID-010": Explanation(
        Step.POLICY,
        "Only the release tag of the file's own version counts where no ref is named, and this "
        "file's name tells no version. A wheel or sdist of the usual name does.",
        f"{_BUNDLE}: source repository ref",
        "a ref named by the policy",
        "refs/tags/v1.0",
    ),
    "SL-ID-011": Explanation(
        Step.POLICY,
        "The evidence holds: the named signer did sign this very file. Whether that is who should "
        "have signed it, evidence cannot say of itself. Anybody can get a certificate for a "
        "project of their own, and it holds just as well.",
        _BUNDLE,
        "a publisher that you name",
        "https://gitlab.com/acme/widgets//.gitlab-ci.yml@refs/tags/v1.0 (https://gitlab.com)",
        outcome=Outcome.MISSING,
    ),
    "SL-POL-001": Explanation(
        Step.POLICY,
        "A policy says of which files it speaks. It does not speak of this one, and what is not "
        "allowed is denied: else a renamed file would escape every rule.",
        "other-2.0.tar.gz",
        "pkg:pypi/acme-*",
        "other-2.0.tar.gz",
    ),
    "SL-PRE-001": Explanation(
        Step.POLICY,
        "Signed statements are about something: that a file was published, how it was built, that "
        "tests passed. The kind that is required is not there, or does not hold.",
        _WHEEL,
        "slsa-provenance",
        "publish",
        outcome=Outcome.MISSING,
    ),
    "SL-PRE-002": Explanation(
        Step.ABOUT,
        "The statement calls itself one of a known type and is not written like one, or says "
        "itself that something failed, or an index handed out a type that indexes do not host.",
        _BUNDLE,
        "a predicate of type https://slsa.dev/provenance/v1",
        "",
    ),
    "SL-REQ-001": Explanation(
        Step.POLICY,
        "One thing that is required was found and holds: the kind of statement, and who signed.",
        _BUNDLE,
        "signed by ci",
        "publish by https://gitlab.com/acme/widgets//.gitlab-ci.yml@refs/tags/v1.0 "
        "(https://gitlab.com)",
        outcome=Outcome.PASS,
    ),
    "SL-SUB-001": Explanation(
        Step.ABOUT,
        "The evidence may be genuine, and it is about other bytes than those of your file. Either "
        "the file was changed after it was signed, or the evidence is another file's, for instance "
        "of the same name in another version. Do not use the file.",
        _BUNDLE,
        "sha256:9bb1…",
        "sha256:03fe…",
    ),
    "SL-SUB-002": Explanation(
        Step.ABOUT,
        "An attestation at an index is about one file. One that names several could be moved from "
        "one of them to another.",
        f"{_WHEEL}.publish.attestation",
        "1 subject",
        "2",
    ),
    "SL-SUB-003": Explanation(
        Step.ABOUT,
        "The bytes are right, and the attestation was made for a file of another name. Installers "
        "act by the name: an old version under a new name would be a downgrade that nobody sees.",
        f"{_WHEEL}.publish.attestation",
        "acme-1.0-py3-none-any.whl",
        "acme-0.9-py3-none-any.whl",
    ),
    "SL-SUM-001": Explanation(
        Step.POLICY,
        "A summary says that somebody verified the artifact, so that you need not. It counts only "
        "for the pair of a signer and a verifier that your policy names: whoever may sign for one "
        "verifier may not speak for another.",
        _BUNDLE,
        "https://verifier.example.org",
        "https://other.example.org",
    ),
    "SL-SUM-002": Explanation(
        Step.POLICY,
        "A summary is made for a place from which the artifact is taken. One for another place may "
        "have been made under another policy.",
        _BUNDLE,
        "pkg:pypi/acme@1.0",
        "pkg:pypi/acme-internal@1.0",
    ),
    "SL-SUM-003": Explanation(
        Step.POLICY,
        "The summary passed the artifact, but does not list the demanded SLSA build level.",
        _BUNDLE,
        "SLSA_BUILD_LEVEL_3",
        "SLSA_BUILD_LEVEL_2",
    ),
    "SL-SUM-004": Explanation(
        Step.POLICY,
        "A result lists only what its verifier found to be so. The demanded property is not on the "
        "list: it was not so, or nobody looked.",
        _BUNDLE,
        "SEALANE_POLICY_PASSED",
        "nothing",
    ),
    "SL-SUM-005": Explanation(
        Step.POLICY,
        "A verifier that you rely on looked at the artifact and says that it did not pass.",
        _BUNDLE,
        "PASSED",
        "FAILED",
    ),
}
