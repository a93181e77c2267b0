"""What a provider of CSAF documents says of itself: `provider-metadata.json`.

sealane writes the directory form. Feeds (ROLIE) and aggregators are not written, and a folder that
has feeds is refused: they would go stale beside what is written.

Spec: CSAF 2.0, sections 7.1.7, 7.1.15 to 7.1.20 and 7.2; provider_json_schema.json.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Final

from sealane.core.advisory.csaf.shapes import many, table
from sealane.core.advisory.csaf.tables import PUBLISHER
from sealane.core.advisory.csaf.texts import is_moment, is_uri
from sealane.core.advisory.documents import Issuer
from sealane.core.advisory.shape import Switch, Word, Written
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

METADATA: Final = "provider-metadata.json"
_FINGERPRINT = re.compile("[0-9a-fA-F]{40,}")
_KEY_PATH = re.compile(r"openpgp/([0-9A-F]{40,})\.asc")


def _ends(ending: str) -> Written:
    return Written(
        f"a URL that ends in {ending}", lambda text: is_uri(text) and text.endswith(ending)
    )


_URL = Written("a URL", is_uri)
_FEED = table(
    (
        ("tlp_label", Word(("UNLABELED", "WHITE", "GREEN", "AMBER", "RED"))),
        ("url", _ends(".json")),
    ),
    ("tlp_label", "url"),
)
_ROLIE = table(
    (
        ("categories", many(_ends(".json"), distinct=True)),
        ("feeds", many(_FEED, distinct=True)),
        ("services", many(_ends(".json"), distinct=True)),
    ),
    ("feeds",),
)
_DISTRIBUTION = table((("directory_url", _URL), ("rolie", _ROLIE)), least=1)
_FINGERPRINTS = Written(
    "40 hexadecimal digits or more", lambda text: bool(_FINGERPRINT.fullmatch(text))
)
_KEY = table((("fingerprint", _FINGERPRINTS), ("url", _URL)), ("url",))
_METADATA = table(
    (
        ("canonical_url", _ends(f"/{METADATA}")),
        ("distributions", many(_DISTRIBUTION, distinct=True)),
        ("last_updated", Written("a time like 2026-11-25T12:00:00Z", is_moment)),
        ("list_on_CSAF_aggregators", Switch()),
        ("metadata_version", Word(("2.0",))),
        ("mirror_on_CSAF_aggregators", Switch()),
        ("public_openpgp_keys", many(_KEY, least=0)),
        ("publisher", PUBLISHER),
        ("role", Word(("csaf_publisher", "csaf_provider", "csaf_trusted_provider"))),
    ),
    (
        "canonical_url", "last_updated", "list_on_CSAF_aggregators", "metadata_version",
        "mirror_on_CSAF_aggregators", "publisher", "role",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The OpenPGP key that documents are signed with: fingerprint in upper-case hex, armour."""

    fingerprint: str
    armoured: bytes


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose folder it is.

    Attributes:
        issuer: Who issues the documents.
        url: Where the folder is read, e.g. "https://acme.example/csaf".
        key: What the documents are signed with; None where they are not.
        listed: Whether aggregators may list the folder.
        mirrored: Whether they may keep copies.
    """

    issuer: Issuer
    url: str
    key: PublicKey | None = None
    listed: bool = True
    mirrored: bool = True

    @property
    def base(self) -> str:
        """The address of the folder, with a slash at its end."""
        return f"{self.url.rstrip('/')}/"


def keys_in(paths: Iterable[str]) -> tuple[str, ...]:
    """The fingerprints of the public keys that lie in a folder, sorted."""
    found = (_KEY_PATH.fullmatch(one) for one in paths)
    return tuple(sorted(one[1] for one in found if one))


def key_path(fingerprint: str) -> str:
    """Where in the folder a public key lies."""
    return f"openpgp/{fingerprint.upper()}.asc"


def metadata_of(
    provider: Provider, label: str, at: datetime, former: Collection[str] = ()
) -> dict[str, JsonValue]:
    """The metadata of a folder in the directory form.

    A provider whose documents are all signed, beside the digests that sealane always writes, is a
    trusted one.

    Args:
        provider: Whose it is.
        label: Name of the folder that has the documents, e.g. "white".
        at: When it was changed, UTC.
        former: Fingerprints of keys whose signatures are still in the folder.

    Raises:
        InputError: What the configuration says cannot stand in metadata.
    """
    issuer = provider.issuer
    publisher: dict[str, JsonValue] = {
        "category": issuer.category,
        "name": issuer.name,
        "namespace": issuer.namespace,
    }
    if issuer.contact:
        publisher["contact_details"] = issuer.contact
    found: dict[str, JsonValue] = {
        "canonical_url": provider.base + METADATA,
        "distributions": [{"directory_url": f"{provider.base}{label}/"}],
        "last_updated": rfc3339(at),
        "list_on_CSAF_aggregators": provider.listed,
        "metadata_version": "2.0",
        "mirror_on_CSAF_aggregators": provider.mirrored,
        "publisher": publisher,
        "role": "csaf_trusted_provider" if provider.key else "csaf_provider",
    }
    if provider.key:
        keys = sorted({provider.key.fingerprint, *former})
        found["public_openpgp_keys"] = [
            {"fingerprint": one, "url": provider.base + key_path(one)} for one in keys
        ]
    for place, message in metadata_faults(found):
        raise InputError(
            f"CSAF folder: {METADATA}: {place}: {message}",
            hint="correct [advisory] of sealane.toml",
        )
    return found


def metadata_faults(metadata: JsonValue) -> Iterator[tuple[str, str]]:
    """What the official schema refuses in metadata: JSON pointers and messages."""
    return _METADATA.broken(metadata, "")
