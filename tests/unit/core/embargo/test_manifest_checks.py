"""The parts of a manifest fit each other."""

from dataclasses import replace

import pytest

from sealane.core.embargo.case import EmbargoManifest, Permission
from sealane.core.embargo.manifest import render_manifest
from sealane.errors import InputError
from support.embargo_manifests import (
    BUILDS,
    CHANNELS,
    FIRST,
    MANIFEST,
    RECIPIENTS,
    SCHEDULE,
    SOURCE,
    moment,
)

A, B = RECIPIENTS
FILES = BUILDS[0].files


def with_schedule(**changes: object) -> EmbargoManifest:
    return replace(MANIFEST, schedule=replace(SCHEDULE, **changes))  # type: ignore[arg-type]


def refused(manifest: EmbargoManifest, why: str) -> InputError:
    with pytest.raises(InputError, match=why) as caught:
        render_manifest(manifest)
    assert caught.value.message.startswith("embargo.json: ")
    return caught.value


@pytest.mark.parametrize(
    "manifest",
    [replace(MANIFEST, previous=""), replace(MANIFEST, revision=1), replace(FIRST, revision=2)],
    ids=["follows-none", "first-follows", "second-follows-none"],
)
def test_only_the_first_revision_follows_none(manifest: EmbargoManifest) -> None:
    refused(manifest, "previous: expected the digest of the revision before")


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        (with_schedule(expires=SCHEDULE.not_before), "expires: expected a time after not_before"),
        (with_schedule(expires=moment(14)), "expires: expected a time after not_before"),
        (with_schedule(opened=moment(15)), "not_before: expected a time after opened"),
        (with_schedule(opened=moment(20)), "not_before: expected a time after opened"),
        (with_schedule(predisclosure=moment(15)), "predisclosure: expected from 2026-12-01T15"),
        (with_schedule(predisclosure=moment(1, 14)), "predisclosure: expected from"),
        (with_schedule(heads_up=moment(15)), "heads_up: expected from .*, got 2026-12-15T15"),
        (with_schedule(heads_up=moment(1, 3)), "heads_up: expected from"),
    ],
)  # fmt: skip
def test_times_out_of_order_are_refused(manifest: EmbargoManifest, why: str) -> None:
    refused(manifest, f"schedule: {why}")


def test_the_edges_of_the_times_are_right() -> None:
    assert render_manifest(with_schedule(predisclosure=SCHEDULE.opened, heads_up=None))
    for window in (60, 14_400):
        assert render_manifest(with_schedule(window_s=window))


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        (replace(MANIFEST, source=(SOURCE[0], replace(SOURCE[1], branch="Main"))),
         "source: branch: expected each once, got 'main' and 'Main'"),
        (replace(MANIFEST, source=(SOURCE[0], replace(SOURCE[1], tag=SOURCE[0].tag))),
         "source: tag: expected each once, got 'v1.4.2' twice"),
        (replace(MANIFEST, builds=(BUILDS[0], replace(BUILDS[1], version="1.4.2"))), "builds: "),
        (replace(MANIFEST, builds=(
            BUILDS[0], replace(BUILDS[1], package="Acme_.http", version="1.4.2"))), "builds: "),
        (replace(MANIFEST, builds=(replace(BUILDS[0], files=FILES[:1] * 2),)), "builds: file"),
        (replace(MANIFEST, builds=(BUILDS[0], replace(BUILDS[1], files=FILES))), "builds: file"),
        (replace(MANIFEST, ids=("CVE-2026-10001", "CVE-2026-10001")), "advisory: ids"),
        (replace(MANIFEST, documents=MANIFEST.documents * 2), "advisory: documents"),
        (replace(MANIFEST, recipients=(A, replace(B, org="DISTRIBUTION A"))), "recipients: org"),
        (replace(MANIFEST, recipients=(A, replace(B, key=A.key))), "recipients: key"),
        (replace(MANIFEST, channels=(*CHANNELS, CHANNELS[1])), "channels: id"),
        (with_schedule(waivers=SCHEDULE.waivers * 2), "schedule: waivers"),
        (replace(MANIFEST, recipients=(
            replace(A, permissions=(Permission.DEPLOY_HOSTED, Permission.DEPLOY_HOSTED)), B)),
         "recipients: permissions of Distribution A"),
    ],
)  # fmt: skip
def test_a_name_twice_in_any_spelling_is_refused(manifest: EmbargoManifest, why: str) -> None:
    refused(manifest, why)


@pytest.mark.parametrize(
    "line",
    [replace(SOURCE[0], fix=SOURCE[0].base), replace(SOURCE[0], fix="b1" * 32)],
    ids=["same", "another-kind-of-repository"],
)
def test_a_commit_is_not_its_own_fix(line: object) -> None:
    refused(replace(MANIFEST, source=(line, SOURCE[1])), "source: main: expected base and fix")  # type: ignore[arg-type]


def test_what_was_built_has_a_source() -> None:
    refused(replace(MANIFEST, source=()), "builds: built from nothing")


def test_a_build_has_a_file() -> None:
    build = replace(BUILDS[1], files=())
    refused(replace(MANIFEST, builds=(BUILDS[0], build)), "acme-http 1.3.9: it has no file")


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        (replace(MANIFEST, recipients=()), "got 0 recipients and predisclosure at 2026-12-08"),
        (with_schedule(predisclosure=None), "got 2 recipients and no time of predisclosure"),
    ],
)
def test_an_empty_list_of_recipients_is_told_at_no_time(
    manifest: EmbargoManifest, why: str
) -> None:
    assert "predisclosure" in refused(manifest, why).hint


@pytest.mark.parametrize(
    "recipient",
    [replace(A, bundle_sha256=""), replace(A, acknowledged=moment(1, 14))],
    ids=["no-bundle", "before-the-case"],
)
def test_nothing_is_acknowledged_before_it_was_sent(recipient: object) -> None:
    refused(replace(MANIFEST, recipients=(recipient, B)), "Distribution A: acknowledged 2026-12-0")  # type: ignore[arg-type]
