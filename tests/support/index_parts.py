"""The index half of a sandbox, with or without sockets, and distributions to publish on it."""

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sealane.io.adapters import clock
from sealane.sandbox import trust
from sealane.sandbox.airlock import Airlock
from sealane.sandbox.environment import child_environment
from sealane.sandbox.faults import Faults
from sealane.sandbox.hosts import host_map
from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.ports import Ports
from sealane.sandbox.server import Server
from sealane.sandbox.services.index_simple import IndexSimple
from sealane.sandbox.services.index_upload import IndexUpload, Limits
from sealane.sandbox.services.integrity import Integrity
from sealane.sandbox.services.trusted_publishing import TrustedPublishing
from sealane.sandbox.services.vulnerabilities import Vulnerabilities
from sealane.sandbox.tls import TlsAuthority
from sealane.sandbox.wire import Request, Response, Route, dispatch
from support.sandbox_parts import Parts

BOUNDARY = "a-boundary-of-this-test"
PROJECT = "hello-index"
REPOSITORY = "group/hello-index"


@dataclass
class IndexParts(Parts):
    """All services of a sandbox; the clock is `time`, the switches are kept as in a real one."""

    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.switches = Faults(self.state)
        given = self.ports
        self.ports = Ports(
            state=given.state,
            now=given.now,
            verify_token=given.verify_token,
            trusted_root=given.trusted_root,
            fault=self.switches.get,
            log=given.log,
        )
        self.store = IndexStore(self.state)
        self.publishing = TrustedPublishing(self.ports)
        self.upload_service = IndexUpload(self.ports, self.limits)
        self.simple = IndexSimple(self.ports)
        self.integrity = Integrity(self.ports)
        self.vulnerabilities = Vulnerabilities(self.ports)

    @property
    def routes(self) -> list[Route]:
        """All routes, those of the index too."""
        services = (
            self.publishing,
            self.upload_service,
            self.simple,
            self.integrity,
            self.vulnerabilities,
        )
        return [route for service in services for route in service.routes()] + super().routes

    def add_publisher(self, project: str = PROJECT, **document: object) -> dict[str, object]:
        """A GitLab publisher unless told otherwise."""
        given = {"kind": "gitlab", "repository": REPOSITORY, "workflow": ".gitlab-ci.yml"}
        return self.publishing.add_publisher({**given, "project": project, **document})

    def identity(self, kind: str = "gitlab", audience: str = "pypi", **options: object) -> str:
        """An identity token of the publisher's project unless told otherwise."""
        return self.tokens.mint(kind, audience, {"project": REPOSITORY, **options})

    def exchange(self, token: str, path: str = "/_/oidc/mint-token") -> Response:
        """The answer to a mint request."""
        return self.call("POST", path, {"token": token})

    def upload_token(self) -> str:
        """A fresh upload token for PROJECT."""
        self.add_publisher()
        token: str = json.loads(self.exchange(self.identity()).body)["token"]
        return token

    def upload(self, token: str, form: Mapping[str, Any], **headers: str) -> Response:
        """The answer to an upload."""
        named = {
            "authorization": f"Bearer {token}",
            "content_type": f"multipart/form-data; boundary={BOUNDARY}",
            **headers,
        }
        return self.call("POST", "/legacy/", multipart(form), {}, **named)


@contextmanager
def served(parts: IndexParts) -> Iterator["Served"]:
    """The services behind a real server, with TLS and the air-lock."""
    hosts = host_map()
    tls = TlsAuthority(parts.directory, hosts.all, clock.now())
    airlock = Airlock(hosts.all, parts.state)

    def answer(request: Request) -> Response:
        return dispatch(parts.routes, request)

    server = Server(answer, airlock=airlock, port=0, log=parts.ports.log, context=tls.context)
    root = trust.trusted_root(parts.keys, base=server.base)
    signing = trust.signing_config(parts.keys, base=server.base)
    config = trust.trust_config(root, signing)
    for name, document in (("trusted_root.json", root), ("trust_config.json", config)):
        (parts.directory / name).write_text(json.dumps(document), encoding="utf-8")
    server.start()
    try:
        yield Served(parts, server, airlock)
    finally:
        server.stop()
        tls.destroy()


@dataclass
class Served:
    """A running server."""

    parts: IndexParts
    server: Server
    airlock: Airlock

    def environment(self, **extra: str) -> dict[str, str]:
        """What a client is started with."""
        return child_environment(self.parts.directory, self.server.base, extra)


def wheel(
    folder: Path,
    name: str = PROJECT,
    version: str = "1.0",
    *,
    members: Mapping[str, bytes] | None = None,
    requires: str = ">=3.8",
) -> Path:
    """A wheel that installs; members are put in, or left out where they are empty."""
    stem = name.replace("-", "_")
    info = f"{stem}-{version}.dist-info"
    content = {
        f"{stem}.py": f"VERSION = {version!r}\n".encode(),
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            f"Requires-Python: {requires}\n"
        ).encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    content |= members or {}
    kept = {path: data for path, data in content.items() if data}
    record = "".join(f"{path},,\n" for path in kept) + f"{info}/RECORD,,\n"
    path = folder / f"{stem}-{version}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in kept.items():
            archive.writestr(zipfile.ZipInfo(member), data)
        if (members or {}).get(f"{info}/RECORD") != b"":
            archive.writestr(zipfile.ZipInfo(f"{info}/RECORD"), record)
    return path


def sdist(
    folder: Path,
    name: str = PROJECT,
    version: str = "1.0",
    *,
    members: Mapping[str, bytes] | None = None,
) -> Path:
    """An sdist; members are put in, or left out where they are empty."""
    stem = f"{name.replace('-', '_')}-{version}"
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    content = {f"{stem}/PKG-INFO": text, f"{stem}/pyproject.toml": b"[project]\n"}
    content |= members or {}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for member, data in content.items():
            if data:
                entry = tarfile.TarInfo(member)
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
    return path


def form(path: Path, **changes: object) -> dict[str, Any]:
    """The form of an upload; a change to None leaves a field out."""
    content = path.read_bytes()
    is_wheel = path.suffix == ".whl"
    stem, version = path.name.removesuffix(".tar.gz").split("-")[:2]
    fields: dict[str, Any] = {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.1",
        "name": stem.replace("_", "-"),
        "version": version,
        "filetype": "bdist_wheel" if is_wheel else "sdist",
        "pyversion": "py3" if is_wheel else "source",
        "requires_python": ">=3.8",
        "sha256_digest": hashlib.sha256(content).hexdigest(),
        "blake2_256_digest": hashlib.blake2b(content, digest_size=32).hexdigest(),
        "content": (path.name, content, "application/octet-stream"),
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def multipart(fields: Mapping[str, Any]) -> bytes:
    """A form's body: texts, lists of texts, and files as (name, content, type)."""
    lines: list[bytes] = []
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
            content = one
            if isinstance(one, tuple):
                filename, content, kind = one
                head += f'; filename="{filename}"'
                head += f"\r\nContent-Type: {kind}" if kind else ""
            data = content if isinstance(content, bytes) else str(content).encode()
            lines += [head.encode() + b"\r\n\r\n" + data + b"\r\n"]
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()
