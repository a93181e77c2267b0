"""Upload tokens: minted from an identity token, checked at each upload, burnt for good.

A token is a macaroon whose root key is derived from a key of this sandbox; of the token itself
the database has only the SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from sealane.errors import InputError
from sealane.sandbox.index_model import Project
from sealane.sandbox.macaroon import mint, parse_macaroon, render_macaroon
from sealane.sandbox.state import State

LIFETIME = 900
_PREFIX = "pypi-"
_KEY_FILE = "macaroon.key"
_LOCATION = b"index.sealane.invalid"
# First-party caveats, by their tag; an unknown tag is denied.
_EXPIRATION, _PROJECT_NAMES, _PROJECT_IDS, _REQUEST_USER, _PUBLISHER = range(5)
_TABLE = """
CREATE TABLE IF NOT EXISTS token (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, publisher TEXT NOT NULL, expires INTEGER NOT NULL,
    caveats INTEGER NOT NULL
)
"""


class TokenError(Exception):
    """An upload token does not allow this; the text is what the index answers."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An authenticated token.

    Attributes:
        id: The macaroon's identifier.
        publisher: Id of the publisher it was minted for.
        caveats: Its conditions, not yet checked.
    """

    id: str
    publisher: str
    caveats: tuple[bytes, ...]


class UploadTokens:
    """The index's tokens.

    Args:
        state: Keeps the key and the digests of tokens.
    """

    def __init__(self, state: State) -> None:
        state.ensure(_TABLE)
        self._state = state
        with state.lock:
            path = state.directory / _KEY_FILE
            if not path.exists():
                state.write_key(_KEY_FILE, secrets.token_bytes(32))
            self._key = path.read_bytes()

    def mint(self, publisher: str, projects: Sequence[Project], now: float) -> tuple[str, int]:
        """A new token.

        Args:
            publisher: Id of the publisher it is for; "" for a plain token of a user, which can
                upload but not attest.
            projects: What it may upload to.
            now: Unix seconds.

        Returns:
            The token, and when it expires (Unix seconds).
        """
        identifier = str(uuid.uuid4())
        start = int(now)
        expires = start + LIFETIME
        caveats: list[list[object]] = [
            *([[_PUBLISHER, publisher, None]] if publisher else []),
            [_PROJECT_IDS, [project.id for project in projects]],
            [_EXPIRATION, expires, start],
        ]
        macaroon = mint(
            self._root_key(identifier),
            _LOCATION,
            identifier.encode(),
            *(json.dumps(caveat, separators=(",", ":")).encode() for caveat in caveats),
        )
        token = _PREFIX + render_macaroon(macaroon)
        self._state.write(
            "INSERT INTO token VALUES (?, ?, ?, ?, ?)",
            identifier,
            _digest(token),
            publisher,
            expires,
            len(caveats),
        )
        return token, expires

    def authenticate(self, token: str) -> Grant:
        """Whose token this is.

        1. It is a macaroon this index knows and has not burnt.
        2. Its chain of signatures starts from that macaroon's root key.
        3. Without what its holder added, it is the very token that was minted.

        Raises:
            TokenError: It is none of ours.
        """
        refusal = "Invalid or non-existent authentication information."
        try:
            macaroon = parse_macaroon(token.removeprefix(_PREFIX))
            identifier = macaroon.identifier.decode()
        except (InputError, UnicodeDecodeError) as error:
            raise TokenError(refusal) from error
        rows = self._state.read(
            "SELECT sha256, publisher, caveats FROM token WHERE id = ?", identifier
        )
        if not token.startswith(_PREFIX) or not rows:  # 1
            raise TokenError(refusal)
        root_key = self._root_key(identifier)
        if not macaroon.signed_by(root_key):  # 2
            raise TokenError(refusal)
        minted = mint(
            root_key, macaroon.location, macaroon.identifier, *macaroon.caveats[: rows[0][2]]
        )
        if not hmac.compare_digest(_digest(_PREFIX + render_macaroon(minted)), rows[0][0]):  # 3
            raise TokenError(refusal)
        return Grant(identifier, str(rows[0][1]), macaroon.caveats)

    def burn(self, token: str) -> None:
        """Make a token, and every narrower one made from it, unusable.

        Raises:
            TokenError: It is none of ours, or burnt already.
        """
        grant = self.authenticate(token)
        self._state.write("DELETE FROM token WHERE id = ?", grant.id)

    def _root_key(self, identifier: str) -> bytes:
        return hmac.digest(self._key, identifier.encode(), hashlib.sha256)


def check_caveats(grant: Grant, project: Project, now: float) -> None:
    """Whether every condition of a token holds for an upload to a project now.

    Raises:
        TokenError: One does not; its text says which.
    """
    for caveat in grant.caveats:
        _check_caveat(caveat, grant, project, now)


def check_times(grant: Grant, now: float) -> None:
    """Whether a token is valid now, whatever it is for.

    Raises:
        TokenError: Not yet, or no longer.
    """
    for caveat in grant.caveats:
        fields = _fields(caveat)
        if fields[0] == _EXPIRATION:
            _check_expiration(fields, now)


def _check_caveat(caveat: bytes, grant: Grant, project: Project, now: float) -> None:
    match _fields(caveat):
        case [tag, *_] as fields if tag == _EXPIRATION:
            _check_expiration(fields, now)
        case [tag, list(names)] if tag == _PROJECT_NAMES:
            if project.name not in {canonicalize_name(str(name)) for name in names}:
                raise TokenError(_not_for(project))
        case [tag, list(ids)] if tag == _PROJECT_IDS:
            if project.id not in ids:
                raise TokenError(_not_for(project))
        case [tag, *_] if tag == _REQUEST_USER:
            raise TokenError("Invalid API Token: token with user restriction without a user")
        case [tag, publisher, *_] if tag == _PUBLISHER:
            if publisher != grant.publisher:
                raise TokenError("Invalid API Token: OIDC publisher does not match")
        case _:
            raise TokenError("Invalid API Token: malformed macaroon: unknown caveat")


def _check_expiration(fields: Sequence[object], now: float) -> None:
    match fields:
        case [_, int(expires), int(not_before)]:
            if now >= expires:
                raise TokenError("Invalid API Token: token is expired")
            if now < not_before:
                raise TokenError("Invalid API Token: token is not yet valid")
        case _:
            raise TokenError("Invalid API Token: malformed macaroon: broken expiration")


def _fields(caveat: bytes) -> list[object]:
    try:
        fields = json.loads(caveat)
    except (ValueError, RecursionError) as error:
        raise TokenError("Invalid API Token: malformed macaroon: unreadable caveat") from error
    # bool is an int to Python: [true, …] must not pass for tag 1.
    if not isinstance(fields, list) or not fields or type(fields[0]) is not int:
        raise TokenError("Invalid API Token: malformed macaroon: unreadable caveat")
    return fields


def _not_for(project: Project) -> str:
    return f"The given token isn't allowed to upload to project '{project.name}'."


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
