"""What is compared with: programs of pinned versions, each optional, in the mode that is its best.

`tools/peers` builds cosign; the others are in the locked environment.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.corpus import ROOT, Corpus
from benchmarks.measure import Command

BIN = Path(sys.prefix) / "bin"
COSIGN = ROOT / ".interop" / "bin" / "cosign"
# Results of other versions are results about other programs.
PINNED = {"sigstore": "4.5.1", "pypi-attestations": "0.0.30"}
_LOOP = Path(__file__).with_name("library_loop.py")


def absent(name: str) -> str:
    """Why a peer cannot take part; "" where it can."""
    if name == "cosign":
        return "" if COSIGN.is_file() else "cosign is not built; run tools/peers"
    if name == "openssl":
        return "" if shutil.which("openssl") else "openssl is not installed"
    found = version(name)
    return "" if found == PINNED[name] else f"{name} is {found}, expected {PINNED[name]}"


def library_loop(corpus: Corpus) -> Command:
    """A loop over the `sigstore` library in one process."""
    recipe = corpus.recipe
    return Command(
        f"loop over the sigstore library, {recipe}",
        [
            sys.executable, str(_LOOP), str(corpus.files), str(corpus.root), corpus.identity,
            corpus.issuer, recipe.kind,
        ],
        says=f"{recipe.count - recipe.bad} {recipe.bad}\n",
    )  # fmt: skip


def sigstore_cli(
    bundle: Path, files: Sequence[Path], identity: tuple[str, str], config: Path | None = None
) -> Command:
    """`sigstore verify identity --offline`; the library's embedded root without a configuration."""
    trust = ["--trust-config", str(config)] if config else []
    named = ["--cert-identity", identity[0], "--cert-oidc-issuer", identity[1]]
    given = ["--bundle", str(bundle)] if len(files) == 1 else []
    command = [str(BIN / "sigstore"), *trust, "verify", "identity", "--offline", *given, *named]
    return Command("sigstore verify identity --offline", [*command, *map(str, files)], says="OK:")


def pypi_attestations(file: Path, provenance: Path, repository: str) -> Command:
    """`pypi-attestations verify pypi --offline`."""
    command = [
        str(BIN / "pypi-attestations"), "verify", "pypi", "--offline", "--repository", repository,
        "--provenance-file", str(provenance), str(file),
    ]  # fmt: skip
    return Command("pypi-attestations verify pypi --offline", command, says="OK")


def cosign(
    file: Path, bundle: Path, root: Path, identity: tuple[str, str], predicate: str
) -> list[str]:
    """`cosign verify-blob-attestation` of one file."""
    return [
        str(COSIGN), "verify-blob-attestation", "--bundle", str(bundle), "--trusted-root",
        str(root), "--certificate-identity", identity[0], "--certificate-oidc-issuer",
        identity[1], "--type", predicate, str(file),
    ]  # fmt: skip


def cosign_loop(corpus: Corpus) -> Command:
    """One cosign after the other, started by a shell; it has no mode for many files."""
    identity = (corpus.identity, corpus.issuer)
    bundle = Path("$f.sigstore.json")
    one = cosign(Path("$f"), bundle, corpus.root, identity, "slsaprovenance1")
    words = [f'"{word}"' if word.startswith("$f") else shlex.quote(word) for word in one]
    files = shlex.quote(str(corpus.files))
    script = (
        f"n=0; for f in {files}/*.whl; do {' '.join(words)} >/dev/null 2>&1 || exit 1; "
        "n=$((n + 1)); done; echo $n verified"
    )
    says = f"{corpus.recipe.count} verified"
    return Command(f"loop over cosign, {corpus.recipe}", ["/bin/sh", "-c", script], says=says)
