"""Artifacts in one folder with evidence beside each, made in process by keys that are not kept.

Every bundle has a log entry, an inclusion proof and a checkpoint of its own, and by default its own
certificate: a corpus of copies would flatter whoever remembers what it has seen.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
# The makers of evidence are the tests'; they share no code with the judge.
sys.path.insert(0, str(ROOT / "tests"))

if TYPE_CHECKING:
    from support.maker.leaf import Leaf
    from support.maker.world import World

KINDS = ("dsse", "message", "v2", "pep740")
SIZE = 30_000
_PIECE = 1024 * 1024
_CONFIG_TYPE = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
_SIGNING_TYPE = "application/vnd.dev.sigstore.signingconfig.v0.2+json"
_PREDICATES = {"dsse": "slsa-provenance", "message": "signature", "v2": "slsa-provenance"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a corpus is made of.

    Attributes:
        count: How many artifacts.
        kind: "dsse" (an envelope, entry dsse 0.0.1), "message" (a signature over the file, entry
            hashedrekord 0.0.1), "v2" (an envelope, Rekor v2 and a time-stamp) or "pep740" (an
            index-hosted attestation).
        files_per_leaf: How many files share a signing certificate.
        size: Bytes of each artifact.
        bad_every: Every how many artifacts one is changed after it was signed; 0 for none.
    """

    count: int = 1000
    kind: str = "dsse"
    files_per_leaf: int = 1
    size: int = SIZE
    bad_every: int = 0

    @property
    def bad(self) -> int:
        """How many artifacts must not pass."""
        return self.count // self.bad_every if self.bad_every else 0

    def __str__(self) -> str:
        """`1000 dsse, 20 files a certificate`, for a row."""
        shared = f", {self.files_per_leaf} files a certificate" if self.files_per_leaf > 1 else ""
        bad = f", {self.bad} changed after signing" if self.bad else ""
        return f"{self.count} {self.kind}{shared}{bad}"


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus on disk.

    Attributes:
        folder: Where it is.
        recipe: What it was made of.
        identity: Subject of every certificate.
        issuer: Issuer of every certificate.
        artifacts: The files, in order.
    """

    folder: Path
    recipe: Recipe
    identity: str
    issuer: str
    artifacts: tuple[Path, ...] = field(repr=False)

    @property
    def root(self) -> Path:
        """The trusted root."""
        return self.folder / "root.json"

    @property
    def trust_config(self) -> Path:
        """The same root as a client trust configuration."""
        return self.folder / "trust_config.json"

    @property
    def policy(self) -> Path:
        """A policy under which every sound artifact passes."""
        return self.folder / "policy.toml"

    @property
    def files(self) -> Path:
        """The folder that holds nothing but artifacts and their evidence."""
        return self.folder / "files"


def make_corpus(folder: Path, recipe: Recipe) -> Corpus:
    """Make a corpus in a new folder; a thousand bundles take a few seconds.

    A process of its own makes it: what a process has in memory when it starts another one counts
    as that one's peak too.

    Raises:
        subprocess.CalledProcessError: It could not be made.
    """
    asked = json.dumps(asdict(recipe))
    command = [sys.executable, "-m", "benchmarks.corpus", str(folder), asked]
    subprocess.run(command, cwd=ROOT, check=True)
    identity = json.loads((folder / "identity.json").read_text(encoding="utf-8"))
    names = [f"acme-1.0-{n}-py3-none-any.whl" for n in range(1, recipe.count + 1)]
    artifacts = tuple(folder / "files" / name for name in names)
    return Corpus(folder, recipe, identity["subject"], identity["issuer"], artifacts)


def checked_corpus(folder: Path, recipe: Recipe) -> Corpus:
    """A corpus that one peer and sealane have judged, each of them as it has to be.

    Raises:
        AssertionError: One of them found something else than what was made.
    """
    from benchmarks import peers, sealane
    from benchmarks.measure import run_once

    corpus = make_corpus(folder, recipe)
    for command in (peers.library_loop(corpus), sealane.quick(corpus), sealane.by_policy(corpus)):
        run_once(command)
    return corpus


def main(folder: str, asked: str) -> None:
    """Write a corpus.

    Raises:
        ValueError: There is no such kind.
    """
    from support.maker.claims import ISSUERS, SUBJECTS
    from support.maker.world import World

    recipe = Recipe(**json.loads(asked))
    if recipe.kind not in KINDS:
        raise ValueError(f"kind {recipe.kind!r}: expected one of {', '.join(KINDS)}")
    world, top = World(), Path(folder)
    (top / "files").mkdir(parents=True)
    leaf = world.leaf()
    for number in range(recipe.count):
        if number and number % recipe.files_per_leaf == 0:
            leaf = world.leaf()
        artifact = top / "files" / f"acme-1.0-{number + 1}-py3-none-any.whl"
        digest = _write_artifact(artifact, recipe.size, number)
        evidence = artifact.with_name(artifact.name + _ending(recipe))
        evidence.write_text(_evidence(world, recipe, artifact, digest, leaf))
        if recipe.bad_every and number % recipe.bad_every == 0:
            artifact.write_bytes(artifact.read_bytes() + b".")
    identity = {"subject": SUBJECTS["gitlab"], "issuer": ISSUERS["gitlab"]}
    (top / "identity.json").write_text(json.dumps(identity))
    _write_trust(top, recipe, world)


def _write_trust(top: Path, recipe: Recipe, world: World) -> None:
    from support.maker.claims import ISSUERS

    root = world.root()
    # `gh` reads no trusted root whose last line does not end.
    (top / "root.json").write_text(json.dumps(root) + "\n")
    signing = {
        "mediaType": _SIGNING_TYPE,
        "rekorTlogConfig": {"selector": "ANY"},
        "tsaConfig": {"selector": "ANY"},
    }
    config = {"mediaType": _CONFIG_TYPE, "trustedRoot": root, "signingConfig": signing}
    (top / "trust_config.json").write_text(json.dumps(config) + "\n")
    predicate = _PREDICATES.get(recipe.kind, "publish")
    (top / "policy.toml").write_text(_policy(ISSUERS["gitlab"], predicate))


def _policy(issuer: str, predicate: str) -> str:
    return f"""schema = "sealane.policy/1"
id = "benchmark"

[publisher.ci]
kind = "gitlab"
issuer = "{issuer}"
project = "group/acme"
config = ".gitlab-ci.yml"
ref = "refs/tags/v{{pep440}}"

[[rule]]
match = ["pkg:pypi/acme"]
require = [{{ predicate = "{predicate}", by = "ci" }}]
"""


def _ending(recipe: Recipe) -> str:
    return ".publish.attestation" if recipe.kind == "pep740" else ".sigstore.json"


def _write_artifact(file: Path, size: int, seed: int) -> str:
    """Write bytes that do not repeat; their SHA-256."""
    source, digest, left = random.Random(seed), hashlib.sha256(), size
    with file.open("wb") as stream:
        while left:
            piece = source.randbytes(min(left, _PIECE))
            digest.update(piece)
            stream.write(piece)
            left -= len(piece)
    return digest.hexdigest()


def _evidence(world: World, recipe: Recipe, artifact: Path, digest: str, leaf: Leaf) -> str:
    from support.maker.content import statement_about
    from support.maker.hosted import attestation_of

    if recipe.kind == "message":
        return json.dumps(world.bundle(kind="message", content=artifact.read_bytes(), leaf=leaf))
    statement = statement_about(b"", artifact.name)
    statement["subject"][0]["digest"]["sha256"] = digest
    if recipe.kind == "pep740":
        from sealane.core.attestation.predicates.publish import PREDICATE

        statement |= {"predicateType": PREDICATE, "predicate": None}
    log = "v2" if recipe.kind == "v2" else "v1"
    bundle = world.bundle(statement=statement, log=log, leaf=leaf)
    return json.dumps(attestation_of(bundle) if recipe.kind == "pep740" else bundle)


if __name__ == "__main__":
    main(*sys.argv[1:])
