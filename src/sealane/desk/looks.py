"""One look a kind: each adds to what was seen, or raises where nothing can be seen.

All of them raise NetworkError where a service does not answer as it should; UsageError where they
may not ask; InputError where a file or folder that the user named cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sealane.core.advisory.checks.interface import (
    SeenAnswer,
    SeenAudit,
    SeenCve,
    SeenFile,
    SeenFix,
    SeenReference,
)
from sealane.core.advisory.listing import ListedFile, Listing
from sealane.core.model.values import replace
from sealane.core.model.verdict import Basis
from sealane.desk.ask import AUDIT_SERVICES, About, Ask, Kind, Means, Observed
from sealane.errors import InputError, NetworkError, UsageError
from sealane.io.adapters.files import read_bounded, read_text

_MOST_LINKS = 100
_MOST_FIXES = 100
# pip-audit is started once for each of them. A record without ranges lists every version by itself.
_MOST_RELEASES = 300
_TEXT_LIMIT = 1024 * 1024  # bytes of an announcement
_TREE_FILE_LIMIT = 16 * 1024 * 1024  # bytes
_MOST_TREE_FILES = 10_000
_TAGS = "refs/tags/"
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")


def look_at_index(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """The index of each package; one that it does not know has no release there."""
    from sealane.core.advisory.predict import listing_of
    from sealane.core.advisory.reach import projects_of
    from sealane.io.clients.index_read import read_project

    web = means.network(Kind.INDEX)
    for project in projects_of(about.record):
        files = read_project(web, ask.index, project)
        listed = [ListedFile(one.filename, one.sha256, one.yanked) for one in files or ()]
        try:
            listing = listing_of(project, listed, ask.index)
        except InputError as error:
            raise NetworkError(error.message, hint=error.hint) from error
        now = replace(now, listings=(*now.listings, listing))
        now = now.basing(Kind.INDEX, basis_of(listing))
        if files is None:
            now = now.noting(Kind.INDEX, f"{ask.index}: no project {project}")
    return now


def basis_of(listing: Listing) -> Basis:
    """A listing as what was judged by: the digest is over what it says, in one form."""
    said = [
        [release.version, release.predicted, [[f.name, f.sha256, f.yanked] for f in release.files]]
        for release in listing.releases
    ]
    content = json.dumps([listing.project, said, listing.legacy], separators=(",", ":")).encode()
    name = f"{listing.project} at {listing.origin}" if listing.origin else listing.project
    return Basis("index", name, hashlib.sha256(content).hexdigest())


def look_at_references(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """Whether the links of the record answer."""
    from sealane.io.clients.links import look

    web = means.network(Kind.REFERENCES)
    urls = tuple(dict.fromkeys(one.url for one in about.record.references))
    if len(urls) > _MOST_LINKS:
        raise NetworkError(f"references: {len(urls)} links, more than {_MOST_LINKS}")
    found = []
    for url in urls:
        try:
            link = look(web, url)
        except NetworkError as error:
            found.append(SeenReference(url, 0))
            now = now.noting(Kind.REFERENCES, error.message)
            continue
        found.append(SeenReference(url, link.status))
        if link.leads_to:
            now = now.noting(Kind.REFERENCES, f"{url} leads to {link.leads_to[:300]}")
    return replace(now, seen=replace(now.seen, references=tuple(found)))


def look_at_fixes(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """Which public branches and tags of a local clone contain the commits that fix it.

    Only what the remote showed when it was fetched last is public; a branch of the clone's own may
    be nowhere else. Tags are taken as they are: git does not keep where one came from.
    """
    from sealane.core.advisory.checks.references import commits_of
    from sealane.io.adapters.git import Repository

    if ask.repository is None:
        raise UsageError("fixes: no repository was named")
    repository = Repository(ask.repository)
    public = f"refs/remotes/{ask.remote}/" if ask.remote else "refs/heads/"
    commits = commits_of(about.record)
    if len(commits) > _MOST_FIXES:
        raise NetworkError(f"fixes: {len(commits)} commits, more than {_MOST_FIXES}")
    found = []
    for commit in commits:
        full = repository.full_commit(commit)
        refs = repository.refs_with(full) if full else ()
        if full is None:
            note = f"{commit}: {ask.repository.name!r} has no such commit; fetch first"
            now = now.noting(Kind.FIXES, note)
        branches = [one.removeprefix(public) for one in refs if one.startswith(public)]
        tags = [one.removeprefix(_TAGS) for one in refs if one.startswith(_TAGS)]
        found.append(SeenFix(full or commit, tuple(branches), tuple(tags)))
    return replace(now, seen=replace(now.seen, fixes=tuple(found)))


def look_at_tree(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """The published CSAF folder."""
    if ask.tree.startswith(("https://", "http://")):
        from sealane.io.clients.csaf_read import read_tree

        files = read_tree(means.network(Kind.TREE), ask.tree)
    else:
        files = tuple(_files(Path(ask.tree)))
    digest = hashlib.sha256()
    for path, content in files:
        digest.update(f"{hashlib.sha256(content).hexdigest()}  {path}\n".encode())
    tree = tuple(SeenFile(path, content) for path, content in files)
    now = now.basing(Kind.TREE, Basis("CSAF folder", ask.tree, digest.hexdigest()))
    return replace(now, seen=replace(now.seen, tree=tree))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a folder by its path in it, sorted; what is hidden is not published."""
    if not folder.is_dir():
        raise InputError(f"CSAF folder {str(folder)!r}: not a folder", hint="name a folder")
    paths = []
    for directory, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        paths += [Path(directory, name) for name in names if not name.startswith(".")]
        if len(paths) > _MOST_TREE_FILES:
            raise InputError(f"CSAF folder {str(folder)!r}: more than {_MOST_TREE_FILES} files")
    for path in sorted(paths):
        content = read_bounded(path, _TREE_FILE_LIMIT, what="CSAF folder")
        yield path.relative_to(folder).as_posix(), content


def look_at_cve(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """The CVE record, as everybody may read it."""
    from sealane.io.clients.cve_read import read_cve

    named = [one for one in about.ids if _CVE.fullmatch(one)]
    if not named:
        return now.noting(Kind.CVE, "the record names no CVE identifier that could be asked for")
    found = read_cve(means.network(Kind.CVE), ask.cve, named[0])
    seen = None if found is None else SeenCve(found.id, found.state, found.container)
    if found is not None and found.container:
        digest = hashlib.sha256(found.container).hexdigest()
        now = now.basing(Kind.CVE, Basis("CVE record", f"{named[0]} at {ask.cve}", digest))
    return replace(now, seen=replace(now.seen, cve=seen, asked_cve=True))


def look_at_osv(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """What an OSV service answers for the versions at which it can go wrong."""
    from sealane.io.clients.osv import query

    web = means.network(Kind.OSV)
    found = [
        SeenAnswer(project, version, query(web, ask.osv, project, version))
        for project, version in _releases_to_ask(now, about)
    ]
    return replace(now, seen=replace(now.seen, osv=tuple(found)))


def look_at_audits(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """What `pip-audit` says of the same versions, by each service."""
    from sealane.core.advisory.audited import audits_of
    from sealane.core.release.audit import parse_report
    from sealane.io.clients.osv import query
    from sealane.io.clients.vulnerabilities import ask_versions

    web = means.network(Kind.AUDITS)
    unknown = sorted(ask.audits - set(AUDIT_SERVICES))
    if unknown or ("osv" in ask.audits and not ask.osv):
        raise UsageError(
            f"pip-audit: cannot ask {', '.join(unknown) or 'an OSV service without its URL'}",
            hint=f"it asks {' or '.join(AUDIT_SERVICES)}; for osv name the service's base URL",
        )
    releases = _releases_to_ask(now, about)
    found: list[SeenAudit] = []
    for service in sorted(ask.audits) if releases else ():
        url = f"{ask.osv.rstrip('/')}/v1/query" if service == "osv" else ""
        host = urlsplit(url).hostname or "" if url else "the index that pip-audit knows"
        now = replace(now, hosts=tuple(dict.fromkeys((*now.hosts, host))))
        if url:
            # It asks by itself, and anywhere: so first we ask, who may not ask everywhere.
            query(web, ask.osv, *releases[0])
        try:
            report = ask_versions(releases, url, means.environment)
            answers = [one for document in report.documents for one in parse_report(document)]
        except InputError as error:
            raise NetworkError(f"pip-audit: {error.message}", hint=error.hint) from error
        audits = audits_of(service, releases, answers, about.ids)
        found += audits
        if len(audits) < len(releases):
            silent = len(releases) - len(audits)
            now = now.noting(Kind.AUDITS, f"by {service}: no usable answer on {silent} versions")
    return replace(now, seen=replace(now.seen, audits=tuple(found)))


def _releases_to_ask(now: Observed, about: About) -> tuple[tuple[str, str], ...]:
    """Project and version of each release a service is asked about.

    Raises:
        NetworkError: No index was seen: nobody knows which versions there are; or too many.
    """
    from sealane.core.advisory.reach import listing_for, probes_of, projects_of, reach_of

    found: list[tuple[str, str]] = []
    for project in projects_of(about.record):
        listing = listing_for(now.listings, project)
        if listing is None:
            raise NetworkError(
                f"{project}: its index was not seen, so nobody knows which versions to ask about",
                hint="let the index be asked too, or name a saved listing",
            )
        try:
            probes = probes_of(reach_of(about.record, project), listing)
        except InputError:
            continue  # Ranges that cannot be read: ADV04 and ADV05 say why.
        found += [(one.project, one.version) for one in probes]
    if len(found) > _MOST_RELEASES:
        raise NetworkError(f"{len(found)} versions to ask about, more than {_MOST_RELEASES}")
    return tuple(dict.fromkeys(found))


def look_at_announcement(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """The text that announces it."""
    if ask.announcement is None:
        raise UsageError("announcement: no file was named")
    text = read_text(ask.announcement, _TEXT_LIMIT, what="announcement")
    digest = hashlib.sha256(text.encode()).hexdigest()
    now = now.basing(Kind.ANNOUNCEMENT, Basis("announcement", ask.announcement.name, digest))
    return replace(now, seen=replace(now.seen, announcement=text))


def look_at_logs(now: Observed, about: About, ask: Ask, means: Means) -> Observed:
    """When public logs first had entries about the files."""
    from sealane.desk.logged import logged_times

    logged = logged_times(ask.evidence, about.files, ask.trust, about.lifted)
    now = now.noting(Kind.LOGS, *logged.notes).basing(Kind.LOGS, *logged.based_on)
    return replace(now, seen=replace(now.seen, logged=logged.times))
