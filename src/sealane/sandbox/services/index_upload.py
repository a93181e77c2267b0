"""The index's upload route: the checks of the real one, in its order, with its words."""

from __future__ import annotations

import hmac
import io
import json
import threading
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from sealane.errors import InputError
from sealane.sandbox.der import decode
from sealane.sandbox.faults import stall
from sealane.sandbox.index_archives import check_archive, check_filename
from sealane.sandbox.index_attestations import (
    Attestation,
    AttestationError,
    check_statement,
    parse_attestations,
)
from sealane.sandbox.index_form import Form, UploadError, parse_form
from sealane.sandbox.index_model import Digests, Project, StoredFile, wheel_metadata
from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.index_tokens import (
    Grant,
    TokenError,
    UploadTokens,
    check_caveats,
    check_times,
)
from sealane.sandbox.ports import Ports
from sealane.sandbox.publishers import GITHUB, Publisher, PublisherStore
from sealane.sandbox.wire import Request, Response, Route

if TYPE_CHECKING:
    from sigstore.verify import Verifier

_MIB = 1024 * 1024
_CLOSED_AFTER = 14 * 24 * 3600.0
_INVALID_AUTHENTICATION = "Invalid or non-existent authentication information."
# What the switch "index.upload" answers before anything is looked at.
_FAULTS: Mapping[str, tuple[int, str]] = {
    "403-expired": (403, "Invalid API Token: token is expired"),
    "403-disabled": (403, "New uploads are temporarily disabled."),
    "429": (429, "Too many new projects created"),
    "503": (503, "Service Unavailable"),
}
_FULCIO = "1.3.6.1.4.1.57264.1."
_SOURCE_DIGEST, _SOURCE_REF = (x509.ObjectIdentifier(f"{_FULCIO}{n}") for n in (13, 14))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the index takes, in bytes."""

    file: int = 100 * _MIB
    project: int = 10 * 1024 * _MIB


class IndexUpload:
    """Routes of the upload API.

    Args:
        ports: The world.
        limits: Sizes.
    """

    def __init__(self, ports: Ports, limits: Limits | None = None) -> None:
        self._ports = ports
        self._limits = limits or Limits()
        self._store = IndexStore(ports.state)
        self._tokens = UploadTokens(ports.state)
        self._publishers = PublisherStore(ports.state)
        self._lock = threading.Lock()
        self._verifier: Verifier | None = None

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route.of("POST", r"/legacy/", self._answer),
            Route.of("POST", r"/legacy", self._redirect),
        ]

    def mint_api_token(self, project: str) -> str:
        """A token as a user would have it, without trusted publishing: it cannot attest."""
        made = self._store.create_project(project)
        return self._tokens.mint("", [made], self._ports.now())[0]

    def _redirect(self, request: Request) -> Response:
        return Response(308, headers={"Location": f"{request.base}/legacy/"})

    def _answer(self, request: Request) -> Response:
        fault = self._ports.fault("index.upload")
        try:
            if fault in _FAULTS:
                raise UploadError(*_FAULTS[fault])
            # One at a time: between looking for a duplicate and storing, nothing may change.
            with self._lock:
                self._upload(request)
        except UploadError as error:
            self._ports.log("upload", f"{error.status} {error}")
            return _refusal(error, request.headers.get("accept", ""))
        if fault == "stall-after-store":
            stall(self._ports.fault, "index.upload")
        if fault == "500-after-store":
            self._ports.log("upload", "500 after the file was stored")
            return _refusal(UploadError(500, "Internal Server Error"), "")
        return Response(200, b"", "text/plain; charset=utf-8")

    def _upload(self, request: Request) -> None:
        """Take one file.

        1. The token is one of ours, and valid now.
        2. The form is complete, and its metadata valid.
        3. The token may upload to the project, and the project takes files.
        4. The file's name, size and digests are right.
        5. It is not there already: the same bytes change nothing, attestations sent with them
           are dropped.
        6. The release is open; the archive is what its name says; the description can be shown.
        7. The attestations hold, all of them.

        Raises:
            UploadError: One of these fails.
        """
        grant = self._authenticate(request.headers.get("authorization", ""))  # 1
        form = parse_form(request.headers.get("content-type", ""), request.body)  # 2
        project = self._project(form, grant)  # 3
        filename = form.content.filename or ""
        check_filename(filename, form)  # 4
        self._check_sizes(len(form.content.content), project)
        copy, digests = self._store.write(io.BytesIO(form.content.content))
        try:
            _check_digests(form, digests)
            if self._is_there(filename, digests):  # 5
                self._ports.log("upload", f"200 {filename} was there already")
                return
            file = StoredFile(
                filename, form.name, form.version, form.kind, digests,
                form.requires_python, self._ports.now(),
            )  # fmt: skip
            self._store.add(self._checked(file, form, copy, grant), copy)
            self._ports.log("upload", f"200 {filename} sha256:{digests.sha256}")
        finally:
            copy.unlink(missing_ok=True)

    def _checked(self, file: StoredFile, form: Form, copy: Path, grant: Grant) -> StoredFile:
        self._check_release(file)  # 6
        check_archive(copy, file.filename, form)
        _check_description(form)
        try:
            metadata = wheel_metadata(copy) if file.kind == "bdist_wheel" else None
        except InputError as error:
            raise UploadError(400, f"Invalid distribution file. {error.message}") from error
        provenance = None
        if form.attestations is not None:  # 7
            try:
                provenance = self._provenance(form.attestations, file, grant)
            except AttestationError as error:
                raise UploadError(
                    400, f"Invalid attestations supplied during upload: {error}"
                ) from error
        return replace(file, metadata=metadata, provenance=provenance)

    def _authenticate(self, header: str) -> Grant:
        scheme, _, value = header.partition(" ")
        token = value.strip()
        if scheme.lower() == "basic":
            try:
                user, _, token = b64decode(value, validate=True).decode().partition(":")
            except ValueError as error:
                raise UploadError(403, _INVALID_AUTHENTICATION) from error
            if user != "__token__":
                raise UploadError(403, _INVALID_AUTHENTICATION)
        elif scheme.lower() not in ("bearer", "token"):
            raise UploadError(403, _INVALID_AUTHENTICATION)
        try:
            grant = self._tokens.authenticate(token)
            check_times(grant, self._ports.now())
        except TokenError as error:
            raise UploadError(403, str(error)) from error
        return grant

    def _project(self, form: Form, grant: Grant) -> Project:
        project = self._store.project(form.name)
        if project is None:
            raise UploadError(
                400,
                "Non-user identities cannot create new projects. This was probably caused by "
                "successfully using a pending publisher but specifying the project name "
                "incorrectly (either in the publisher or in your project's metadata).",
            )
        try:
            check_caveats(grant, project, self._ports.now())
        except TokenError as error:
            raise UploadError(403, str(error)) from error
        if project.status in ("archived", "quarantined"):
            raise UploadError(
                403, f"Project {project.name!r} has been {project.status}, no new uploads."
            )
        return project

    def _check_sizes(self, size: int, project: Project) -> None:
        if size > self._limits.file:
            raise UploadError(
                400,
                f"File too large. Limit for project {project.name!r} is "
                f"{self._limits.file // _MIB} MB.",
            )
        if self._store.total_size(project.name) + size > self._limits.project:
            raise UploadError(
                400,
                f"Project size too large. Limit for project {project.name!r} total size is "
                f"{self._limits.project // (1024 * _MIB)} GB.",
            )

    def _is_there(self, filename: str, digests: Digests) -> bool:
        known = self._store.file(filename)
        if known is not None and known.digests == digests:
            return True
        known = known or self._store.file_with(digests.blake2_256)
        if known is not None:
            raise UploadError(
                400,
                f"File already exists ({known.filename!r}, with blake2_256 hash "
                f"{known.digests.blake2_256!r}).",
            )
        if self._store.name_was_used(filename):
            raise UploadError(400, "This filename has already been used, use a different version.")
        return False

    def _check_release(self, file: StoredFile) -> None:
        release = self._store.releases(file.project).get(file.version)
        if release is not None and self._ports.now() - release.created > _CLOSED_AFTER:
            raise UploadError(
                400,
                f"Release {file.version!r} is older than 14 days, no new files can be added.",
            )
        if file.kind == "sdist" and any(
            other.kind == "sdist" and other.version == file.version
            for other in self._store.files(file.project)
        ):
            raise UploadError(400, "Only one sdist may be uploaded per release.")

    def _provenance(self, text: str, file: StoredFile, grant: Grant) -> str:
        publisher = self._publishers.get(grant.publisher)
        if publisher is None:
            raise AttestationError("Attestations are only supported when using Trusted Publishing")
        attestations = parse_attestations(text)
        seen: set[str] = set()
        for attestation in attestations:
            payload_type, payload = self._verify(attestation, publisher)
            kind = check_statement(payload_type, payload, file.filename, file.digests.sha256)
            if kind in seen:
                raise AttestationError(
                    "Multiple attestations for the same file with the same predicate type "
                    f"({kind}) are not supported"
                )
            seen.add(kind)
        bundle = {
            "publisher": publisher.provenance(),
            "attestations": [attestation.document for attestation in attestations],
        }
        return json.dumps({"version": 1, "attestation_bundles": [bundle]})

    def _verify(self, attestation: Attestation, publisher: Publisher) -> tuple[str, bytes]:
        """Let sigstore itself judge, so that the index does not repeat sealane's own judgement."""
        from sigstore.errors import Error
        from sigstore.models import Bundle, TrustedRoot
        from sigstore.verify import Verifier

        try:
            if self._verifier is None:
                root = TrustedRoot.from_file(str(self._ports.trusted_root))
                self._verifier = Verifier(trusted_root=root)
            bundle = Bundle.from_json(attestation.bundle)
            return self._verifier.verify_dsse(bundle, TrustedPublisherPolicy(publisher))
        # The other kinds: what the library's parsers raise for a certificate made to break them.
        except (
            Error,
            InputError,
            x509.ExtensionNotFound,
            ValueError,
            TypeError,
            LookupError,
        ) as error:
            raise AttestationError(
                "Could not verify the uploaded artifact using the included attestation: "
                f"Verification failed: {error}"
            ) from error


class TrustedPublisherPolicy:
    """Whether a certificate was given to the workflow that a publisher names.

    A publisher knows neither commit nor ref, so both are taken from the certificate itself; like
    the real policy it knows one GitLab only, whatever issuer the publisher has.

    Args:
        publisher: Who may have signed.
    """

    def __init__(self, publisher: Publisher) -> None:
        self._issuer, forge, between = (
            (
                "https://token.actions.githubusercontent.com",
                "https://github.com",
                ".github/workflows",
            )
            if publisher.kind == GITHUB
            else ("https://gitlab.com", "https://gitlab.com", "")
        )
        self._repository = f"{forge}/{publisher.repository}"
        self._file = f"{self._repository}/{between}/{publisher.workflow}"

    def verify(self, cert: x509.Certificate) -> None:
        """Judge a certificate.

        Raises:
            VerificationError: sigstore's; it is another workflow's.
            InputError: An extension is not what Fulcio writes.
        """
        from sigstore.verify import policy

        refs = [_extension(cert, oid) for oid in (_SOURCE_DIGEST, _SOURCE_REF)]
        policy.AllOf(
            [
                policy.OIDCIssuerV2(self._issuer),
                policy.OIDCSourceRepositoryURI(self._repository),
                policy.AnyOf([policy.OIDCBuildConfigURI(f"{self._file}@{ref}") for ref in refs]),
            ]
        ).verify(cert)


def _extension(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    value = certificate.extensions.get_extension_for_oid(oid).value.public_bytes()
    tag, content, rest = decode(value)
    if tag != 0x0C or rest or not content:
        raise InputError(f"certificate: extension {oid.dotted_string} is not a text")
    return content.decode("utf-8")


def _check_digests(form: Form, digests: Digests) -> None:
    actual = {
        "sha256_digest": digests.sha256,
        "blake2_256_digest": digests.blake2_256,
        "md5_digest": digests.md5,
    }
    for name, digest in form.digests.items():
        if not hmac.compare_digest(actual[name], digest):
            raise UploadError(
                400,
                "The digest supplied does not match a digest calculated from the uploaded file.",
            )


def _check_description(form: Form) -> None:
    kind = form.description_type.partition(";")[0].strip().lower()
    if not form.description or kind not in ("", "text/x-rst"):
        return
    from readme_renderer import rst

    if rst.render(form.description) is None:
        where = f"for {kind!r}" if kind else "in the default format of reStructuredText"
        raise UploadError(400, f"The description failed to render {where}.")


def _refusal(error: UploadError, accept: str) -> Response:
    reason = f"{error}"
    if "application/json" in accept:
        document = {"message": reason, "code": f"{error.status} {reason}", "title": reason}
        return Response(error.status, json.dumps(document).encode(), "application/json", {}, reason)
    body = f"{error.status} {reason}\n".encode()
    return Response(error.status, body, "text/plain; charset=utf-8", {}, reason)
