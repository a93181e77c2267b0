"""No tracked file names the host of a package registry; the list comes from the clients."""

import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pypi_simple import PYPI_SIMPLE_ENDPOINT
from twine.utils import DEFAULT_REPOSITORY, TEST_REPOSITORY

from sealane.core.attestation.predicates.publish import PUBLISH_V1

ROOT = Path(__file__).parents[3]
# The predicate type of PEP 740 is an identifier that looks like an address; design section 2.
ALLOWED = ("src/sealane/core/attestation/predicates/publish.py", PUBLISH_V1)


@cache
def registry_hosts() -> frozenset[str]:
    """Hosts of the upload and simple APIs, their download and npm siblings by the same domain."""
    urls = (DEFAULT_REPOSITORY, TEST_REPOSITORY, PYPI_SIMPLE_ENDPOINT)
    hosts = {urlsplit(url).hostname or "" for url in urls}
    # "upload.example.org" also stands for "example.org", and so for every name below it.
    parents = {".".join(host.split(".")[-2:]) for host in hosts}
    return frozenset(hosts | parents)


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    names = [name for name in listed.stdout.split("\0") if name]
    assert names, "git lists no file"
    return names


def hosts_named_in(name: str, content: bytes) -> set[str]:
    text = content.decode("utf-8", errors="replace").lower()
    if name == ALLOWED[0]:
        text = text.replace(ALLOWED[1].lower(), "", 1)
    return {host for host in registry_hosts() if host in text}


def test_no_file_names_a_package_registry() -> None:
    found = {
        name: hosts
        for name in tracked_files()
        if (path := ROOT / name).is_file() and (hosts := hosts_named_in(name, path.read_bytes()))
    }
    assert found == {}


@pytest.mark.parametrize("name", ["README.md", ALLOWED[0]])
def test_a_registry_host_is_noticed(name: str) -> None:
    host = urlsplit(DEFAULT_REPOSITORY).hostname
    assert hosts_named_in(name, f"see https://{host}/legacy/".encode())


def test_the_predicate_type_is_allowed_once_in_one_file() -> None:
    assert not hosts_named_in(ALLOWED[0], PUBLISH_V1.encode())
    assert hosts_named_in(ALLOWED[0], PUBLISH_V1.encode() * 2)
    assert hosts_named_in("docs/other.md", PUBLISH_V1.encode())
