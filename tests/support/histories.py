"""Releases of one package as time goes on, signed by whoever its publisher was by then."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.sandbox import der
from support.maker.claims import ARC, subject_of
from support.maker.content import statement_about
from support.maker.keys import PrivateKey
from support.maker.leaf import LeafShape
from support.maker.world import World

WORLD = World("histories")
_UTF8_STRING = 0x0C


@dataclass(frozen=True)
class Pipeline:
    """A pipeline that signs releases, as certificates tell of it.

    Attributes:
        issuer: OIDC issuer.
        base: Base URL of the forge.
        project: Path of the project.
        between: What stands between project and file: two slashes at GitLab, one at GitHub.
        file: The pipeline's file.
        project_id: Immutable id of the project.
        owner_id: Immutable id of its owner.
        environment: Deployment environment; "" for none.
        runner: Runner environment.
        workflow: URI of a reusable workflow that signs, without its ref; "" for none.
        tag: What stands before the version in a tag.
    """

    issuer: str = "https://gitlab.com"
    base: str = "https://gitlab.com"
    project: str = "group/acme"
    between: str = "//"
    file: str = ".gitlab-ci.yml"
    project_id: str = "4711"
    owner_id: str = "42"
    environment: str = ""
    runner: str = "gitlab-hosted"
    workflow: str = ""
    tag: str = "v"

    def but(self, **changes: str) -> "Pipeline":
        """The same one with some things changed."""
        return replace(self, **changes)

    def claims(self, version: str) -> Mapping[int, str]:
        """What its certificate says when it signs a version."""
        ref = f"refs/tags/{self.tag}{version}"
        config = f"{self.base}/{self.project}{self.between}{self.file}@{ref}"
        signer = f"{self.workflow}@{ref}" if self.workflow else config
        said = {
            8: self.issuer, 9: signer, 11: self.runner, 12: f"{self.base}/{self.project}",
            13: "c0ffee" * 6 + "c0de", 14: ref, 15: self.project_id, 17: self.owner_id, 18: config,
            23: self.environment,
        }  # fmt: skip
        return {number: text for number, text in said.items() if text}


GITLAB = Pipeline()
GITHUB = Pipeline(
    "https://token.actions.githubusercontent.com", "https://github.com", "acme/acme", "/",
    ".github/workflows/release.yml", runner="github-hosted",
)  # fmt: skip
Who = Pipeline | PrivateKey | str
"""A pipeline, a key, or the address of a person."""


def name_of(version: str, package: str = "acme") -> str:
    """The file of a version."""
    return f"{package}-{version}-py3-none-any.whl"


def release(
    folder: Path,
    version: str,
    who: Who,
    kinds: tuple[str, ...] = ("slsa", "publish"),
    package: str = "acme",
    **plan: Any,  # noqa: ANN401 - the fields of the maker's plan
) -> Path:
    """A file with its evidence beside it; of no kinds, without any.

    Args:
        folder: Where it is put.
        version: PEP 440; a later one is signed later.
        who: Who signs.
        kinds: What evidence it has: "slsa", "publish", "file".
        package: Of which package.
        plan: As the maker's.
    """
    path = folder / name_of(version, package)
    path.write_bytes(f"{package} {version}".encode())
    lines = [json.dumps(_bundle(path, version, who, kind, plan)) for kind in kinds]
    if lines:
        path.with_name(f"{path.name}.sigstore.jsonl").write_text("\n".join(lines))
    return path


def when(version: str) -> timedelta:
    """How long after the world's time a version is signed."""
    major, minor = version.split(".")[:2]
    return timedelta(hours=int(major), minutes=int(minor))


def root_file(folder: Path) -> Path:
    """The trust root of the histories."""
    path = folder / "root.json"
    path.write_bytes(WORLD.root_json())
    return path


def key_file(folder: Path, key: PrivateKey, name: str) -> Path:
    """The public half of a key."""
    path = folder / f"{name}.pem"
    path.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def _bundle(path: Path, version: str, who: Who, kind: str, plan: Mapping[str, Any]) -> Any:  # noqa: ANN401
    at = WORLD.at + when(version)
    content = path.read_bytes()
    made: dict[str, Any] = {"content": content, "at": at, **plan}
    if kind == "file":
        made["kind"] = "message"
    else:
        made["statement"] = _statement(content, path.name, kind)
    if not isinstance(who, Pipeline | str):
        return WORLD.bundle(managed=who, **made)
    return WORLD.bundle(leaf=WORLD.leaf("email", at=at, shape=_shape(who, version)), **made)


def _shape(who: Pipeline | str, version: str) -> LeafShape:
    if isinstance(who, str):
        claims, subject = {8: "https://login.example.org"}, who
    else:
        claims = dict(who.claims(version))
        subject = claims[9]
    extensions = [
        x509.UnrecognizedExtension(
            x509.ObjectIdentifier(f"{ARC}{number}"), der.encode(_UTF8_STRING, text.encode())
        )
        for number, text in claims.items()
    ]
    return LeafShape(subject=subject_of(subject), claims=extensions)


def _statement(content: bytes, name: str, kind: str) -> dict[str, Any]:
    made = statement_about(content, name)
    if kind == "publish":
        del made["predicate"]
        made["predicateType"] = PUBLISH_V1
    return made
