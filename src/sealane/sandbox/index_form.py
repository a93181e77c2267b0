"""The form of a legacy upload, read and judged before any file is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.metadata import InvalidMetadata, Metadata, RawMetadata
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from sealane.errors import InputError
from sealane.sandbox.multipart import Part, parse_multipart

_GONE = ("submit", "submit_pkg_info", "doc_upload")
_KINDS = ("sdist", "bdist_wheel")
_VERSIONS = ("1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5")
_DIGESTS = {"md5_digest": 32, "sha256_digest": 64, "blake2_256_digest": 64}
# Form field -> field of the metadata library; those spelt alike in both are in _TEXTS and _LISTS.
_RENAMED = {"platform": "platforms", "supported_platform": "supported_platforms",
            "license_file": "license_files"}  # fmt: skip
_TEXTS = frozenset({
    "metadata_version", "name", "version", "summary", "description", "home_page", "author",
    "author_email", "license", "download_url", "maintainer", "maintainer_email",
    "requires_python", "description_content_type", "license_expression",
})  # fmt: skip
_LISTS = frozenset({
    "classifiers", "requires", "provides", "obsoletes", "requires_dist", "provides_dist",
    "obsoletes_dist", "requires_external", "provides_extra", "dynamic", "platform",
    "supported_platform", "license_file", "import_names", "import_namespaces",
})  # fmt: skip


class UploadError(Exception):
    """An upload is refused.

    Args:
        status: HTTP status.
        message: What the client is told, also in the reason phrase.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Form:
    """A well-formed upload, its file not yet looked at.

    Attributes:
        name: Project, normalised.
        version: Normalised.
        kind: "sdist" or "bdist_wheel".
        requires_python: Or "".
        description: Or "".
        description_type: Its content type, or "".
        metadata_version: As sent.
        license_files: Paths the metadata names.
        digests: Field name -> lower-case hex; at least one.
        attestations: JSON; None without.
        content: The file.
    """

    name: str
    version: str
    kind: str
    requires_python: str
    description: str
    description_type: str
    metadata_version: str
    license_files: tuple[str, ...]
    digests: Mapping[str, str]
    attestations: str | None
    content: Part


def parse_form(content_type: str, body: bytes) -> Form:
    """Read an upload.

    Raises:
        UploadError: With the status and the text of the index.
    """
    try:
        parts = parse_multipart(content_type, body)
        texts, content = _fields(parts)
    except InputError as error:
        raise UploadError(400, error.message) from error
    action = _one(texts, ":action")
    if action in _GONE:
        raise UploadError(
            410,
            "Uploading documentation is no longer supported."
            if action == "doc_upload"
            else "Project pre-registration is no longer required or supported, upload your files.",
        )
    if action != "file_upload":
        raise UploadError(400, f"Unknown action {action[:40]!r}.")
    if _one(texts, "protocol_version") not in ("", "1"):
        raise UploadError(400, "Unknown protocol version.")
    metadata = _metadata(texts)
    kind = _kind(texts)
    digests = _digests(texts)
    if content is None:
        raise UploadError(400, "Upload payload does not have a file.")
    # A part without a type is one of plain bytes.
    if content.content_type.startswith("image/"):
        raise UploadError(400, "Invalid distribution file.")
    return Form(
        canonicalize_name(metadata.name),
        str(metadata.version),
        kind,
        str(metadata.requires_python or ""),
        metadata.description or "",
        _one(texts, "description_content_type"),
        _one(texts, "metadata_version"),
        tuple(texts.get("license_file", ())),
        digests,
        texts["attestations"][0] if "attestations" in texts else None,
        content,
    )


def _fields(parts: Sequence[Part]) -> tuple[dict[str, list[str]], Part | None]:
    texts: dict[str, list[str]] = {}
    content: Part | None = None
    for part in parts:
        if part.name == "content":
            if part.filename is None or content is not None:
                raise UploadError(400, "Upload payload does not have a file.")
            content = part
        elif part.name == "gpg_signature":
            # Signatures are taken and dropped, as the index does.
            continue
        elif part.filename is not None:
            raise UploadError(400, f"{part.name}: Should be text, not a file.")
        elif part.text != "UNKNOWN":
            texts.setdefault(part.name, []).append(part.text)
    return texts, content


def _one(texts: Mapping[str, list[str]], name: str) -> str:
    values = texts.get(name, [""])
    if len(values) != 1:
        raise UploadError(400, f"{name}: expected one value, got {len(values)}")
    return values[0]


def _metadata(texts: Mapping[str, list[str]]) -> Metadata:
    declared = _one(texts, "metadata_version")
    if declared not in _VERSIONS:
        raise UploadError(400, _invalid(declared, "Metadata-Version", "unknown metadata version"))
    raw: dict[str, Any] = {}
    for field, values in texts.items():
        if field in _TEXTS:
            raw[field] = _one(texts, field)
        elif field in _LISTS:
            raw[_RENAMED.get(field, field)] = values
    if "keywords" in texts:
        raw["keywords"] = [word.strip() for word in _one(texts, "keywords").split(",")]
    if "project_urls" in texts:
        raw["project_urls"] = _project_urls(texts["project_urls"])
    # A form field that was left empty is a field that was not given.
    given: Any = {name: value for name, value in raw.items() if value not in ("", [], {})}
    return _validated(given)


def _validated(raw: RawMetadata) -> Metadata:
    try:
        metadata = Metadata.from_raw(raw)
    except ExceptionGroup as group:
        first = group.exceptions[0]
        field = first.field if isinstance(first, InvalidMetadata) else "metadata"
        value = str(raw.get(field.replace("-", "_").lower(), ""))
        raise UploadError(400, _invalid(value, field.title(), str(first))) from group
    if metadata.version.local is not None:
        reason = f"The use of local versions in {metadata.version!r} is not allowed."
        raise UploadError(400, _invalid(str(metadata.version), "Version", reason))
    return metadata


def _invalid(value: str, field: str, reason: str) -> str:
    return f"{value[:60]!r} is an invalid value for {field}. Error: {reason}"


def _project_urls(values: Sequence[str]) -> dict[str, str]:
    urls: dict[str, str] = {}
    for value in values:
        label, comma, url = value.partition(",")
        if not comma or not label.strip() or not url.strip():
            raise UploadError(400, _invalid(value, "Project-URL", "Use 'Label, URL'"))
        urls[label.strip()] = url.strip()
    return urls


def _kind(texts: Mapping[str, list[str]]) -> str:
    kind = _one(texts, "filetype")
    python = _one(texts, "pyversion")
    if kind not in _KINDS:
        raise UploadError(400, _invalid(kind, "Filetype", "Use a known file type."))
    if kind == "sdist" and python not in ("", "source"):
        raise UploadError(400, "Use 'source' as Python version for an sdist.")
    if kind == "bdist_wheel" and not python:
        raise UploadError(400, "Python version is required for binary distribution uploads.")
    return kind


def _digests(texts: Mapping[str, list[str]]) -> dict[str, str]:
    found = {name: _one(texts, name).lower() for name in _DIGESTS if _one(texts, name)}
    if not found:
        raise UploadError(400, "Include at least one message digest.")
    for name, digest in found.items():
        if not re.fullmatch(rf"[0-9a-f]{{{_DIGESTS[name]}}}", digest):
            raise UploadError(
                400, _invalid(digest, name, "Use a valid, hex-encoded message digest.")
            )
    return found


def normal_version(text: str) -> str:
    """A version in its normal form; "" for what is not one."""
    try:
        return str(Version(text))
    except InvalidVersion:
        return ""
