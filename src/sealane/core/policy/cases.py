"""Reads the cases a policy is tested by: what is taken as proven, and the verdict that is expected.

1. The bytes are UTF-8, and TOML.
2. What statements say is taken out: its members are the statement's, and the strict reader knows
   none of them. It is checked as when a statement is proven.
3. Every other table has the keys of its description and no others.
4. Artifacts, signers and facts are made of them.

Nothing is proven here, and nothing that was read can ever be a fact to `sealane verify`: the only
way there leads through a signature.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sealane.core.attestation.predicates.registry import SIGNATURE, by_uri, names, types
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.codes import CODES
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.statement import Statement, Subject
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.answers import PURL, finding
from sealane.core.policy.case_contents import Contents, take_contents
from sealane.core.policy.case_signers import identity_of, merged, signer_troubles
from sealane.core.policy.reading import Place, Reader, Trouble, did_you_mean
from sealane.core.policy.refuser import Refuser
from sealane.core.policy.tables_cases import CASE_SHAPES, CASES
from sealane.core.verify.naming import purl_and_version
from sealane.errors import InputError, PolicyError

_TRUST = "a policy case: nothing was proven"
_CONTENT_HINT = "verification would refuse it: write what its type demands, or a [[case.refused]]"
_Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PolicyCase:
    """One case.

    Attributes:
        name: What it shows.
        artifact: What is judged.
        others: Other files that are judged with it.
        facts: What is taken as proven; without names of trust roots where the file has none.
        refused: Evidence that was refused.
        at: When it is judged, aware, UTC.
        expect: The verdict that it has to get.
        codes: Of findings that have to be among the answers, e.g. "SL-ID-004".
    """

    name: str
    artifact: Artifact
    others: tuple[Artifact, ...]
    facts: tuple[Fact, ...]
    refused: tuple[Finding, ...]
    at: datetime
    expect: Outcome
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cases:
    """A file of cases.

    Attributes:
        origin: Its path.
        policy: Path of the policy, as the file has it.
        cases: At least one.
    """

    origin: str
    policy: str
    cases: tuple[PolicyCase, ...]


def parse_cases(content: bytes, origin: str) -> Cases:
    """Read the bytes of a file of cases.

    Args:
        content: The file.
        origin: Its path, for errors and the report.

    Raises:
        PolicyError: Not UTF-8, not TOML, a key or value that is unknown, missing or of another
            type, or a case that could not come about.
    """
    try:
        text = content.decode("utf-8")
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise PolicyError(
            f"cases {origin}: not UTF-8 at byte {error.start}", hint="save it as UTF-8"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:  # 1
        raise PolicyError(f"cases {origin}: {error}", hint="correct the TOML syntax") from error
    refuser = Refuser(origin, text, what="cases", command="test")
    values, contents = take_contents(values)  # 2
    refuser.refuse_any(contents.troubles)
    reader = Reader(CASE_SHAPES)
    document = reader.table(values, CASES)  # 3
    refuser.refuse_any(reader.troubles)
    maker = _Maker(document, contents)
    cases = tuple(maker.case(number, one) for number, one in enumerate(document["case"]))  # 4
    refuser.refuse_any(maker.troubles)
    return Cases(origin, document["policy"], tuple(one for one in cases if one is not None))


class _Maker:
    """Makes cases of their tables, and keeps what is wrong."""

    def __init__(self, document: _Table, contents: Contents) -> None:
        self._contents = contents
        self._signers: _Table = document["signer"] or {}
        self._at: datetime = document["at"]
        self._names: set[str] = set()
        self.troubles: list[Trouble] = []

    def case(self, number: int, table: _Table) -> PolicyCase | None:
        """The case of a `[[case]]`; None where something in it is wrong."""
        before, place = len(self.troubles), ("case", number)
        at: datetime = table["at"] or self._at
        artifact = _artifact(table["artifact"])
        if table["name"] in self._names:
            self._say((*place, "name"), "there is a case of that name already", "rename it")
        self._names.add(table["name"])
        self._check_codes(table, place)
        others = tuple(artifact_named(name) for name in table["files"] or ())
        facts = [
            fact
            for index, one in enumerate(table["fact"] or ())
            for fact in self._facts(one, artifact, at, (*place, "fact", index))
        ]
        if len(self.troubles) > before:
            return None
        refused = tuple(
            finding(one["code"], Outcome.FAIL, f"refused evidence {index + 1}")
            for index, one in enumerate(table["refused"] or ())
        )
        expect, codes = Outcome(table["expect"]), table["codes"] or ()
        return PolicyCase(table["name"], artifact, others, tuple(facts), refused, at, expect, codes)

    def _check_codes(self, table: _Table, place: Place) -> None:
        named = [((*place, "codes", index), one) for index, one in enumerate(table["codes"] or ())]
        for index, one in enumerate(table["refused"] or ()):
            named.append(((*place, "refused", index, "code"), one["code"]))
        known = [one.code for one in CODES]
        for where, code in named:
            if code not in known:
                hint = did_you_mean(code, known) or "docs/reference/findings.md lists them"
                self._say(where, f"there is no finding {code!r}", hint)
        if table["expect"] != Outcome.PASS and not table["codes"]:
            why = f'codes: required where the verdict is "{table["expect"]}", and missing'
            hint = "name the finding that has to be the reason, e.g. SL-ID-004"
            self._say(place, why, hint)

    def _facts(
        self, table: _Table, artifact: Artifact, at: datetime, place: Place
    ) -> Iterator[Fact]:
        before = len(self.troubles)
        if table["timeless"] and table["signed_at"] is not None:
            self._say((*place, "timeless"), "it has a time, signed_at", "leave one of them out")
        signer = self._signer(table["signer"], (*place, "signer"))
        statement = self._statement(table, artifact, place)
        if len(self.troubles) > before:
            return
        signed = None if table["timeless"] else table["signed_at"] or at
        for number in range(table["repeat"]):
            again = f", {number + 1}" if table["repeat"] > 1 else ""
            yield Fact(
                artifact=artifact,
                statement=statement,
                signer=identity_of(signer),
                signed_at=signed,
                trust=_TRUST,
                evidence=Evidence(
                    EvidenceForm.SIGSTORE_BUNDLE, b"", f"fact {int(place[-1]) + 1}{again}"
                ),
                roots=table["trust"] or (),
            )

    def _signer(self, table: _Table, place: Place) -> _Table:
        if table["like"] is not None:
            if table["like"] not in self._signers:
                hint = did_you_mean(table["like"], self._signers) or "define it, or leave like out"
                self._say((*place, "like"), f"there is no [signer.{table['like']}]", hint)
                return table
            table = merged(table, self._signers[table["like"]])
        self.troubles.extend(signer_troubles(table, place))
        return table

    def _statement(self, table: _Table, artifact: Artifact, place: Place) -> Statement | None:
        name = table["predicate"]
        content = self._contents.of(place)
        if name == SIGNATURE:
            if content is not None or table["lists"]:
                why = "a signature makes no statement"
                self._say(place, why, "leave content and lists out")
            return None
        uri = _uri_of(name)
        if uri is None:
            hint = did_you_mean(name, names()) or f"known are {', '.join(names())}, and URIs"
            self._say((*place, "predicate"), f"there is no type of statement {name!r}", hint)
            return None
        predicate, known = content or {}, by_uri(uri)
        if known is not None:
            try:
                known.check(predicate)
            except InputError as error:
                why = f"content: no predicate of type {uri}: {error.message}"
                self._say(place, why, _CONTENT_HINT)
        files = [artifact, *(artifact_named(one) for one in table["lists"] or ())]
        return Statement(
            tuple(Subject(one.digests, one.name) for one in files),
            uri,
            predicate,
            hashlib.sha256(json.dumps(predicate, sort_keys=True).encode()).hexdigest(),
        )

    def _say(self, place: Place, why: str, hint: str) -> None:
        self.troubles.append(Trouble(place, why, hint))


def _uri_of(name: str) -> str | None:
    """The URI that a name, or a URI, of a type of statement stands for."""
    if ":" in name:
        return name
    return next((kind.uris[0] for kind in types() if kind.name == name), None)


def _artifact(table: _Table) -> Artifact:
    name = table["name"]
    purl, version = purl_and_version(name)
    sha256 = table["sha256"] or _digest_of(name)
    return Artifact(
        name,
        (Digest("sha256", sha256),),
        purl=table["purl"] or purl,
        version=table["version"] or version,
    )


def artifact_named(name: str) -> Artifact:
    """An artifact of which only the name is known; its digest is that of the name.

    Args:
        name: A file name, or a package URL with a version.
    """
    purl, version = purl_and_version(name)
    if name.startswith(PURL):
        version = name.partition("?")[0].partition("#")[0].rpartition("@")[2]
        purl = name
    return Artifact(name, (Digest("sha256", _digest_of(name)),), purl=purl, version=version)


def _digest_of(name: str) -> str:
    """A digest that stands for the content of a file of that name."""
    return hashlib.sha256(name.encode()).hexdigest()
