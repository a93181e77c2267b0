"""The keys of `[trust.NAME]` and `[publisher.NAME]`."""

from __future__ import annotations

from sealane.core.policy.form import (
    ByKind,
    Choice,
    Inside,
    Key,
    Many,
    Moment,
    Shapes,
    Table,
    Text,
    Truth,
    Whole,
)
from sealane.core.policy.people import GOOGLE_ISSUER
from sealane.core.policy.schema import EMBEDDED_ROOT, LONGEST_ROOT_AGE, LogClass

# More independent logs or authorities than this do not exist.
MOST_WITNESSES = 8
TEXT = Text()
EXACT = Text(exact=True)
SHA256 = Text("a SHA-256 digest, 64 lower-case hex digits", "[0-9a-f]{64}")
_UUID = Text(
    "an id like 6f4c1f6e-0d5b-4d5e-9f2d-2b6a3e1c7a10", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_NUMBER = Text("an id in digits, as text", "[0-9]{1,20}")
_ADDRESS = Text("an e-mail address, name@host", r"[^\s@,]+@[^\s@,]+", exact=True)
_REFS = Many(TEXT, most=20, alone=True)
_NO_ISSUER = "an identity without its issuer can be anybody's; write issuer"

_FILE = Key(
    "file",
    TEXT,
    "the file, relative to the policy: a public key, PEM or DER (key); OpenPGP certificates, "
    "armoured or not (openpgp)",
    required=True,
)
_FILE_DIGEST = Key(
    "sha256", SHA256, "digest that file must have; another one is an error", required=True
)

TRUST = Table(
    "[trust.NAME]",
    (
        Key(
            "root", TEXT,
            'a name (`"embedded"` or `"public-good"`, `"staging"`, one of your own), or the path '
            "of a trusted root, relative to the policy; a path has a `/` or ends in `.json`. "
            '`"none"` trusts nobody: only publishers by key are left, and `log = "none"` has to '
            "say so",
            default=EMBEDDED_ROOT,
        ),
        Key("sha256", SHA256, "digest the root must have; required for a path"),
        Key(
            "max_age_days", Whole(1, LONGEST_ROOT_AGE),
            "how old the root may be; without it 400, see [trust roots](../guides/trust-roots.md)",
        ),
        Key(
            "log", Choice(tuple(LogClass)),
            '`"required"`: signatures are in a log that the root names. `"private"`: the same with '
            "the log of a private instance, so `root` is one of your own. "
            '`"none"`: no log; a certificate then needs a time-stamp by an authority of your root',
            default=LogClass.REQUIRED.value,
        ),
        Key(
            "logs", Whole(0, MOST_WITNESSES),
            'how many logs must hold an entry; 1, and 0 where `log = "none"`',
        ),
        Key(
            "timestamps", Whole(0, MOST_WITNESSES),
            "how many time-stamp authorities must have signed a time; 0",
        ),
        Key(
            "scts", Whole(0, MOST_WITNESSES),
            "how many certificate logs must have promised the certificate; 1",
        ),
        Key(
            "promises", Truth(),
            "whether a log's promise is enough where there is no inclusion proof, as in bundles of "
            "version 0.1",
            default=False,
        ),
    ),
)  # fmt: skip


def _kind(name: str) -> Key:
    return Key("kind", Choice((name,)), "kind of publisher", required=True)


def _issuer(doc: str) -> Key:
    return Key("issuer", EXACT, doc, required=True, hint=_NO_ISSUER)


def _pipeline(file: str, doc: str) -> tuple[Key, ...]:
    return (
        Key(
            "project", EXACT,
            "path of the project; GitHub compares without case, GitLab exactly", required=True,
        ),
        Key(file, EXACT, doc, required=True),
        Key(
            "ref", _REFS,
            "full ref, or a list of them; `{pep440}`, `{semver}` or `{base}` in it is bound to the "
            "artifact's own version",
            required=True, hint='write e.g. ref = "refs/tags/v{pep440}"',
        ),
        Key("environment", EXACT, "deployment environment, compared exactly"),
        Key("runner", EXACT, 'kind of runner, e.g. `"gitlab-hosted"`, compared exactly'),
        Key("project_id", _NUMBER, "the project's immutable id: no other has it under its name"),
        Key("owner_id", _NUMBER, "its owner's immutable id"),
        Key(
            "signer", Inside(f"signer-{file}"),
            "the reusable pipeline that signs for the project; without it only its own may",
        ),
    )  # fmt: skip


def _signer(file: str, doc: str) -> Table:
    return Table(
        "signer",
        (
            Key("project", EXACT, "path of the project it belongs to", required=True),
            Key(file, EXACT, doc, required=True),
            Key(
                "ref", _REFS, "full ref or commit of it, or a list of them", required=True,
                hint='write a full ref, e.g. "refs/tags/v2.1.0", or a commit in full',
            ),
        ),
    )  # fmt: skip


_WORKFLOW = "file name of the workflow"
_CONFIG = "path of the pipeline file"
_KINDS: dict[str, tuple[Key, ...]] = {
    "gitlab": (
        _issuer("OIDC issuer, which is the origin of the instance"),
        *_pipeline("config", _CONFIG),
    ),
    "github": (
        _issuer(
            "`https://token.actions.githubusercontent.com`, an enterprise's own below it "
            "(`…/SLUG`), or that of a server (`https://HOST/_services/token`)"
        ),
        *_pipeline("workflow", _WORKFLOW),
    ),
    "circleci": (
        _issuer("`https://oidc.circleci.com/org/ID`"),
        Key("project_id", _UUID, "id of the project", required=True),
        Key("pipeline_definition_id", _UUID, "id of the pipeline definition", required=True),
        Key(
            "vcs_origin", EXACT,
            'where the source lies, without a scheme, e.g. `"github.com/acme/widgets"`',
        ),
        Key("vcs_ref", _REFS, "ref of the source, as `ref` above"),
    ),
    "google": (
        Key("issuer", Choice((GOOGLE_ISSUER,)), "the only one there is", default=GOOGLE_ISSUER),
        Key("members", Many(_ADDRESS), "e-mail addresses", required=True),
    ),
    "email": (
        _issuer("OIDC issuer that they log in with"),
        Key("members", Many(_ADDRESS), "e-mail addresses", required=True),
    ),
    "certificate": (
        _issuer("issuer that the certificate names"),
        Key("subject", EXACT, "its subject alternative name, compared exactly", required=True),
    ),
    "key": (
        _FILE,
        _FILE_DIGEST,
        Key(
            "details", EXACT,
            "how the key signs, a name of `PublicKeyDetails`, e.g. `PKIX_RSA_PSS_4096_SHA256`; "
            "without it what is usual for its kind",
        ),
        Key(
            "start", Moment(),
            "its signatures count from then on, included; what proves no time is not held to it",
        ),
        Key(
            "end", Moment(),
            "and until then, included; after it only a signature whose time is proven counts",
        ),
    ),
    "openpgp": (_FILE, _FILE_DIGEST),
}  # fmt: skip

PUBLISHERS: Shapes = {
    "publisher": ByKind("[publisher.NAME]", tuple((kind, f"publisher-{kind}") for kind in _KINDS)),
    **{
        f"publisher-{kind}": Table(f"[publisher.NAME] of kind {kind}", (_kind(kind), *keys))
        for kind, keys in _KINDS.items()
    },
    "signer-config": _signer("config", _CONFIG),
    "signer-workflow": _signer("workflow", _WORKFLOW),
}
