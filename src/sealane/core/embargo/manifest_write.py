"""A manifest as JSON: every member is there, with null or "" where there is nothing yet."""

from __future__ import annotations

from datetime import datetime

from sealane.core.embargo.case import (
    MANIFEST_SCHEMA,
    EmbargoManifest,
    LiftChannel,
    Recipient,
    Schedule,
    SealedBuild,
    SourceLine,
)
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue


def document_of(manifest: EmbargoManifest) -> dict[str, JsonValue]:
    """The members of a manifest, in no order."""
    return {
        "schema": MANIFEST_SCHEMA,
        "case": manifest.case,
        "revision": manifest.revision,
        "previous": manifest.previous,
        "tlp": manifest.tlp,
        "schedule": _schedule(manifest.schedule),
        "roles": {"version": manifest.roles_version, "sha256": manifest.roles_sha256},
        "source": [_source(one) for one in manifest.source],
        "builds": [_build(one) for one in manifest.builds],
        "advisory": {
            "ids": list(manifest.ids),
            "documents": [{"format": d.format, "sha256": d.sha256} for d in manifest.documents],
        },
        "recipients": [_recipient(one) for one in manifest.recipients],
        "channels": [_channel(one) for one in manifest.channels],
        "lift_order": [list(group) for group in manifest.lift_order],
    }


def _schedule(schedule: Schedule) -> JsonValue:
    return {
        "profile": schedule.profile,
        "opened": rfc3339(schedule.opened),
        "predisclosure": _moment(schedule.predisclosure),
        "heads_up": _moment(schedule.heads_up),
        "not_before": rfc3339(schedule.not_before),
        "expires": rfc3339(schedule.expires),
        "window_seconds": schedule.window_s,
        "waivers": [{"rule": one.rule, "reason": one.reason} for one in schedule.waivers],
    }


def _source(line: SourceLine) -> JsonValue:
    return {
        "branch": line.branch,
        "base": line.base,
        "fix": line.fix,
        "tag": line.tag,
        "bundle_sha256": line.bundle_sha256,
        "source_date_epoch": line.epoch,
    }


def _build(build: SealedBuild) -> JsonValue:
    files: list[JsonValue] = [
        {"name": f.name, "sha256": f.sha256, "size": f.size, "reproduced": f.reproduced}
        for f in build.files
    ]
    return {
        "package": build.package,
        "ecosystem": build.ecosystem,
        "version": build.version,
        "files": files,
    }


def _recipient(recipient: Recipient) -> JsonValue:
    key = recipient.key
    return {
        "org": recipient.org,
        "contact": recipient.contact,
        "key": {
            "kind": key.kind,
            "fingerprint": key.fingerprint,
            "not_after": rfc3339(key.not_after),
        },
        "permissions": list(recipient.permissions),
        "bundle_sha256": recipient.bundle_sha256,
        "acknowledged": _moment(recipient.acknowledged),
        "objects": recipient.objects,
    }


def _channel(channel: LiftChannel) -> JsonValue:
    return {
        "id": channel.id,
        "kind": channel.kind,
        "undo": channel.undo,
        "required": channel.required,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
