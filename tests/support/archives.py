"""Small wheels and sdists made for a test, right or wrong in one point."""

import base64
import gzip
import hashlib
import io
import struct
import tarfile
import zipfile
from collections.abc import Mapping

NAME, VERSION = "hello-lane", "0.1.0"
WHEEL, SDIST = "hello_lane-0.1.0-py3-none-any.whl", "hello_lane-0.1.0.tar.gz"
METADATA = b"Metadata-Version: 2.4\nName: hello-lane\nVersion: 0.1.0\n\n# hello\n"
_INFO = "hello_lane-0.1.0.dist-info"
_TIME = (2026, 11, 20, 12, 0, 0)


def wheel_members() -> dict[str, bytes]:
    """Members of a right wheel, without its RECORD."""
    return {
        "hello_lane/__init__.py": b"x = 1\n",
        f"{_INFO}/METADATA": METADATA,
        f"{_INFO}/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n",
    }


def with_record(members: Mapping[str, bytes], info: str = _INFO) -> dict[str, bytes]:
    """The members and the RECORD that lists them."""
    lines = []
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    lines.append(f"{info}/RECORD,,")
    return {**members, f"{info}/RECORD": "\n".join(lines).encode() + b"\n"}


def make_zip(
    members: Mapping[str, bytes],
    *,
    mode: int = 0o100644,
    time: tuple[int, int, int, int, int, int] = _TIME,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, time)
            info.external_attr = mode << 16
            info.compress_type = compression
            archive.writestr(info, content)
    return stream.getvalue()


def make_wheel(members: Mapping[str, bytes] | None = None) -> bytes:
    """A wheel, right unless members are given."""
    return make_zip(with_record(wheel_members() if members is None else members))


def sdist_members() -> dict[str, bytes]:
    """Members of a right sdist."""
    top = SDIST.removesuffix(".tar.gz")
    return {
        f"{top}/PKG-INFO": METADATA,
        f"{top}/pyproject.toml": b"[build-system]\n",
        f"{top}/src/hello.py": b"x = 1\n",
    }


def make_tar(
    members: Mapping[str, bytes],
    *,
    kind: bytes = tarfile.REGTYPE,
    mode: int = 0o644,
    time: int = 1_795_176_000,
    owner: str = "",
    zipped_at: int = 0,
) -> bytes:
    """A .tar.gz file."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            info.type, info.mode, info.mtime, info.uname = kind, mode, time, owner
            info.linkname = "target" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=zipped_at)


def make_sdist(members: Mapping[str, bytes] | None = None) -> bytes:
    """An sdist, right unless members are given."""
    return make_tar(sdist_members() if members is None else members)


def patch_local_name(archive: bytes, old: bytes, new: bytes) -> bytes:
    """Change a name in the local header alone, not in the directory."""
    at = archive.index(old)
    assert struct.unpack_from("<4s", archive, at - 30)[0] == b"PK\x03\x04"
    return archive[:at] + new + archive[at + len(old) :]
