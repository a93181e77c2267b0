"""Revisions are a chain, and nothing that is new in one goes unsaid."""

from dataclasses import replace
from itertools import pairwise

import pytest

from sealane.core.embargo.case import EmbargoManifest, Tlp, Waiver
from sealane.core.embargo.manifest import digest_of, parse_manifest, render_manifest
from sealane.core.embargo.revisions import changed, check_next, check_revisions
from sealane.errors import EmbargoError, InputError
from support.embargo_manifests import (
    BUILDS,
    CHANNELS,
    FIRST,
    MANIFEST,
    ORDER,
    RECIPIENTS,
    SCHEDULE,
    SOURCE,
    moment,
)

A, B = RECIPIENTS
OLD_ORDER = "forge > index > images + advisory > database > list"


def after(before: EmbargoManifest, **changes: object) -> EmbargoManifest:
    """The next revision, with changes."""
    follows = {"revision": before.revision + 1, "previous": digest_of(before)}
    return replace(before, **{**follows, **changes})  # type: ignore[arg-type]


def later(**changes: object) -> EmbargoManifest:
    return replace(MANIFEST, schedule=replace(SCHEDULE, **changes))  # type: ignore[arg-type]


def test_the_next_revision_follows() -> None:
    check_next(MANIFEST, after(MANIFEST))
    check_next(MANIFEST, after(MANIFEST, roles_version=4, roles_sha256="aa" * 32))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"case": "another-case"}, "case: expected k7q2-94xw-m3hd, got another-case"),
        ({"schedule": replace(SCHEDULE, opened=moment(2))},
         "opened: expected 2026-12-01T15:00:00Z, got 2026-12-02T15:00:00Z"),
        ({"revision": 2}, "revision: expected 3, got 2"),
        ({"revision": 4}, "revision: expected 3, got 4"),
        ({"revision": 1}, "revision: expected 3, got 1"),
        ({"previous": "00" * 32}, "previous: expected [0-9a-f]{64}, got 0000"),
        ({"previous": MANIFEST.previous}, "previous: expected"),
        ({"previous": ""}, "previous: expected"),
        ({"roles_version": 2, "roles_sha256": "aa" * 32}, "roles: expected version 3 or a later"),
        ({"roles_sha256": "aa" * 32}, "roles: expected another file for another version"),
        ({"roles_version": 4}, "roles: expected another file for another version"),
    ],
)  # fmt: skip
def test_a_revision_that_does_not_follow_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(EmbargoError, match=why) as caught:
        check_next(MANIFEST, after(MANIFEST, **changes))
    assert caught.value.exit_code == 7
    assert caught.value.hint


def test_the_digest_that_is_named_is_that_of_the_file() -> None:
    content = render_manifest(MANIFEST)
    edited = parse_manifest(content.replace(b'"window_seconds": 1800', b'"window_seconds": 1801'))
    with pytest.raises(EmbargoError, match="previous"):
        check_next(edited, after(MANIFEST))


def test_what_cannot_be_written_is_followed_by_nothing() -> None:
    with pytest.raises(InputError):
        check_next(replace(MANIFEST, case="x"), replace(MANIFEST, case="x", revision=3))


def chain() -> list[EmbargoManifest]:
    second = after(FIRST, source=SOURCE)
    return [FIRST, second, after(second, builds=BUILDS)]


def test_all_revisions_give_the_newest() -> None:
    assert check_revisions(chain()) == chain()[-1]
    assert check_revisions([FIRST]) == FIRST


@pytest.mark.parametrize(
    "broken",
    [
        [], chain()[1:], chain()[:1] + chain()[2:], chain()[::-1], chain()[:1] * 2,
        [replace(FIRST, tlp=Tlp.AMBER), *chain()[1:]],
        [*chain()[:1], replace(chain()[1], tlp=Tlp.AMBER), chain()[2]],
    ],
    ids=["none", "first-missing", "one-missing", "backwards", "twice", "first-edited", "edited"],
)  # fmt: skip
def test_a_broken_chain_is_refused(broken: list[EmbargoManifest]) -> None:
    with pytest.raises(EmbargoError):
        check_revisions(broken)


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (MANIFEST, ()),
        (after(MANIFEST), ()),
        (replace(MANIFEST, case="another-case"), ("case: name: k7q2-94xw-m3hd -> another-case",)),
        (replace(MANIFEST, tlp=Tlp.RED), ("case: traffic light: AMBER+STRICT -> RED",)),
        (replace(MANIFEST, roles_version=4), ("roles: version: 3 -> 4",)),
        (later(not_before=moment(14)),
         ("schedule: not before: 2026-12-15T15:00:00Z -> 2026-12-14T15:00:00Z",)),
        (later(heads_up=None), ("schedule: heads-up: 2026-12-14T15:00:00Z -> none",)),
        (later(window_s=60), ("schedule: window: 1800 seconds -> 60 seconds",)),
        (later(waivers=()), ("waiver of lift-weekday: removed",)),
        (later(waivers=(*SCHEDULE.waivers, Waiver("lift-hours", "night shift"))),
         ("waiver of lift-hours: added, reason night shift",)),
        (replace(MANIFEST, source=(SOURCE[0], replace(SOURCE[1], fix="cc" * 20))),
         (f"series release/1.3: fix: {'b2' * 20} -> {'cc' * 20}",)),
        (replace(MANIFEST, builds=(replace(BUILDS[0], files=BUILDS[0].files[:1]), BUILDS[1])),
         ("file acme_http-1.4.2.tar.gz: removed",)),
        (replace(MANIFEST, builds=BUILDS[1:]),
         ("build PyPI acme-http 1.4.2: removed",
          "file acme_http-1.4.2-py3-none-any.whl: removed",
          "file acme_http-1.4.2.tar.gz: removed")),
        (replace(MANIFEST, ids=MANIFEST.ids[:1]), ("identifier GHSA-2345-cfgh-jmpq: removed",)),
        (replace(MANIFEST, recipients=(A,)), ("recipient Größe & Söhne: removed",)),
        (replace(MANIFEST, recipients=(replace(A, bundle_sha256="", acknowledged=None), B)),
         (f"recipient Distribution A: SHA-256 of the bundle: {'e1' * 32} -> none",
          "recipient Distribution A: acknowledged: 2026-12-09T15:00:00Z -> none")),
        (replace(MANIFEST, channels=(*CHANNELS[:2], replace(CHANNELS[2], required=True),
                                     *CHANNELS[3:])),
         ("channel images: required: no -> yes",)),
        (replace(MANIFEST, lift_order=(*ORDER[:1], ("index", "images"), ("advisory",), *ORDER[3:])),
         (f"lift: order: {OLD_ORDER} -> forge > index + images > advisory > database > list",)),
        (replace(MANIFEST, source=SOURCE[::-1]), ("series: in another order: release/1.3, main",)),
        (replace(MANIFEST, recipients=RECIPIENTS[::-1]),
         ("recipients: in another order: Größe & Söhne, Distribution A",)),
    ],
)  # fmt: skip
def test_what_is_new_is_said(new: EmbargoManifest, lines: tuple[str, ...]) -> None:
    assert changed(MANIFEST, new) == lines


def test_what_was_added_is_said_with_everything_in_it() -> None:
    (line,) = changed(replace(MANIFEST, recipients=(A,)), MANIFEST)
    assert line.startswith("recipient Größe & Söhne: added, contact sftp://b.example/in, key age ")
    assert line.endswith("objects a holiday there")


def variants() -> list[EmbargoManifest]:
    """A manifest for every field that a manifest has, in which that field alone is another."""
    line, build, key, channel = SOURCE[0], BUILDS[0], A.key, CHANNELS[0]
    file, draft, waiver = build.files[0], MANIFEST.documents[0], SCHEDULE.waivers[0]
    other: dict[str, object] = {
        "case": "another-case", "tlp": Tlp.RED, "roles_version": 9, "roles_sha256": "00" * 32,
        "ids": ("CVE-2026-10002", *MANIFEST.ids[1:]), "lift_order": ORDER[::-1],
    }  # fmt: skip
    found = [replace(MANIFEST, **{name: value}) for name, value in other.items()]  # type: ignore[arg-type]
    times = ("opened", "not_before", "expires", "predisclosure", "heads_up")
    found += [later(**{name: moment(20)}) for name in times]
    found += [later(profile="django"), later(window_s=99)]
    found += [later(waivers=(replace(waiver, **{n: "other"}),)) for n in ("rule", "reason")]
    for name in ("branch", "base", "fix", "tag", "bundle_sha256", "epoch"):
        new_line = replace(line, **{name: 7 if name == "epoch" else "other"})  # type: ignore[arg-type]
        found.append(replace(MANIFEST, source=(new_line, SOURCE[1])))
    for name in ("package", "ecosystem", "version"):
        found.append(replace(MANIFEST, builds=(replace(build, **{name: "other"}), BUILDS[1])))  # type: ignore[arg-type]
    for name in ("name", "sha256", "size", "reproduced"):
        new = replace(file, **{name: False if name == "reproduced" else "0"})  # type: ignore[arg-type]
        files = (new, build.files[1])
        found.append(replace(MANIFEST, builds=(replace(build, files=files), BUILDS[1])))
    for name in ("format", "sha256"):
        documents = (replace(draft, **{name: "other"}), MANIFEST.documents[1])
        found.append(replace(MANIFEST, documents=documents))
    people: dict[str, object] = {
        "org": "C", "contact": "c", "permissions": (), "bundle_sha256": "", "acknowledged": None,
        "objects": "too early", "key": replace(key, fingerprint="CD" * 20),
    }  # fmt: skip
    found += [replace(MANIFEST, recipients=(replace(A, **{n: v}), B)) for n, v in people.items()]  # type: ignore[arg-type]
    found += [replace(MANIFEST, recipients=(replace(A, key=replace(key, not_after=moment(9))), B))]
    for name, value in {"id": "other", "kind": "npm", "undo": "yes", "required": False}.items():
        channels = (replace(channel, **{name: value}), *CHANNELS[1:])  # type: ignore[arg-type]
        found.append(replace(MANIFEST, channels=channels))
    return found


def test_no_change_goes_unsaid() -> None:
    said = [changed(MANIFEST, one) for one in variants()]
    assert all(said)
    # Nor do two different changes read as the same one.
    assert len(set(said)) == len(said)
    for before, new in pairwise(variants()):
        assert changed(before, new)
        assert changed(before, before) == ()
