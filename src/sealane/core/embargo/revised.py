"""What stays known of a case when a new revision of its manifest is agreed on."""

from __future__ import annotations

from sealane.core.embargo.case import EmbargoManifest, Recipient
from sealane.core.embargo.lift import is_public
from sealane.core.embargo.profiles import Profile
from sealane.core.embargo.standing import Case
from sealane.core.model.values import replace
from sealane.errors import EmbargoError


def carried_over(case: Case, after: EmbargoManifest, profile: Profile) -> Case:
    """The facts of a case that hold for its next revision; its state and entries are as before.

    1. A fix is known where its series is the same. 2. Builds are, where nothing changed in source
    and files. 3. A rehearsal is, where the lift is the same, too. 4. A recipient has what is agreed
    on where nothing in it changed, nor anything about the recipient but what they answered. 5. An
    objection stays until it is resolved, or until the manifest that had it leaves it out.

    Raises:
        EmbargoError: A tag or a version that may be public gets another content.
    """
    before = case.manifest
    public = is_public(one for one in case.entries if one.revision == before.revision)
    lifted = (*case.lifted, before) if public else case.lifted
    for earlier in lifted:
        _check_names_stay(earlier, after)
    same_builds = (before.source, before.builds) == (after.source, after.builds)
    same_lift = (before.channels, before.lift_order, before.schedule.window_s) == (
        after.channels,
        after.lift_order,
        after.schedule.window_s,
    )
    kept = {line.branch for line in after.source if line in before.source}  # 1
    same_bundle = same_builds and (before.documents, before.ids, before.tlp) == (
        after.documents,
        after.ids,
        after.tlp,
    )
    known = {_who(one) for one in before.recipients} if same_bundle else set()
    still = {one.org for one in after.recipients if _who(one) in known}  # 4
    return replace(
        case,
        manifest=after,
        profile=profile,
        fixed=case.fixed & kept,
        built=case.built and same_builds,  # 2
        rehearsed_s=case.rehearsed_s if same_builds and same_lift else 0,  # 3
        approved=(),
        clock=None,
        sent=case.sent & still,
        acknowledged=case.acknowledged & still,
        objections=_objections(case, after),  # 5
        lifted=lifted,
    )


def _who(one: Recipient) -> Recipient:
    """A recipient without what was recorded of them: bundle, answer, objection."""
    return replace(one, bundle_sha256="", acknowledged=None, objects="")


def _objections(case: Case, after: EmbargoManifest) -> tuple[tuple[str, str], ...]:
    written = {one.org for one in case.manifest.recipients if one.objects}
    now = {one.org: one.objects for one in after.recipients}
    kept = {org: why for org, why in case.objections if org in now and org not in written}
    return tuple((kept | {org: why for org, why in now.items() if why}).items())


def _check_names_stay(before: EmbargoManifest, after: EmbargoManifest) -> None:
    """A name that was pushed or uploaded once never means something else."""
    tags = {line.tag: line.fix for line in before.source}
    for line in after.source:
        if tags.get(line.tag, line.fix) != line.fix:
            raise EmbargoError(
                f"source: {line.branch}: expected another tag than {line.tag!r}, which is, or may "
                f"be, public on {tags[line.tag][:12]}",
                hint="release the next version; a public tag is never moved",
            )
    files = {(one.ecosystem, one.package, one.version): one.files for one in before.builds}
    for build in after.builds:
        if files.get((build.ecosystem, build.package, build.version), build.files) != build.files:
            raise EmbargoError(
                f"builds: {build.package}: expected another version than {build.version}, whose "
                "tag is, or may be, public",
                hint="release the next version; the name of a file is never used again",
            )
