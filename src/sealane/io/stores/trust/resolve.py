"""Finds the one root that a name means; nothing is ever merged."""

from __future__ import annotations

from collections.abc import Mapping

from sealane.errors import TrustError
from sealane.io.stores.trust.interface import NamedRoot
from sealane.io.stores.trust.packaged import INSTANCES, packaged_root
from sealane.io.stores.trust.stored import stored_names, stored_root


def named_root(name: str, environment: Mapping[str, str]) -> NamedRoot | None:
    """The root that a name means now: the stored one, or a packaged one that is newer.

    Args:
        name: A name; see `is_root_name`.
        environment: Where the user's state directory is named.

    Returns:
        None where there is no root of that name.

    Raises:
        TrustError: The stored one is not what its record says, or the package was changed.
    """
    packaged, stored = packaged_root(name), stored_root(name, environment)
    if packaged is None or stored is None:
        return stored or packaged
    newer = packaged.record.obtained_at > stored.record.obtained_at
    return packaged if newer else stored


def root_names(environment: Mapping[str, str]) -> tuple[str, ...]:
    """All names that mean a root: the packaged ones first.

    Raises:
        TrustError: The user's state cannot be read.
    """
    return tuple(dict.fromkeys((*INSTANCES, *stored_names(environment))))


def unknown_name(name: str, environment: Mapping[str, str]) -> TrustError:
    """What to say where no root has a name."""
    known = ", ".join(root_names(environment))
    return TrustError(
        f"trust root {name[:60]!r}: there is none of that name; there are {known}",
        hint="store it with: sealane trust pin NAME FILE; a file is named with its folder: ./FILE",
    )
