"""All outlets, by the kind that the configuration names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields

from sealane.core.model.shown import shown
from sealane.errors import InputError, UsageError
from sealane.io.adapters.http import LOOPBACK_NAMES, host_of
from sealane.io.outlets.csaf_tree import CsafTreeOutlet, CsafTreeSettings
from sealane.io.outlets.cve import CveOutlet, CveSettings
from sealane.io.outlets.ghsa import GhsaOutlet, GhsaSettings
from sealane.io.outlets.interface import About, Outlet, Surroundings
from sealane.io.outlets.osv_git import OsvGitOutlet, OsvGitSettings

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_Make = Callable[[str, Mapping[str, str], About, Surroundings], Outlet]


def _ghsa(name: str, settings: Mapping[str, str], about: About, around: Surroundings) -> Outlet:
    return GhsaOutlet(name, GhsaSettings(**settings), about, around)


def _cve(name: str, settings: Mapping[str, str], about: About, around: Surroundings) -> Outlet:
    return CveOutlet(name, CveSettings(**settings), about, around)


def _csaf_tree(
    name: str, settings: Mapping[str, str], about: About, around: Surroundings
) -> Outlet:
    return CsafTreeOutlet(name, CsafTreeSettings(**settings), about, around)


def _osv_git(name: str, settings: Mapping[str, str], about: About, around: Surroundings) -> Outlet:
    return OsvGitOutlet(name, OsvGitSettings(**settings), about, around)


# In the order in which they become public.
_KINDS: Mapping[str, tuple[type, _Make]] = {
    "ghsa": (GhsaSettings, _ghsa),
    "cve": (CveSettings, _cve),
    "csaf-tree": (CsafTreeSettings, _csaf_tree),
    "osv-git": (OsvGitSettings, _osv_git),
}
KINDS = tuple(_KINDS)
# The URL of a CSAF folder is only told: what is written to is on the disk.
_WRITTEN_TO: Mapping[str, tuple[str, ...]] = {
    "ghsa": ("url",), "cve": ("url",), "osv-git": ("repository", "push"),
}  # fmt: skip


def settings_of(kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The settings that a kind of outlet needs, and those that it takes besides.

    Raises:
        UsageError: There is no such kind.
    """
    if kind not in _KINDS:
        raise UsageError(
            f"outlet: kind: expected one of {', '.join(KINDS)}, got {shown(kind[:40])!r}",
            hint="sealane advisory publish --help",
        )
    known = fields(_KINDS[kind][0])
    needed = tuple(one.name for one in known if one.default is MISSING)
    return needed, tuple(one.name for one in known if one.name not in needed)


def make_outlet(
    kind: str, name: str, settings: Mapping[str, str], about: About, around: Surroundings
) -> Outlet:
    """The outlet that a table of the configuration names; nothing is asked yet.

    Args:
        kind: "ghsa", "cve", "csaf-tree" or "osv-git".
        name: As the configuration calls it.
        settings: Its other members; see the settings of each outlet.
        about: Which advisory.
        around: The machine.

    Raises:
        UsageError: There is no such kind, a setting is missing, or one is unknown.
        InputError: A setting cannot be used; in a sandbox an outlet would be of the world.
    """
    needed, more = settings_of(kind)
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"outlet: name: expected letters, digits, points and hyphens, got {shown(name[:60])!r}"
        )
    missing = [one for one in needed if not settings.get(one)]
    unknown = [one for one in settings if one not in (*needed, *more)]
    if missing or unknown:
        what, names = ("needs", missing) if missing else ("has no setting", unknown)
        raise UsageError(
            f"outlet {name}: {kind} {what} {', '.join(map(shown, names))}",
            hint=f"it takes {', '.join((*needed, *more))}",
        )
    variable = settings.get("token", "")
    if variable and not _VARIABLE.fullmatch(variable):
        # Whoever writes the token itself there must not find it in a log.
        raise InputError(
            f"outlet {name}: token: expected the name of a variable",
            hint="put the token into a variable of the job, and name that; if the token itself "
            "stands in the file, revoke it",
        )
    if around.sandbox:
        _check_rehearsal(kind, name, settings)
    return _KINDS[kind][1](name, settings, about, around)


def _check_rehearsal(kind: str, name: str, settings: Mapping[str, str]) -> None:
    """Refuse to tell the world what was held against a sandbox only.

    Raises:
        InputError: Something that is written to is on another machine.
    """
    for setting in _WRITTEN_TO.get(kind, ()):
        url = settings.get(setting, "")
        if "://" in url and host_of(url) not in LOOPBACK_NAMES:
            raise InputError(
                f"outlet {name}: {setting}: expected an address of the sandbox, got the host "
                f"{shown(host_of(url)[:100])!r}",
                hint="rehearse with a configuration of its own, --config DIR; nothing was sent",
            )
