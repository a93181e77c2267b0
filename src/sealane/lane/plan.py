"""What preflight found: what is to be released, from which commit, to where."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict

from sealane.core.model.values import dataclass
from sealane.errors import InputError

PLAN_SCHEMA = "sealane.plan/1"
# SOURCE_DATE_EPOCH: a zip cannot hold times before 1980 or after 2107.
EPOCHS = range(315532800, 4354819199 + 1)
_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PlannedRelease:
    """One package of the release: the name it is published under, its folder and version."""

    name: str
    path: str
    version: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the lane is about to do; written by preflight, pinned by every later stage.

    Attributes:
        project: Name of the project.
        tag: The tag that is released.
        tag_object: Object id of the tag (equals `commit` for a lightweight tag).
        commit: Commit id the tag stands for.
        tree: Tree id of that commit.
        epoch: Commit time in Unix seconds; SOURCE_DATE_EPOCH of the builds.
        releases: What is built and published.
        channels: Names of the channels, in order.
        configuration: SHA-256 of `sealane.toml`, lower-case hex.
        changelog: SHA-256 of the changelog section of this version; "" without a changelog.
        sandbox: True in a rehearsal.
    """

    project: str
    tag: str
    tag_object: str
    commit: str
    tree: str
    epoch: int
    releases: tuple[PlannedRelease, ...]
    channels: tuple[str, ...]
    configuration: str
    changelog: str
    sandbox: bool


def render_plan(plan: Plan) -> bytes:
    """The plan as JSON, the content of `plan.json`."""
    document = {"schema": PLAN_SCHEMA, **asdict(plan)}
    return json.dumps(document, indent=2, sort_keys=True).encode() + b"\n"


def parse_plan(content: bytes) -> Plan:
    """Read `plan.json` strictly.

    Raises:
        InputError: Not JSON, another schema, a key too many or too few, a wrong type, or a value
            preflight would not have written.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"plan: not JSON: {error}", hint="run preflight again") from error
    if not isinstance(document, dict) or document.get("schema") != PLAN_SCHEMA:
        raise InputError(f"plan: expected schema {PLAN_SCHEMA!r}", hint="run preflight again")
    _exact_keys(document, {"schema", *Plan.__dataclass_fields__}, "plan")
    plan = Plan(
        project=_text(document, "project"),
        tag=_text(document, "tag"),
        tag_object=_matching(document, "tag_object", _OBJECT_ID),
        commit=_matching(document, "commit", _OBJECT_ID),
        tree=_matching(document, "tree", _OBJECT_ID),
        epoch=_epoch(document["epoch"]),
        releases=tuple(_release(entry) for entry in _entries(document, "releases")),
        channels=tuple(_channel(entry) for entry in _entries(document, "channels")),
        configuration=_matching(document, "configuration", _SHA256),
        changelog=_matching(document, "changelog", re.compile(r"|[0-9a-f]{64}")),
        sandbox=_flag(document["sandbox"]),
    )
    names = [release.name for release in plan.releases]
    if len(set(names)) != len(names) or len(set(plan.channels)) != len(plan.channels):
        raise InputError("plan: a package or a channel is named twice")
    return plan


def _exact_keys(document: Mapping[str, object], expected: set[str], place: str) -> None:
    if set(document) != expected:
        raise InputError(f"{place}: keys differ: {sorted(set(document) ^ expected)}")


def _text(document: Mapping[str, object], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value:
        raise InputError(f"plan: {key}: expected a text, got {value!r:.60}")
    return value


def _matching(document: Mapping[str, object], key: str, pattern: re.Pattern[str]) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise InputError(f"plan: {key}: expected {pattern.pattern}, got {value!r:.60}")
    return value


def _epoch(value: object) -> int:
    if type(value) is not int or value not in EPOCHS:
        raise InputError(f"plan: epoch: expected {EPOCHS[0]} to {EPOCHS[-1]}, got {value!r:.60}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise InputError(f"plan: sandbox: expected true or false, got {value!r:.60}")
    return value


def _entries(document: Mapping[str, object], key: str) -> list[object]:
    value = document.get(key)
    if not isinstance(value, list) or not value:
        raise InputError(f"plan: {key}: expected at least one")
    return value


def _release(entry: object) -> PlannedRelease:
    if not isinstance(entry, dict):
        raise InputError("plan: releases: expected name, path and version")
    _exact_keys(entry, {"name", "path", "version"}, "plan: releases")
    return PlannedRelease(_text(entry, "name"), _text(entry, "path"), _text(entry, "version"))


def _channel(entry: object) -> str:
    if not isinstance(entry, str) or not entry:
        raise InputError("plan: channels: expected names")
    return entry
