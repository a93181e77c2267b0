"""What the parts of a manifest have to say together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from sealane.core.embargo.case import EmbargoManifest, Recipient, Schedule
from sealane.core.embargo.lift_order import check_lift_order
from sealane.core.model.moment import rfc3339
from sealane.errors import InputError


def check_manifest(manifest: EmbargoManifest, place: str) -> None:
    """The parts fit each other.

    1. The first revision follows none, and each other one. 2. The times are in their order. 3. No
    name is there twice, in any spelling that reads as the same. 4. A commit is not its own fix, and
    what was built has a source. 5. Who is told before is told at a time. 6. The order of the lift
    is one (see `lift_order`).

    Args:
        manifest: Of which each value alone has its shape.
        place: What it is called in errors.

    Raises:
        InputError: One of these does not hold.
    """
    if (manifest.revision == 1) != (manifest.previous == ""):  # 1
        raise InputError(
            f"{place}: previous: expected the digest of the revision before, and none only in "
            f"revision 1, got {manifest.previous[:16]!r} in revision {manifest.revision}"
        )
    _check_times(manifest.schedule, f"{place}: schedule")  # 2
    _check_names(manifest, place)  # 3
    _check_source(manifest, place)  # 4
    _check_told(manifest, place)  # 5
    check_lift_order(manifest.channels, manifest.lift_order, f"{place}: lift_order")  # 6


def _check_times(schedule: Schedule, place: str) -> None:
    start, lift = schedule.opened, schedule.not_before
    _check_after(f"{place}: not_before", "opened", start, lift)
    _check_after(f"{place}: expires", "not_before", lift, schedule.expires)
    early = (("predisclosure", schedule.predisclosure), ("heads_up", schedule.heads_up))
    for name, at in early:
        if at is not None and not start <= at < lift:
            raise InputError(
                f"{place}: {name}: expected from {rfc3339(start)}, when the case was opened, to "
                f"before {rfc3339(lift)}, the lift, got {rfc3339(at)}"
            )


def _check_after(place: str, name: str, first: datetime, second: datetime) -> None:
    if second <= first:
        raise InputError(
            f"{place}: expected a time after {name}, {rfc3339(first)}, got {rfc3339(second)}"
        )


def _check_names(manifest: EmbargoManifest, place: str) -> None:
    source, builds = manifest.source, manifest.builds
    packages = [f"{b.ecosystem} {_project(b.package)} {b.version}" for b in builds]
    for what, names in (
        ("source: branch", [one.branch for one in source]),
        ("source: tag", [one.tag for one in source]),
        ("builds", packages),
        ("builds: file", [file.name for build in builds for file in build.files]),
        ("advisory: ids", manifest.ids),
        ("advisory: documents", [one.format for one in manifest.documents]),
        ("recipients: org", [one.org for one in manifest.recipients]),
        ("recipients: key", [one.key.fingerprint for one in manifest.recipients]),
        ("channels: id", [one.id for one in manifest.channels]),
        ("schedule: waivers", [one.rule for one in manifest.schedule.waivers]),
        *_permissions(manifest.recipients),
    ):
        _check_unique(names, f"{place}: {what}")


def _permissions(recipients: Iterable[Recipient]) -> Iterable[tuple[str, tuple[str, ...]]]:
    return ((f"recipients: permissions of {one.org}", one.permissions) for one in recipients)


def _project(package: str) -> str:
    """A package's name as an index compares it: runs of - _ . are one hyphen (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package)


def _check_unique(names: Iterable[str], place: str) -> None:
    # Folders and people do not tell "Acme" from "acme", so nothing else may have to.
    seen: dict[str, str] = {}
    for name in names:
        twin = seen.get(name.casefold())
        if twin is not None:
            both = f"{name!r} twice" if twin == name else f"{twin!r} and {name!r}"
            raise InputError(f"{place}: expected each once, got {both}", hint="remove one of them")
        seen[name.casefold()] = name


def _check_source(manifest: EmbargoManifest, place: str) -> None:
    for line in manifest.source:
        if line.base == line.fix or len(line.base) != len(line.fix):
            raise InputError(
                f"{place}: source: {line.branch}: expected base and fix as two commits of one "
                f"repository, got {line.base[:16]}… and {line.fix[:16]}…"
            )
    if manifest.builds and not manifest.source:
        raise InputError(f"{place}: builds: built from nothing", hint="name the source of each")
    for build in manifest.builds:
        if not build.files:
            raise InputError(f"{place}: builds: {build.package} {build.version}: it has no file")


def _check_told(manifest: EmbargoManifest, place: str) -> None:
    at = manifest.schedule.predisclosure
    if bool(manifest.recipients) != (at is not None):
        told = f"{len(manifest.recipients)} recipients"
        when = "no time of predisclosure" if at is None else f"predisclosure at {rfc3339(at)}"
        raise InputError(
            f"{place}: recipients: expected recipients and a time to tell them, or neither, "
            f"got {told} and {when}",
            hint="set schedule: predisclosure in the revision that adds the recipients",
        )
    for one in manifest.recipients:
        if one.acknowledged is None:
            continue
        if not one.bundle_sha256 or one.acknowledged < manifest.schedule.opened:
            raise InputError(
                f"{place}: recipients: {one.org}: acknowledged {rfc3339(one.acknowledged)}, "
                "before there was anything to acknowledge",
                hint="record the bundle's digest when it is sent, and the acknowledgement after it",
            )
