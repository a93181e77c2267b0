"""A manifest in words: each thing it speaks of, and what it says of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from sealane.core.embargo.case import (
    EmbargoManifest,
    LiftChannel,
    Recipient,
    Schedule,
    SealedBuild,
    SealedFile,
    SourceLine,
)
from sealane.core.model.moment import rfc3339

# By thing and by what is said of it; "" where nothing is.
Description: TypeAlias = Mapping[str, Mapping[str, str]]


def describe(manifest: EmbargoManifest) -> Description:
    """Everything that a manifest says, apart from its place in the chain.

    Args:
        manifest: In which each name is unique, as in one that was read.
    """
    said: dict[str, Mapping[str, str]] = {
        "case": {"name": manifest.case, "traffic light": manifest.tlp},
        "schedule": _schedule(manifest.schedule),
        "roles": {"version": str(manifest.roles_version), "SHA-256": manifest.roles_sha256},
        "lift": {"order": " > ".join(" + ".join(group) for group in manifest.lift_order)},
    }
    said |= {f"waiver of {one.rule}": {"reason": one.reason} for one in manifest.schedule.waivers}
    said |= {f"series {one.branch}": _source(one) for one in manifest.source}
    for build in manifest.builds:
        name = _build(build)
        said[f"build {name}"] = {}
        said |= {f"file {file.name}": _file(file, name) for file in build.files}
    said |= {f"identifier {one}": {} for one in manifest.ids}
    said |= {f"draft {one.format}": {"SHA-256": one.sha256} for one in manifest.documents}
    said |= {f"recipient {one.org}": _recipient(one) for one in manifest.recipients}
    said |= {f"channel {one.id}": _channel(one) for one in manifest.channels}
    return said


def orders(manifest: EmbargoManifest) -> Mapping[str, tuple[str, ...]]:
    """The names of everything that stands in a list, in its order."""
    builds = manifest.builds
    return {
        "waivers": tuple(one.rule for one in manifest.schedule.waivers),
        "series": tuple(one.branch for one in manifest.source),
        "builds": tuple(map(_build, builds)),
        "files": tuple(file.name for build in builds for file in build.files),
        "identifiers": manifest.ids,
        "drafts": tuple(one.format for one in manifest.documents),
        "recipients": tuple(one.org for one in manifest.recipients),
        "channels": tuple(one.id for one in manifest.channels),
    }


def _schedule(schedule: Schedule) -> Mapping[str, str]:
    return {
        "profile": schedule.profile,
        "opened": rfc3339(schedule.opened),
        "predisclosure": _moment(schedule.predisclosure),
        "heads-up": _moment(schedule.heads_up),
        "not before": rfc3339(schedule.not_before),
        "expires": rfc3339(schedule.expires),
        "window": f"{schedule.window_s} seconds",
    }


def _source(line: SourceLine) -> Mapping[str, str]:
    return {
        "base": line.base,
        "fix": line.fix,
        "tag": line.tag,
        "SHA-256 of the git bundle": line.bundle_sha256,
        "commit time": str(line.epoch),
    }


def _build(build: SealedBuild) -> str:
    return f"{build.ecosystem} {build.package} {build.version}"


def _file(file: SealedFile, build: str) -> Mapping[str, str]:
    return {
        "of": build,
        "SHA-256": file.sha256,
        "size": f"{file.size} bytes",
        "built twice alike": "yes" if file.reproduced else "no",
    }


def _recipient(recipient: Recipient) -> Mapping[str, str]:
    key = recipient.key
    return {
        "contact": recipient.contact,
        "key": f"{key.kind} {key.fingerprint}",
        "key used until": rfc3339(key.not_after),
        "permissions": " + ".join(recipient.permissions),
        "SHA-256 of the bundle": recipient.bundle_sha256,
        "acknowledged": _moment(recipient.acknowledged),
        "objects": recipient.objects,
    }


def _channel(channel: LiftChannel) -> Mapping[str, str]:
    return {
        "kind": channel.kind,
        "undo": channel.undo,
        "required": "yes" if channel.required else "no",
    }


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else rfc3339(moment)
