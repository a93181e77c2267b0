"""What the command line and `sealane.toml` say, in the words of those who act on it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.cli.asked import simple_url, web_for
from sealane.core.model.values import dataclass
from sealane.core.release.project import CONFIGURATION_FILE, Advisories
from sealane.errors import InputError, UsageError

if TYPE_CHECKING:
    from sealane.core.advisory.documents import Rendering
    from sealane.core.advisory.listing import Listing
    from sealane.desk.ask import Ask, Means
    from sealane.io.adapters.http import Web
    from sealane.io.stores.interface import NamedSandbox
    from sealane.io.stores.trust.load import TrustMaterial

ONLINE = ("index", "osv", "cve", "links", "csaf", "pip-audit")
# These say nothing of whoever issues them; the others name a publisher.
_UNNAMED = ("osv", "pypa", "ghsa", "markdown")
_LISTING_LIMIT = 64 * 1024 * 1024  # bytes
_WAIT = re.compile(r"([0-9]{1,6})(s|m|h|d)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Here:
    """Where a command runs.

    Attributes:
        root: The project's folder; paths of the configuration are relative to it.
        settings: `[advisory]` of its `sealane.toml`; the defaults where there is none.
        world: The sandbox that stands in for the world; None for the world.
    """

    root: Path
    settings: Advisories
    world: NamedSandbox | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be asked of the world, as the command line says it.

    Attributes:
        online: Value of `--online`; None where it was not given.
        index_url: Of the simple API; None for the default.
        osv_url: Base URL of an OSV service.
        cve_url: Base URL of CVE Services.
        csaf: Folder or URL of the published CSAF documents.
        repository: A local clone of the project.
        remote: The remote of it whose branches are public.
        announcement: File of the announcement.
        evidence: Evidence about the files.
    """

    online: str | None = None
    index_url: str | None = None
    osv_url: str | None = None
    cve_url: str | None = None
    csaf: str | None = None
    repository: str | None = None
    remote: str = "origin"
    announcement: str | None = None
    evidence: tuple[str, ...] = ()

    def names(self) -> frozenset[str]:
        """What `--online` names.

        Raises:
            UsageError: Something that nobody can be asked, or a URL of something that is not asked.
        """
        found = frozenset(self.online.split(",")) if self.online is not None else frozenset()
        for name in sorted(found - set(ONLINE)):
            raise UsageError(
                f"--online={name[:40]!r}: expected some of {', '.join(ONLINE)}",
                hint="write e.g. --online=index,osv",
            )
        for url, flag, what in (
            (self.index_url, "--index-url", ("index",)),
            (self.osv_url, "--osv-url", ("osv",)),
            (self.cve_url, "--cve-url", ("cve",)),
        ):
            if url is not None and not found & set(what):
                raise UsageError(
                    f"{flag} asks nobody without --online={what[0]}", hint=f"add {what[0]} to it"
                )
        return found


def here(config: str, sandbox: str | None) -> Here:
    """The project in a folder; one without `sealane.toml` says nothing of advisories.

    Args:
        config: The folder, or its `sealane.toml`.
        sandbox: State directory of a sandbox.

    Raises:
        InputError: The file cannot be used, or the folder does not exist.
        TrustError: There is no such sandbox.
    """
    from sealane.io.stores.project import load_project

    place = Path(config)
    root = place.parent if place.name == CONFIGURATION_FILE else place
    if not root.is_dir():
        raise InputError(f"--config {config[:100]!r}: no such folder", hint="name the project")
    there = os.path.lexists(root / CONFIGURATION_FILE)
    settings = load_project(root).advisories if there or root != place else Advisories()
    world = None
    if sandbox is not None:
        from sealane.io.stores.sandbox import load_named_sandbox

        world = load_named_sandbox(sandbox)
    return Here(root, settings, world)


def ask_of(asked: Asked, place: Here, trust: str | None = None) -> tuple[Ask, Means]:
    """What is asked of the world, where, and with what.

    Args:
        asked: What the command line says.
        place: Where it runs.
        trust: Trust root that proves the times of evidence, by name or file.

    Raises:
        UsageError: Something is to be asked, and nobody says where.
        TrustError: The trust root cannot be used.
    """
    from sealane.desk.ask import Ask, Means

    names = asked.names()
    ask = Ask(
        index=simple_url(asked.index_url, place.world) if "index" in names else "",
        references="links" in names,
        repository=None if asked.repository is None else Path(asked.repository),
        remote=asked.remote,
        tree=_tree(asked, names, place),
        cve=_url("cve", asked.cve_url, place, "/cve/api") if "cve" in names else "",
        osv=_url("osv", asked.osv_url, place, "/osv") if "osv" in names else "",
        audits=_audits(names),
        announcement=None if asked.announcement is None else Path(asked.announcement),
        evidence=tuple(Path(one) for one in asked.evidence),
        trust=_trust(asked, place, trust),
    )
    return ask, Means(_web(ask, names, place), _environment(place))


def listings_in(files: Sequence[str]) -> tuple[Listing, ...]:
    """Listings that were saved: answers of a simple API, JSON.

    Raises:
        InputError: One cannot be read.
    """
    from sealane.core.advisory.predict import parse_listing
    from sealane.io.adapters.files import read_bounded

    found = []
    for file in files:
        content = read_bounded(Path(file), _LISTING_LIMIT, what="listing")
        try:
            found.append(parse_listing(content, file))
        except InputError as error:
            hint = "save what the simple API answers for the package, as JSON"
            raise InputError(f"--index {error.message}", hint=error.hint or hint) from error
    names = [one.project for one in found]
    if twice := [name for name in names if names.count(name) > 1]:
        both = " and ".join(one.origin for one in found if one.project == twice[0])
        raise InputError(
            f"--index: two listings of {twice[0][:60]}: {both}",
            hint="name the newer one alone: an index has one answer",
        )
    return tuple(found)


def rendering_of(place: Here, at: datetime, *, final: bool, tlp: str) -> Rendering:
    """What besides the record goes into documents; listings are added by whoever has them."""
    from sealane import __version__
    from sealane.core.advisory.documents import Issuer, Rendering
    from sealane.io.stores.weaknesses import load_weaknesses

    settings = place.settings
    issuer = Issuer(
        settings.issuer, settings.namespace, settings.contact,
        settings.vendor or settings.issuer, settings.category,
    )  # fmt: skip
    folder = _configured("csaf-tree", place) or ""
    return Rendering(issuer, (), at, final, tlp, __version__, load_weaknesses(), folder)


def formats_of(place: Here, named: Sequence[str]) -> tuple[str, ...]:
    """Formats to make: those that are named, or all that can be made.

    Raises:
        UsageError: One that names its issuer, and the project does not say who that is.
    """
    from sealane.core.advisory.formats.registry import FORMATS, format_named

    wanted = tuple(format_named(one).name for one in named)
    if place.settings.issuer:
        return wanted or tuple(FORMATS)
    unsaid = [one for one in wanted if one not in _UNNAMED]
    if unsaid:
        raise UsageError(
            f"format {unsaid[0]}: it names its issuer, and nobody says who that is",
            hint=f"write issuer and namespace below [advisory] in {CONFIGURATION_FILE}",
        )
    return wanted or _UNNAMED


def seconds_of(text: str) -> float:
    """How long somebody waits: "90s", "30m", "6h" or "2d".

    Raises:
        UsageError: Anything else.
    """
    found = _WAIT.fullmatch(text)
    if found is None:
        raise UsageError(
            f"--wait {text[:40]!r}: expected a number and s, m, h or d", hint="write e.g. 6h"
        )
    return float(int(found[1]) * _SECONDS[found[2]])


def moment_of(text: str | None, flag: str) -> datetime | None:
    """A time, aware, UTC; None where none was given.

    Raises:
        UsageError: It is none as RFC 3339 writes it.
    """
    from sealane.core.attestation.members import parse_moment

    if text is None:
        return None
    try:
        return parse_moment(text, flag)
    except InputError as error:
        raise UsageError(error.message, hint="write e.g. 2026-06-01T14:00:00Z") from error


def _trust(asked: Asked, place: Here, trust: str | None) -> TrustMaterial | None:
    if not asked.evidence:
        if trust is not None:
            raise UsageError("--trust proves nothing without --evidence", hint="add --evidence")
        return None
    from sealane.io.stores.trust.choose import choose_roots

    return choose_roots(None, trust, place.world, os.environ)[0]


def _audits(names: frozenset[str]) -> frozenset[str]:
    if "pip-audit" not in names:
        return frozenset()
    return frozenset(name for name in ("index", "osv") if name in names)


def _url(name: str, given: str | None, place: Here, path: str) -> str:
    if given is not None:
        return given
    if place.world is not None:
        return f"{place.world.base}{path}"
    if (configured := _configured(name, place)) is not None:
        return configured
    raise UsageError(
        f"--online={name}: which service is to be asked?", hint=f"name its URL: --{name}-url URL"
    )


def _tree(asked: Asked, names: frozenset[str], place: Here) -> str:
    """Folder or URL of the published CSAF documents; "" where nobody looks at them."""
    if asked.csaf is None:
        if "csaf" not in names:
            return ""
        if (configured := _configured("csaf-tree", place)) is not None:
            return configured
        raise UsageError("--online=csaf: which folder?", hint="name it: --csaf URL")
    if asked.csaf.startswith(("https:", "http:")) and "csaf" not in names:
        raise UsageError("--csaf names a URL, and nobody may be asked", hint="add --online=csaf")
    return asked.csaf


def _configured(kind: str, place: Here) -> str | None:
    """URL of the first outlet of a kind; None where the project has none."""
    urls = (dict(one.settings)["url"] for one in place.settings.outlets if one.kind == kind)
    return next(urls, None)


def _web(ask: Ask, names: frozenset[str], place: Here) -> Web | None:
    if not names:
        return None
    tree = ask.tree if ask.tree.startswith(("https:", "http:")) else ""
    return web_for([one for one in (ask.index, ask.osv, ask.cve, tree) if one], place.world)


def _environment(place: Here) -> dict[str, str]:
    if place.world is None:
        return dict(os.environ)
    from sealane.sandbox.environment import child_environment

    return dict(child_environment(place.world.directory, place.world.base, {}))
