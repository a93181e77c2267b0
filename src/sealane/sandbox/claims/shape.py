"""What a kind of token is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Claims = Mapping[str, object]
Options = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of identity token.

    Attributes:
        issuer: The `iss` of its tokens; for GitLab that of its best known instance.
        options: Options a token can be asked for with; every other name is a claim's own.
        build: Claims from options; `iss` and `sub` among them.
        subject: Certificate subject, a template over the claims.
        email: Whether the subject is an e-mail address; else it is a URI.
        proof: The claim whose text a client signs to show that it holds the key.
        extensions: Number below Fulcio's arc -> template over the claims.
        derive: Further values the templates may name.
    """

    issuer: str
    options: frozenset[str]
    build: Callable[[Options], dict[str, object]]
    subject: str
    email: bool
    proof: str
    extensions: Mapping[int, str]
    derive: Callable[[Claims], Mapping[str, str]]


def stable_id(name: str) -> str:
    """A number for a name, as a forge would give it: another name, another number."""
    return str(int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big"))


def option(options: Options, *names: str, default: str) -> str:
    """The first option given among several spellings of one."""
    return next((str(options[name]) for name in names if options.get(name)), default)


def full_ref(ref: str, ref_type: str) -> str:
    """A ref with its prefix; one that has it already is kept."""
    if ref.startswith("refs/"):
        return ref
    return f"refs/{'heads' if ref_type == 'branch' else 'tags'}/{ref}"


def nothing_derived(_: Claims) -> Mapping[str, str]:
    """For tokens whose claims are all their certificate needs."""
    return {}
