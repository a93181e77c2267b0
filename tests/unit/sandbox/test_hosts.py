import json
from urllib.parse import urlsplit

import pytest
from pypi_attestations import AttestationType
from pypi_simple import PYPI_SIMPLE_ENDPOINT
from twine.repository import LEGACY_PYPI
from twine.utils import DEFAULT_REPOSITORY, TEST_REPOSITORY

from sealane.errors import InputError
from sealane.sandbox.hosts import HostMap, host_map, publish_predicate_type


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def test_the_map_is_what_the_libraries_say_when_they_are_imported() -> None:
    found = host_map()
    assert found.upload == (host(DEFAULT_REPOSITORY), host(TEST_REPOSITORY))
    assert found.simple == (host(PYPI_SIMPLE_ENDPOINT),)
    assert host(LEGACY_PYPI) in found.legacy
    assert len(set(found.all)) == len(found.all)


def test_further_hosts_come_on_top() -> None:
    assert host_map(["Forge.Example.org"]).all == (*host_map().all, "forge.example.org")


def test_the_predicate_type_is_the_one_of_the_attestation_library() -> None:
    assert publish_predicate_type() == AttestationType.PYPI_PUBLISH_V1.value


def test_the_map_survives_the_way_to_the_server() -> None:
    assert HostMap.from_json(host_map().to_json()) == host_map()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="list"),
        pytest.param('{"upload": []}', id="keys-missing"),
        pytest.param(json.dumps({**json.loads(host_map().to_json()), "x": []}), id="unknown-key"),
        pytest.param(host_map().to_json().replace("[]", "[1]"), id="number"),
        pytest.param(host_map().to_json().replace("[]", '["a b.c"]'), id="no-host-name"),
        pytest.param(host_map().to_json().replace("[]", '["*.example.org"]'), id="wildcard"),
        pytest.param(host_map().to_json().replace("[]", '["localhost"]'), id="one-label"),
        pytest.param("[" * 100000, id="deep"),
    ],
)
def test_another_text_is_no_map(text: str) -> None:
    with pytest.raises(InputError, match="host map"):
        HostMap.from_json(text)
