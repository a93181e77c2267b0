"""Talks to one git remote: fetches branches, makes commits without a work tree, pushes one branch.

Everything happens in a bare repository of our own that lives as long as the block. No hook, no
configuration and no credential helper of anybody runs or is read; the token goes to the one origin
it is for, in a header that stands in git's environment, never on a command line.
"""

from __future__ import annotations

import base64
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sealane.core.model.shown import shown
from sealane.core.model.values import dataclass
from sealane.errors import ChannelError, InputError, NetworkError
from sealane.io.adapters.environment import network_environment
from sealane.io.adapters.git import Repository
from sealane.io.adapters.http import origin_of
from sealane.io.adapters.process import Finished, run
from sealane.io.adapters.secret import Secret

_SECONDS = 300.0
_LIMIT = 64 * 1024 * 1024
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_PATH = re.compile(r"[A-Za-z0-9][\w.+-]*(/[A-Za-z0-9][\w.+-]*)*", re.ASCII)
_AUTHOR = re.compile(r"([^<>\r\n\0]*[^<>\s\0]) <([^<>\s\0]+@[^<>\s\0]+)>")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?/")
# A refusal of the service itself; whatever else git says may hide a push that arrived.
_REFUSED = re.compile(
    r"Authentication failed|could not read Username|\[(?:remote )?rejected\]|HTTP 40[0134]"
    r"|returned error: 40[0134]|not found|couldn't find remote ref|denied",
    re.IGNORECASE,
)
_SAFE = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.attributesFile", os.devnull),
    ("credential.helper", ""),
    ("credential.interactive", "false"),
    ("http.followRedirects", "false"),
    ("http.cookieFile", ""),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("submodule.recurse", "false"),
    ("protocol.allow", "never"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """A remote, and how it knows us.

    Attributes:
        url: https, http on loopback where a sandbox is used, or the absolute path of a repository.
        user: Name that goes with the token; most forges take any.
        sandbox: Whether http on loopback is allowed.
    """

    url: str
    user: str = "oauth2"
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    """Who a commit is by."""

    name: str
    mail: str


class Remote:
    """One remote, and the bare repository that it is worked with.

    Args:
        address: Where it is.
        folder: The bare repository; made when missing.
        environment: Where proxies and certificate authorities are looked up.
        token: Shown to the remote; None for one that asks for none.

    Raises:
        InputError: The URL may not be used, or git cannot be started.
    """

    def __init__(
        self, address: Address, folder: Path, environment: Mapping[str, str], token: Secret | None
    ) -> None:
        self._protocol = _protocol(address)
        self._address, self._folder = address, folder
        self._environment, self._token = environment, token
        self._local("init", "--quiet", "--bare", "--template=", ".")

    @property
    def repository(self) -> Repository:
        """What was fetched, for reading."""
        return Repository(self._folder)

    def heads(self) -> dict[str, str]:
        """Commit ids by the names of branches, as the remote has them now.

        Raises:
            ChannelError: It refuses.
            NetworkError: It does not answer.
        """
        listed = self._ask("ls-remote", "--heads", *self._own("upload-pack"), "--", self._url)
        pairs = (line.split("\t") for line in listed.stdout.splitlines())
        return {
            pair[1].removeprefix("refs/heads/"): pair[0]
            for pair in pairs
            if len(pair) == 2 and re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", pair[0])
        }

    def fetch(self, branch: str) -> str:
        """Fetch the newest commit of a branch, without its history; its id.

        Raises:
            ChannelError: It refuses, or has no such branch.
            NetworkError: It does not answer.
        """
        kept = f"refs/sealane/{check_branch(branch)}"
        self._ask(
            "fetch", "--quiet", "--no-tags", "--depth=1", "--no-write-fetch-head",
            *self._own("upload-pack"), "--", self._url, f"+refs/heads/{branch}:{kept}",
        )  # fmt: skip
        return self._text("rev-parse", "--verify", "--quiet", "--end-of-options", kept)

    def commit(
        self, parent: str, files: Mapping[str, bytes], author: Author, at: datetime, message: str
    ) -> str:
        """A commit that puts files into its parent's tree; the same values give the same id.

        Args:
            parent: A commit that was fetched; "" for a first commit.
            files: Contents by path.
            author: Author and committer.
            at: Both dates, aware, UTC.
            message: Its message.

        Raises:
            InputError: A path cannot be used, or git fails.
        """
        index = {"GIT_INDEX_FILE": str(self._folder / "sealane.index")}
        self._local("read-tree", parent or "--empty", more=index)
        for path, content in files.items():
            if not _PATH.fullmatch(path) or ".git" in path.lower().split("/"):
                raise InputError(f"git: a file cannot be called {shown(path)!r}")
            blob = self._stored(content)
            entry = f"100644,{blob},{path}"
            self._local("update-index", "--add", "--cacheinfo", entry, more=index)
        tree = self._text("write-tree", more=index)
        date = f"{int(at.timestamp())} +0000"
        who = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", author.name), ("EMAIL", author.mail), ("DATE", date))
        }
        after = ("-p", parent) if parent else ()
        return self._text("commit-tree", tree, *after, "-m", message, more=who)

    def patch(self, commit: str) -> bytes:
        """A commit as the mail that `git am` reads.

        It depends on the files it changes and on nothing else of its parent, so that it stays the
        same while others change other files.
        """
        return self._local(
            "format-patch", "-1", "--root", "--stdout", "--zero-commit", "--no-signature",
            "--full-index", "--no-renames", "--end-of-options", commit,
        ).output  # fmt: skip

    def push(self, commit: str, branch: str) -> None:
        """Let a branch stand for a commit; one that would lose commits is refused by the remote.

        Raises:
            ChannelError: It refuses.
            NetworkError: It does not answer as it should: the push may have arrived.
        """
        self._ask(
            "push", "--quiet", "--no-verify", *self._own("receive-pack"), "--", self._url,
            f"{commit}:refs/heads/{check_branch(branch)}",
        )  # fmt: skip

    @property
    def _url(self) -> str:
        return self._address.url

    def _stored(self, content: bytes) -> str:
        # By a file: a pipe to git takes 64 KiB at most, and a record may be larger.
        path = self._folder / "sealane.blob"
        path.write_bytes(content)
        return self._text("hash-object", "-w", "--no-filters", "--", str(path))

    def _own(self, service: str) -> tuple[str, ...]:
        """How the other side of a local remote is started: hooks that lie in it do not run."""
        if self._protocol != "file":
            return ()
        return (f"--{service}=git -c core.hooksPath={shlex.quote(os.devnull)} {service}",)

    def _text(self, *arguments: str, more: Mapping[str, str] | None = None) -> str:
        return self._local(*arguments, more=more).stdout.strip()

    def _local(self, *arguments: str, more: Mapping[str, str] | None = None) -> Finished:
        self._folder.mkdir(parents=True, exist_ok=True)
        result = self._run(arguments, {**_variables(_SAFE), **(more or {})})
        if result.code:
            raise InputError(f"git {arguments[0]}: {self._said(result)}")
        return result

    def _ask(self, *arguments: str) -> Finished:
        allowed = (f"protocol.{self._protocol}.allow", "always")
        result = self._run(arguments, _variables((*_SAFE, allowed, *self._header())))
        if result.code:
            said = self._said(result)
            place = f"git {arguments[0]} {_printable(self._url)}"
            if not result.cut_off and _REFUSED.search(result.stderr):
                raise ChannelError(
                    f"{place}: refused: {said}",
                    status=403,
                    code="refused",
                    hint="look at the URL, at what the token may do, and at the branch",
                )
            raise NetworkError(f"{place}: {said}", hint="try again later")
        return result

    def _header(self) -> tuple[tuple[str, str], ...]:
        if self._token is None or self._protocol == "file":
            return ()
        # The header goes to this origin alone, wherever the remote would send us.
        origin = origin_of(self._url)
        return ((f"http.{origin}/.extraHeader", f"Authorization: Basic {self._pair()}"),)

    def _pair(self) -> str:
        token = self._token.reveal() if self._token else ""
        return base64.b64encode(f"{self._address.user}:{token}".encode()).decode()

    def _run(self, arguments: tuple[str, ...], more: Mapping[str, str]) -> Finished:
        base = network_environment(self._environment, self._folder)
        authority = base.get("SSL_CERT_FILE") or base.get("REQUESTS_CA_BUNDLE")
        known = {"GIT_SSL_CAINFO": authority} if authority else {}
        env = {
            **base, **known, "LC_ALL": "C", "GIT_DIR": str(self._folder),
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1", **more,
        }  # fmt: skip
        return run(("git", *arguments), env=env, cwd=self._folder, timeout=_SECONDS, limit=_LIMIT)

    def _said(self, result: Finished) -> str:
        """What git says, one line, without the token in any of its forms."""
        said = result.stderr.strip() or result.cut_off or f"ended with {result.code}"
        if self._token is not None and self._token.reveal():
            for secret in (self._token.reveal(), self._pair()):
                said = said.replace(secret, "<secret>")
        return shown(" ".join(said.split())[-400:])


@contextmanager
def open_remote(
    address: Address, environment: Mapping[str, str], token: Secret | None
) -> Iterator[Remote]:
    """A remote, in a temporary repository that is removed afterwards.

    Raises:
        InputError: As `Remote`.
    """
    import tempfile

    with tempfile.TemporaryDirectory(prefix="sealane-git-") as name:
        yield Remote(address, Path(name) / "bare", environment, token)


def parse_author(text: str) -> Author:
    """An author as git writes one: "Name <address>".

    Raises:
        InputError: Not of that form.
    """
    found = _AUTHOR.fullmatch(text)
    if found is None:
        raise InputError(
            f"author {shown(text[:80])!r}: expected a name and an address",
            hint='write it as "Acme security team <security@acme.example>"',
        )
    return Author(found[1], found[2])


def check_branch(name: str) -> str:
    """A name that every git takes for a branch, and no shell or refspec for anything else.

    Raises:
        InputError: It is none.
    """
    if not _BRANCH.fullmatch(name) or ".." in name or name.endswith((".lock", ".")):
        raise InputError(f"git: a branch cannot be called {shown(name[:80])!r}")
    return name


def _protocol(address: Address) -> str:
    url = address.url
    if url.startswith("https://") or (address.sandbox and _LOOPBACK.match(url)):
        origin_of(url)
        host = url.split("/")[2]
        if not host or "@" in host:
            raise InputError(
                f"git remote {_printable(url)!r}: expected a host, and no credentials",
                hint="name the variable that holds the token instead",
            )
        return url.split(":", maxsplit=1)[0]
    if Path(url).is_absolute():
        return "file"
    raise InputError(
        f"git remote {_printable(url)!r}: expected an https URL, or an absolute path",
        hint="ssh is not used: its agent and its configuration would be the user's",
    )


def _printable(url: str) -> str:
    """A URL for an error: nothing before an "@" of its host part, nothing that is no text."""
    head, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return shown(f"{head}{separator}{host.rpartition('@')[2]}{slash}{path}"[:300])


def _variables(settings: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found
