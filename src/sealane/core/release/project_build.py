"""Turns the read `sealane.toml` into our own values: defaults, and what keys demand of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name

from sealane.core.release.paths import checked_path
from sealane.core.release.project import (
    Advisories,
    AdvisoryOutlet,
    Audit,
    AuditException,
    Build,
    Changelog,
    ChangelogStyle,
    Channel,
    ChannelKind,
    Forge,
    ForgeKind,
    Package,
    Project,
    RuleException,
    TagRule,
    Trust,
    VersionFile,
    VersionRules,
)
from sealane.core.release.project_schema import ChannelTable, Document, VersionFileTable
from sealane.core.release.tag import parse_pattern
from sealane.core.release.version import VersionForm
from sealane.errors import InputError

Fail = Callable[[tuple[str | int, ...], str, object], InputError]

_HOSTS = {ForgeKind.GITLAB: "gitlab.com", ForgeKind.GITHUB: "github.com"}
_PIPELINES = {
    ForgeKind.GITLAB: ".gitlab-ci.yml",
    ForgeKind.GITHUB: ".github/workflows/release.yml",
}
_NAMED_REPOSITORIES = ("pypi", "testpypi")
_ORIGIN = re.compile(
    r"https://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)/?", re.ASCII | re.IGNORECASE
)


def build_project(
    document: Document, digest: str, manifest_name: Callable[[str], str | None], fail: Fail
) -> Project:
    """Fill in defaults and check what Pydantic cannot see.

    Raises:
        InputError: By `fail`, with the place of what is wrong.
    """
    packages = _packages(document, manifest_name, fail)
    return Project(
        name=document.project.name,
        packages=packages,
        tags=_tags(document, fail),
        version=_version(document, packages, fail),
        changelog=_changelog(document, fail),
        audit=_audit(document, fail),
        build=Build(
            lock=_path(document.build.lock, ("build", "lock"), fail),
            environment=tuple(sorted(document.build.env.items())),
            forbid=tuple(document.build.forbid),
        ),
        trust=_trust(document, fail),
        channels=_channels(document, fail),
        forge=_forge(document, fail),
        environment=document.approvals.environment,
        exceptions=tuple(
            RuleException(e.rule, e.scope, e.reason, e.expires) for e in document.exception
        ),
        advisories=_advisories(document, fail),
        digest=digest,
    )


def _path(path: str, place: tuple[str | int, ...], fail: Fail) -> str:
    try:
        return checked_path(path)
    except ValueError as error:
        raise fail(place, str(error), path) from error


def _unique(names: Iterable[str], table: str, key: str, fail: Fail) -> None:
    seen: set[str] = set()
    for position, name in enumerate(names):
        if name in seen:
            raise fail((*table.split("."), position, key), "a name used once", name)
        seen.add(name)


def _packages(
    document: Document, manifest_name: Callable[[str], str | None], fail: Fail
) -> tuple[Package, ...]:
    found = []
    if document.package is None:
        name = document.project.name
        return (Package(name, ".", manifest_name(".") or name),)
    for position, table in enumerate(document.package):
        path = _path(table.path, ("package", position, "path"), fail)
        name = table.name or document.project.name
        found.append(Package(name, path, table.publish_as or manifest_name(path) or name))
    _unique((package.name for package in found), "package", "name", fail)
    published = (str(canonicalize_name(package.publish_as)) for package in found)
    _unique(published, "package", "publish_as", fail)
    return tuple(found)


def _tags(document: Document, fail: Fail) -> tuple[TagRule, ...]:
    default = f"v{{{document.version.scheme}}}"
    rules = tuple(TagRule(table.pattern) for table in document.tag or ()) or (TagRule(default),)
    for position, rule in enumerate(rules):
        try:
            parse_pattern(rule)
        except InputError as error:
            expected = f"a pattern ({error.message.partition(': ')[2]})"
            raise fail(("tag", position, "pattern"), expected, rule.pattern) from error
    return rules


def _version(document: Document, packages: tuple[Package, ...], fail: Fail) -> VersionRules:
    scheme = VersionForm(document.version.scheme)
    if document.version.files is not None:
        files = tuple(
            _version_file(table, position, scheme, fail)
            for position, table in enumerate(document.version.files)
        )
        return VersionRules(scheme, files)
    folders = ["" if package.path == "." else f"{package.path}/" for package in packages]
    return VersionRules(
        scheme,
        tuple(
            VersionFile(f"{folder}pyproject.toml", "project.version", None, VersionForm.PEP440)
            for folder in folders
        ),
    )


def _version_file(
    table: VersionFileTable, position: int, scheme: VersionForm, fail: Fail
) -> VersionFile:
    place = ("version", "files", position)
    file = _path(table.file, (*place, "file"), fail)
    if (table.key is None) == (table.regex is None):
        raise fail(place, "exactly one of key and regex", table.model_dump(exclude_none=True))
    if table.key is not None and not file.endswith((".toml", ".json")):
        raise fail((*place, "key"), "regex for other files than .toml and .json", file)
    if table.form is not None:
        form = VersionForm(table.form)
    elif file.endswith(".py") or file.rpartition("/")[2] == "pyproject.toml":
        form = VersionForm.PEP440
    else:
        form = VersionForm.SEMVER if file.endswith(".json") else scheme
    return VersionFile(file, table.key, table.regex, form)


def _changelog(document: Document, fail: Fail) -> Changelog:
    file = _path(document.changelog.file, ("changelog", "file"), fail)
    return Changelog(ChangelogStyle(document.changelog.style), file)


def _audit(document: Document, fail: Fail) -> Audit:
    locks = tuple(
        _path(lock, ("audit", "locks", position), fail)
        for position, lock in enumerate(document.audit.locks)
    )
    exceptions = tuple(
        AuditException(e.id, str(canonicalize_name(e.package)), e.reason, e.expires)
        for e in document.audit.exception
    )
    keys = [f"{entry.id} of {entry.package}" for entry in exceptions]
    _unique(keys, "audit", "exception", fail)
    return Audit(locks, exceptions)


def _trust(document: Document, fail: Fail) -> Trust:
    trust = document.trust
    root = None if trust.root == "embedded" else trust.root
    if root is not None and trust.sha256 is None:
        raise fail(("trust", "root"), "sha256 beside it, to pin the file", root)
    if root is None and trust.sha256 is not None:
        raise fail(("trust", "sha256"), "root beside it: a path", trust.sha256)
    return Trust(
        policy=None if trust.policy is None else _path(trust.policy, ("trust", "policy"), fail),
        root=None if root is None else _path(root, ("trust", "root"), fail),
        sha256=trust.sha256,
    )


def _channels(document: Document, fail: Fail) -> tuple[Channel, ...]:
    found = []
    for position, table in enumerate(document.channel):
        environment = table.environment
        found.append(
            Channel(
                name=table.name,
                kind=ChannelKind(table.kind),
                repository=_repository(table, position, fail),
                environment=document.approvals.environment if environment is None else environment,
            )
        )
    _unique((channel.name for channel in found), "channel", "name", fail)
    return tuple(found)


def _repository(table: ChannelTable, position: int, fail: Fail) -> str:
    place = ("channel", position, "repository")
    if ChannelKind(table.kind) is ChannelKind.PYPI:
        repository = table.repository or _NAMED_REPOSITORIES[0]
        if repository not in _NAMED_REPOSITORIES:
            raise fail(place, f"one of {', '.join(_NAMED_REPOSITORIES)}", repository)
        return repository
    if table.repository is None:
        raise fail(place, "a URL", "nothing")
    try:
        url = urlsplit(table.repository)
    except ValueError as error:  # e.g. of an address with one bracket
        raise fail(place, "a URL", table.repository) from error
    loopback = url.hostname in ("127.0.0.1", "localhost", "::1")
    schemes = ("https", "http") if loopback else ("https",)
    if not url.hostname or url.username or url.scheme not in schemes:
        raise fail(place, "an https URL without credentials", table.repository)
    return table.repository


def _forge(document: Document, fail: Fail) -> Forge:
    kind = ForgeKind(document.forge.kind)
    host = _HOSTS[kind]
    if document.forge.url is not None:
        origin = _ORIGIN.fullmatch(document.forge.url)
        if origin is None:
            raise fail(("forge", "url"), "https://HOST", document.forge.url)
        host = origin[1].lower()
    if kind is ForgeKind.GITHUB and document.forge.project.count("/") != 1:
        raise fail(("forge", "project"), "OWNER/REPOSITORY", document.forge.project)
    pipeline = _path(document.ci.file or _PIPELINES[kind], ("ci", "file"), fail)
    if not pipeline.endswith((".yml", ".yaml")):
        raise fail(("ci", "file"), "a .yml or .yaml file", pipeline)
    if kind is ForgeKind.GITHUB and not pipeline.startswith(".github/workflows/"):
        raise fail(("ci", "file"), "a file in .github/workflows", pipeline)
    return Forge(kind, document.forge.project, host, pipeline)


def _advisories(document: Document, fail: Fail) -> Advisories:
    table = document.advisory
    if table.issuer is not None and table.namespace is None:
        raise fail(("advisory", "namespace"), "a URL that is the issuer's", "nothing")
    if table.issuer is None and table.namespace is not None:
        raise fail(("advisory", "issuer"), "a name beside the namespace", "nothing")
    _unique((one.name for one in table.outlet), "advisory.outlet", "name", fail)
    found = []
    for position, one in enumerate(table.outlet):
        settings = one.model_dump(exclude={"name", "kind"}, exclude_none=True)
        if one.kind == "csaf-tree":
            if table.issuer is None:
                raise fail(("advisory", "issuer"), "a name, for an outlet of CSAF", "nothing")
            settings |= {
                "publisher": table.issuer,
                "namespace": table.namespace,
                "contact": table.contact or "",
                "category": table.category,
            }
        if one.kind == "osv-git" and (one.push is None) == (one.folder is None):
            place = ("advisory", "outlet", position)
            raise fail(place, "either push or folder", sorted(settings))
        found.append(AdvisoryOutlet(one.kind, one.name, tuple(sorted(settings.items()))))
    return Advisories(
        issuer=table.issuer or "",
        namespace=table.namespace or "",
        contact=table.contact or "",
        vendor=table.vendor or "",
        category=table.category,
        supported=tuple(table.supported),
        yank=table.yank,
        outlets=tuple(found),
    )
