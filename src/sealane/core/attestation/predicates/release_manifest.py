"""What belongs to a release: every file with all its digests, from which commit, to where.

The signed manifest is what every later job trusts; the digest of its payload is the release id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from sealane.core.model.statement import JsonValue, Statement
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://gitlab.com/sealane/sealane/attestations/release-manifest/v1"
SCHEMA = "sealane.release-manifest/1"
STATEMENT = "https://in-toto.io/Statement/v1"
_HEX = {"sha256": 64, "sha512": 128, "blake2b_256": 64}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ManifestPackage:
    """One package: its name on the channels, its version in both forms ("" where it has none)."""

    name: str
    pep440: str
    semver: str


@dataclass(frozen=True, slots=True)
class ManifestArtifact:
    """One file with all digests a channel uses, lower-case hex."""

    name: str
    size: int
    sha256: str
    sha512: str
    blake2b_256: str


@dataclass(frozen=True, slots=True)
class ManifestAttestation:
    """One file of evidence: what it is called, what it says, of which artifact, its digest."""

    file: str
    predicate: str
    artifact: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ManifestChannel:
    """One place where the release becomes public; they stand in the order of publishing."""

    name: str
    kind: str
    repository: str


@dataclass(frozen=True, slots=True)
class ManifestInput:
    """A file that decided something: its name in the project or the work folder, its digest."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReleaseManifest:
    """Everything that is fixed once a release is signed.

    Attributes:
        project: Name of the project.
        packages: What is released.
        tag: The tag.
        tag_object: Object id of the tag.
        commit: Commit id.
        tree: Tree id.
        epoch: Commit time, Unix seconds.
        configuration: SHA-256 of `sealane.toml`.
        changelog: SHA-256 of the version's changelog section; "" without one.
        locks: The hash-locked requirements.
        records: Plan, both build records and the comparison.
        isolation: How the builds were kept apart from the machine; "none" where they were not.
        artifacts: All files of the release.
        attestations: All files of evidence.
        channels: Where to, in order.
        sandbox: True in a rehearsal.
        tools: (name, version) of what made the release.
        slsa_level: Claimed SLSA Build level.
        slsa_reason: Why not a higher one.
    """

    project: str
    packages: tuple[ManifestPackage, ...]
    tag: str
    tag_object: str
    commit: str
    tree: str
    epoch: int
    configuration: str
    changelog: str
    locks: tuple[ManifestInput, ...]
    records: tuple[ManifestInput, ...]
    isolation: str
    artifacts: tuple[ManifestArtifact, ...]
    attestations: tuple[ManifestAttestation, ...]
    channels: tuple[ManifestChannel, ...]
    sandbox: bool
    tools: tuple[tuple[str, str], ...]
    slsa_level: int
    slsa_reason: str


def render_manifest_statement(manifest: ReleaseManifest) -> dict[str, JsonValue]:
    """The whole statement: subjects are all artifacts."""
    return {
        "_type": STATEMENT,
        "subject": [_subject(one) for one in manifest.artifacts],
        "predicateType": PREDICATE,
        "predicate": render_release_manifest(manifest),
    }


def manifest_of(statement: Statement) -> ReleaseManifest:
    """The manifest that a statement holds; proven only if the statement is.

    Raises:
        InputError: Not a release manifest, broken, or its subjects are not exactly its artifacts.
    """
    if statement.predicate_type != PREDICATE:
        raise InputError(
            f"release manifest: expected a statement of type {PREDICATE}, "
            f"got {statement.predicate_type[:120]!r}"
        )
    manifest = parse_release_manifest(statement.predicate)
    named = [
        (subject.name, {d.algorithm: d.value for d in subject.digests})
        for subject in statement.subjects
    ]
    expected = [
        (one.name, {"sha256": one.sha256, "sha512": one.sha512}) for one in manifest.artifacts
    ]
    if named != expected:
        raise InputError("release manifest: its subjects are not exactly its artifacts")
    return manifest


def _subject(artifact: ManifestArtifact) -> JsonValue:
    return {
        "name": artifact.name,
        "digest": {"sha256": artifact.sha256, "sha512": artifact.sha512},
    }


def render_release_manifest(manifest: ReleaseManifest) -> dict[str, JsonValue]:
    """The predicate as JSON."""
    return {
        "schema": SCHEMA,
        "project": manifest.project,
        "packages": [
            {"name": p.name, "pep440": p.pep440, "semver": p.semver} for p in manifest.packages
        ],
        "tag": manifest.tag,
        "tagObject": manifest.tag_object,
        "commit": manifest.commit,
        "tree": manifest.tree,
        "epoch": manifest.epoch,
        "configuration": manifest.configuration,
        "changelog": manifest.changelog,
        "locks": [{"name": one.name, "sha256": one.sha256} for one in manifest.locks],
        "records": [{"name": one.name, "sha256": one.sha256} for one in manifest.records],
        "isolation": manifest.isolation,
        "artifacts": [_render_artifact(one) for one in manifest.artifacts],
        "attestations": [
            {"file": a.file, "predicate": a.predicate, "artifact": a.artifact, "sha256": a.sha256}
            for a in manifest.attestations
        ],
        "channels": [
            {"name": c.name, "kind": c.kind, "repository": c.repository} for c in manifest.channels
        ],
        "sandbox": manifest.sandbox,
        "tools": dict(manifest.tools),
        "slsa": {"buildLevel": manifest.slsa_level, "reason": manifest.slsa_reason},
    }


def _render_artifact(artifact: ManifestArtifact) -> JsonValue:
    return {
        "name": artifact.name,
        "size": artifact.size,
        "sha256": artifact.sha256,
        "sha512": artifact.sha512,
        "blake2b_256": artifact.blake2b_256,
    }


def parse_release_manifest(predicate: Mapping[str, JsonValue]) -> ReleaseManifest:
    """Read a predicate, strictly: it is ours, so an unknown member is an error.

    Raises:
        InputError: A member is missing, unknown or of another type, a name stands twice, or there
            is no artifact.
    """
    reader = _Reader(predicate, "release manifest")
    if reader.text("schema") != SCHEMA:
        raise InputError(f"release manifest: expected schema {SCHEMA}")
    slsa = reader.inner("slsa")
    manifest = ReleaseManifest(
        project=reader.text("project"),
        packages=reader.each("packages", _package),
        tag=reader.text("tag"),
        tag_object=reader.text("tagObject"),
        commit=reader.text("commit"),
        tree=reader.text("tree"),
        epoch=reader.number("epoch"),
        configuration=reader.hex("configuration"),
        changelog=reader.text("changelog"),
        locks=reader.each("locks", _input),
        records=reader.each("records", _input),
        isolation=reader.text("isolation"),
        artifacts=reader.each("artifacts", _artifact),
        attestations=reader.each("attestations", _attestation),
        channels=reader.each("channels", _channel),
        sandbox=reader.flag("sandbox"),
        tools=reader.pairs("tools"),
        slsa_level=slsa.number("buildLevel"),
        slsa_reason=slsa.text("reason"),
    )
    slsa.finish()
    reader.finish()
    if not manifest.artifacts:
        raise InputError("release manifest: it has no artifact")
    for names in (
        [one.name for one in manifest.artifacts],
        [one.file for one in manifest.attestations],
        [one.name for one in manifest.channels],
    ):
        if len(set(names)) != len(names):
            raise InputError("release manifest: a name twice")
    return manifest


def _package(reader: _Reader) -> ManifestPackage:
    return ManifestPackage(reader.text("name"), reader.text("pep440"), reader.text("semver"))


def _input(reader: _Reader) -> ManifestInput:
    return ManifestInput(reader.text("name"), reader.hex("sha256"))


def _artifact(reader: _Reader) -> ManifestArtifact:
    return ManifestArtifact(
        reader.file_name("name"),
        reader.number("size"),
        reader.hex("sha256"),
        reader.hex("sha512"),
        reader.hex("blake2b_256"),
    )


def _attestation(reader: _Reader) -> ManifestAttestation:
    return ManifestAttestation(
        reader.file_name("file"),
        reader.text("predicate"),
        reader.file_name("artifact"),
        reader.hex("sha256"),
    )


def _channel(reader: _Reader) -> ManifestChannel:
    return ManifestChannel(reader.text("name"), reader.text("kind"), reader.text("repository"))


class _Reader:
    """Takes members out of an object; what is left over at the end is unknown."""

    def __init__(self, document: JsonValue | Mapping[str, JsonValue], place: str) -> None:
        if not isinstance(document, Mapping):
            raise InputError(f"{place}: expected an object")
        self._left = dict(document)
        self._place = place

    def value(self, key: str) -> JsonValue:
        if key not in self._left:
            raise InputError(f"{self._place}: {key}: missing")
        return self._left.pop(key)

    def finish(self) -> None:
        if self._left:
            raise InputError(f"{self._place}: unknown member {min(self._left)[:60]!r}")

    def names(self) -> list[str]:
        return sorted(self._left)

    def text(self, key: str) -> str:
        value = self.value(key)
        if not isinstance(value, str):
            raise self._wrong(key, "text")
        return value

    def hex(self, key: str) -> str:
        value = self.text(key)
        length = _HEX.get(key, _HEX["sha256"])
        if not re.fullmatch(rf"[0-9a-f]{{{length}}}", value):
            raise self._wrong(key, f"{length} lower-case hex digits")
        return value

    def file_name(self, key: str) -> str:
        # The name becomes a path in a folder of ours: nothing that leads out of it.
        value = self.text(key)
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.+!-]{0,254}", value):
            raise self._wrong(key, "a file name")
        return value

    def number(self, key: str) -> int:
        value = self.value(key)
        if type(value) is not int or value < 0:
            raise self._wrong(key, "a whole number")
        return value

    def flag(self, key: str) -> bool:
        value = self.value(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def inner(self, key: str) -> _Reader:
        return _Reader(self.value(key), f"{self._place}: {key}")

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        inner = self.inner(key)
        return tuple((name, inner.text(name)) for name in inner.names())

    def each(self, key: str, parse: Callable[[_Reader], _T]) -> tuple[_T, ...]:
        values = self.value(key)
        if not isinstance(values, list):
            raise self._wrong(key, "a list")
        found = []
        for index, value in enumerate(values):
            reader = _Reader(value, f"{self._place}: {key}[{index}]")
            found.append(parse(reader))
            reader.finish()
        return tuple(found)

    def _wrong(self, key: str, expected: str) -> InputError:
        return InputError(f"{self._place}: {key}: expected {expected}")
