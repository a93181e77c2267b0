"""The one door of `cvelib`: CVE records, shown, published and updated; nothing is ever rejected.

The library knows the service's paths, checks a container against the official schema, and adds who
provides it. Requests are ours: it would follow a redirect with the API key in a header, and read a
`netrc`. Should a later version of it send by another way, that way has no key.

Spec: CVE Services 2, and `cvelib.cve_api`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sealane.core.attestation.strict_json import parse_object
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import ChannelError, InputError, MissingExtraError, NetworkError
from sealane.io.adapters.http import Web
from sealane.io.adapters.secret import Secret

if TYPE_CHECKING:
    import requests

RESERVED, PUBLISHED, REJECTED = "RESERVED", "PUBLISHED", "REJECTED"
_LIMIT = 16 * 1024 * 1024
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_NAME = re.compile(r"[!-~]{1,200}")
_HINTS = {
    401: "organisation, user and key belong together; is the key still valid?",
    403: "the id belongs to another organisation, or is not in a state that allows this",
    404: "does the configured URL lead to CVE Services? It ends in a slash",
    429: "it asks for patience; run the same command again later",
}


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks CVE Services; its key is a secret of its own.

    Attributes:
        url: Base URL of the API; it ends in "/".
        organisation: Short name of the CVE Numbering Authority.
        user: Name of the user.
    """

    url: str
    organisation: str
    user: str


@dataclass(frozen=True, slots=True)
class CveId:
    """What CVE Services know of an id.

    Attributes:
        id: The id.
        state: "RESERVED", "PUBLISHED" or "REJECTED".
        owner: Short name of the organisation it belongs to.
    """

    id: str
    state: str
    owner: str


class CveServices:
    """CVE Services, for one account.

    Args:
        web: Sends the requests.
        account: Who asks.
        key: The API key.

    Raises:
        InputError: The account cannot be used.
        MissingExtraError: The extra [cve] is not installed.
    """

    def __init__(self, web: Web, account: Account, key: Secret) -> None:
        for what, text in (("organisation", account.organisation), ("user", account.user)):
            if not _NAME.fullmatch(text):
                raise InputError(f"CVE Services: {what}: expected a name, got {shown(text)!r}")
        if not account.url.endswith("/"):
            raise InputError(
                f"CVE Services: url: expected one that ends in a slash, got {shown(account.url)!r}",
                hint=f"write {shown(account.url)}/",
            )
        self._api = _api(web, account, key)

    def show(self, cve_id: str) -> CveId | None:
        """State and owner of an id; None where nobody reserved it.

        Raises:
            InputError: Not a CVE id.
            ChannelError: Refused.
            NetworkError: No answer as it should be.
        """
        found = self._shown(self._api.show_cve_id, cve_id)
        if found is None:
            return None
        state, owner = found.get("state"), found.get("owning_cna")
        if not isinstance(state, str) or not isinstance(owner, str):
            raise NetworkError(f"CVE Services: {cve_id}: an answer without state or owner")
        return CveId(cve_id, shown(state), shown(owner))

    def container(self, cve_id: str) -> dict[str, JsonValue] | None:
        """The CNA container of a published record; None where there is no record.

        Raises:
            InputError, ChannelError, NetworkError: As `show`.
        """
        record = self._shown(self._api.show_cve_record, cve_id)
        if record is None:
            return None
        containers = record.get("containers")
        cna = containers.get("cna") if isinstance(containers, dict) else None
        if not isinstance(cna, dict):
            raise NetworkError(f"CVE Services: {cve_id}: a record without a CNA container")
        return cna

    def publish(self, cve_id: str, container: Mapping[str, JsonValue]) -> None:
        """Publish a reserved id; a published one never becomes reserved again.

        Raises:
            InputError: Not a CVE id, or the container breaks the official schema.
            ChannelError: Refused.
            NetworkError: No answer as it should be: it may be published or not.
        """
        self._sent(self._api.publish, cve_id, container)

    def update(self, cve_id: str, container: Mapping[str, JsonValue]) -> None:
        """Replace the container of a published record.

        Raises:
            InputError, ChannelError, NetworkError: As `publish`.
        """
        self._sent(self._api.update_published, cve_id, container)

    def _shown(self, ask: Any, cve_id: str) -> dict[str, JsonValue] | None:  # noqa: ANN401  cvelib has no types
        try:
            answer = ask(_checked(cve_id))
        except ChannelError as error:
            if error.status == 404 and error.code.endswith("_DNE"):
                return None
            raise
        if not isinstance(answer, dict):
            raise NetworkError(f"CVE Services: {cve_id}: expected an object")
        return answer

    def _sent(self, send: Any, cve_id: str, container: Mapping[str, JsonValue]) -> None:  # noqa: ANN401  as above
        # The library has no types.
        from cvelib.cve_api import CveRecordValidationError  # type: ignore[import-untyped]

        try:
            # The library adds members to what it is given.
            send(_checked(cve_id), json.loads(json.dumps(container)))
        except CveRecordValidationError as error:
            reasons = [one.message for one in error.errors or ()]
            raise InputError(
                f"{cve_id}: CVE Services would refuse it: {shown('; '.join(reasons))}",
                hint="correct the record, and render it again; nothing was sent",
            ) from error


def _checked(cve_id: str) -> str:
    if not _CVE.fullmatch(cve_id):
        raise InputError(f"CVE id: expected one like CVE-2026-10001, got {shown(cve_id[:60])!r}")
    return cve_id


def _api(web: Web, account: Account, key: Secret) -> Any:  # noqa: ANN401  cvelib has no types
    """The library's client, whose requests go out by `web`."""
    try:
        from cvelib.cve_api import CveApi
    except ImportError as error:
        raise MissingExtraError("publishing to CVE Services", "cve", "cvelib") from error

    class Api(CveApi):  # type: ignore[misc]  # the library has no types
        """Sends by our own client, one request a call."""

        def _http_request(
            self,
            method: str,
            path: str,
            json: object = None,
        ) -> requests.Response:
            return _answered(web, account, key, _Request(method.upper(), path, json))

    # Without a key of its own the library cannot send one past us.
    return Api(account.user, account.organisation, "", url=account.url)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    value: object


def _answered(web: Web, account: Account, key: Secret, request: _Request) -> requests.Response:
    import requests

    place = f"{request.method} {shown(account.url)}{shown(request.path)}"
    answer = web.ask(
        request.method, urljoin(account.url, request.path), token=key, limit=_LIMIT,
        value=request.value,
        headers={"CVE-API-ORG": account.organisation, "CVE-API-USER": account.user},
        shown_as=("CVE-API-KEY", ""),
    )  # fmt: skip
    code, said = _reason(answer.body)
    if answer.status != 200:
        # Shortened last: a key that was cut in two would not be found.
        said = said.replace(key.reveal(), "<secret>")[:400]
        raise ChannelError(
            f"{place}: HTTP {answer.status}: {shown(f'{code}: {said}')}",
            status=answer.status,
            code=code,
            hint=_HINTS.get(answer.status, "the service's words are above"),
        )
    try:
        parse_object(answer.body, place)
    except InputError as error:
        raise NetworkError(error.message) from error
    response = requests.Response()
    response.status_code, response.raw = answer.status, io.BytesIO(answer.body)
    return response


def _reason(body: bytes) -> tuple[str, str]:
    """The service's code and message; from a stranger."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "", "no reason that could be read"
    if not isinstance(document, dict):
        return "", "no reason"
    code = str(document.get("error", ""))
    return code if re.fullmatch("[A-Z_]{1,60}", code) else "", str(document.get("message", ""))
