"""`sealane verify` of one file, cold, paired with `sigstore`'s command line on the same bundle."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import Corpus, make_corpus
from benchmarks.measure import Command, pair

_BIN = Path(sys.prefix) / "bin"
_IDENTITY = "https://gitlab.com/acme/hello-lane//.gitlab-ci.yml@refs/tags/v0.1.0"
_ISSUER = "https://gitlab.com"


def commands(corpus: Corpus) -> tuple[Command, Command]:
    """The same question to both: is this wheel named by this bundle, signed by this identity?"""
    named = ["--cert-identity", _IDENTITY, "--cert-oidc-issuer", _ISSUER]
    ours = [str(_BIN / "sealane"), "--sandbox", str(corpus.sandbox), "verify", str(corpus.wheel)]
    theirs = [str(_BIN / "sigstore"), "--trust-config", str(corpus.sandbox / "trust_config.json")]
    return (
        Command("sealane verify, one wheel", [*ours, "--evidence", str(corpus.manifest), *named]),
        Command(
            "sigstore verify identity, the same",
            [
                *theirs, "verify", "identity", "--offline", "--bundle", str(corpus.manifest),
                *named, str(corpus.wheel),
            ],
        ),
    )  # fmt: skip


def starts() -> tuple[Command, Command]:
    """Starting up alone."""
    return (
        Command("sealane --version", [str(_BIN / "sealane"), "--version"]),
        Command("sigstore --version", [str(_BIN / "sigstore"), "--version"]),
    )


def report() -> str:
    """Both pairs, with medians and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = make_corpus(Path(folder) / "kept")
        return "\n".join(
            [
                "starting up (a ratio below 1: sealane is faster)",
                pair(*starts()),
                "verifying one file, cold process (a ratio below 1: sealane is faster)",
                pair(*commands(corpus)),
            ]
        )
