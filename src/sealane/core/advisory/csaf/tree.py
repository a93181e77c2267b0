"""Puts a document into the folder that CSAF documents are published in.

The folder is a mapping from paths to contents, in the simple form: a folder a year, digests and
signatures beside each document, two lists, and what the provider says of itself. Everybody can read
it, so it takes final documents of TLP:WHITE alone.

Spec: CSAF 2.0, sections 7.1.2, 7.1.4, 7.1.7, 7.1.11 to 7.1.13 and 7.1.18 to 7.1.20.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from sealane.core.advisory.csaf.folder import (
    Published,
    changes_of,
    document_paths,
    index_of,
    published_in,
)
from sealane.core.advisory.csaf.provider import (
    METADATA,
    Provider,
    key_path,
    keys_in,
    metadata_of,
)
from sealane.core.advisory.csaf.texts import moment_of
from sealane.core.advisory.projects import render_json
from sealane.core.attestation.strict_json import parse_object
from sealane.errors import InputError

_LABEL = "white"
_NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]+)\.([0-9]+))?.*", re.DOTALL)


def with_document(
    files: Mapping[str, bytes],
    document: bytes,
    provider: Provider,
    at: datetime,
    signature: bytes = b"",
) -> dict[str, bytes]:
    """The folder with a document in it.

    1. The document is final and for everybody, and the folder is the provider's own.
    2. What stands in its place is an earlier revision of it. A published revision never changes.
    3. Either all documents are signed, or none.
    4. The document, its digests and its signature; of the same document the signature is kept, as
       a new one would differ in its time alone.
    5. The lists and the metadata, from what is in the folder then. Where nothing changes, the time
       of the metadata does not either, so that adding a document twice is adding it once.

    Args:
        files: All files of the folder by their paths in it, with "/"; {} for a new one.
        document: A valid CSAF document.
        provider: Whose folder it is.
        at: When, UTC.
        signature: Armoured detached OpenPGP signature of the document; b"" for none.

    Returns:
        All files of the folder.

    Raises:
        InputError: The document or the folder is none that it can be added to.
    """
    new = published_in(document, "document")
    _refuse_unfinished(new)  # 1
    _refuse_foreign(files, provider)
    path = new.path
    same = files.get(path) == document
    if path in files and not same:  # 2
        _refuse_older(published_in(files[path], path), new)
    _refuse_mixed(files, path, provider, signed=bool(signature))  # 3
    found = {**files, path: document}  # 4
    name = path.rpartition("/")[2]
    for algorithm in ("sha256", "sha512"):
        digest = hashlib.new(algorithm, document).hexdigest()
        found[f"{path}.{algorithm}"] = f"{digest}  {name}\n".encode()
    if signature and not (same and f"{path}.asc" in files):
        found[f"{path}.asc"] = signature
    if provider.key:
        found[key_path(provider.key.fingerprint)] = provider.key.armoured
    found |= _lists(found)  # 5
    return found | {METADATA: _metadata(files, found, provider, at)}


def _refuse_unfinished(new: Published) -> None:
    if new.label != "WHITE":
        raise InputError(
            f"CSAF folder: {new.id}: expected TLP:WHITE, got {new.label or 'no label'}",
            hint="everybody can read the folder; render the document with --tlp CLEAR",
        )
    if new.status == "draft":
        raise InputError(
            f"CSAF folder: {new.id}: expected status final, got draft",
            hint="render the document as final once the embargo has been lifted",
        )


def _refuse_foreign(files: Mapping[str, bytes], provider: Provider) -> None:
    if METADATA not in files:
        return
    found = parse_object(files[METADATA], METADATA)
    if found.get("canonical_url") != provider.base + METADATA:
        raise InputError(
            f"CSAF folder: canonical_url: expected {provider.base + METADATA!r}, "
            f"got {str(found.get('canonical_url'))[:200]!r}",
            hint="name the folder of this provider, or its address as it is published",
        )
    distributions = found.get("distributions")
    for one in distributions if isinstance(distributions, list) else []:
        if isinstance(one, dict) and "rolie" in one:
            raise InputError(
                "CSAF folder: it has ROLIE feeds, which are not written here",
                hint="publish into a folder of its own, or with the tool that writes the feeds",
            )


def _refuse_older(old: Published, new: Published) -> None:
    if (old.namespace, old.id) != (new.namespace, new.id):
        raise InputError(
            f"CSAF folder: {new.path}: expected a revision of {new.id} by {new.namespace}, "
            f"got {old.id} by {old.namespace}",
            hint="two identifiers with one file name; give the advisory another identifier",
        )
    if _order(old.version) >= _order(new.version):
        raise InputError(
            f"CSAF folder: {new.path}: expected a version after {old.version}, got {new.version}",
            hint="a published revision never changes; add one to the advisory's revisions",
        )


def _order(version: str) -> tuple[int, ...]:
    matched = _NUMBER.fullmatch(version)
    return tuple(int(part or 0) for part in matched.groups()) if matched else ()


def _refuse_mixed(
    files: Mapping[str, bytes], path: str, provider: Provider, *, signed: bool
) -> None:
    if signed != (provider.key is not None):
        given, absent = ("a signature", "key") if signed else ("a key", "signature")
        raise InputError(
            f"CSAF folder: {path}: got {given}, and no {absent}",
            hint="signatures count for readers who find the public key beside them",
        )
    for other in document_paths(files):
        if other != path and signed != (f"{other}.asc" in files):
            has = "no signature" if signed else "one"
            raise InputError(
                f"CSAF folder: {other} has {has}; expected all documents signed, or none",
                hint="sign the documents that are there with the same key, or use another folder",
            )


def _lists(found: Mapping[str, bytes]) -> dict[str, bytes]:
    start = f"{_LABEL}/"
    paths = [one for one in document_paths(found) if one.startswith(start)]
    documents = [(one.removeprefix(start), published_in(found[one], one)) for one in paths]
    return {
        f"{start}index.txt": index_of([path for path, _ in documents]),
        f"{start}changes.csv": changes_of(documents),
    }


def _metadata(
    before: Mapping[str, bytes], found: Mapping[str, bytes], provider: Provider, at: datetime
) -> bytes:
    keys = keys_in(found)
    if METADATA in before and found == before:
        written = parse_object(before[METADATA], METADATA).get("last_updated")
        updated = moment_of(written) if isinstance(written, str) else None
        same = render_json(metadata_of(provider, _LABEL, updated or at, keys))
        if same == before[METADATA]:
            return same
    return render_json(metadata_of(provider, _LABEL, at, keys))
