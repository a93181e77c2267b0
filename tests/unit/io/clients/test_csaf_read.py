"""A published CSAF folder is read by its metadata and lists, and nothing leads out of it."""

import json

import pytest

from sealane.errors import NetworkError
from sealane.io.adapters.http import Web
from sealane.io.clients.csaf_read import read_tree
from support.answering import Answering, Reply, told

ONE = "2026/acme-1.json"
KEY = f"openpgp/{'AB' * 20}.asc"
METADATA = {
    "distributions": [{"directory_url": "https://acme.example/csaf/white/"}],
    "public_openpgp_keys": [{"url": f"https://acme.example/csaf/{KEY}"}],
}


def test_what_metadata_and_lists_name_is_fetched(service: Answering, web: Web) -> None:
    service.replies |= {
        "/csaf/provider-metadata.json": told(METADATA),
        f"/csaf/{KEY}": Reply(200, b"key"),
        "/csaf/white/index.txt": Reply(200, f"{ONE}\n".encode()),
        "/csaf/white/changes.csv": Reply(200, b'"2026/other.json","2026-01-01T00:00:00Z"\n'),
        f"/csaf/white/{ONE}": Reply(200, b"{}"),
        f"/csaf/white/{ONE}.sha256": Reply(200, b"x"),
        "/csaf/white/2026/other.json": Reply(200, b"[]"),
    }
    found = dict(read_tree(web, f"{service.base}/csaf/"))
    assert sorted(found) == [
        KEY, "provider-metadata.json", f"white/{ONE}", f"white/{ONE}.sha256",
        "white/2026/other.json", "white/changes.csv", "white/index.txt",
    ]  # fmt: skip
    assert found[f"white/{ONE}"] == b"{}"


def test_without_metadata_the_lists_lie_in_the_folder_itself(service: Answering, web: Web) -> None:
    service.replies |= {"/csaf/index.txt": Reply(200, ONE.encode()), f"/csaf/{ONE}": Reply(200)}
    assert [path for path, _ in read_tree(web, f"{service.base}/csaf")] == [ONE, "index.txt"]


@pytest.mark.parametrize(
    "path",
    ["../secret.json", "/etc/x.json", "https://192.0.2.1/x.json", "2026/../../x.json", "x.json"],
)
def test_a_path_that_leads_elsewhere_is_not_followed(
    path: str, service: Answering, web: Web
) -> None:
    service.replies["/csaf/index.txt"] = Reply(200, path.encode())
    assert [name for name, _ in read_tree(web, f"{service.base}/csaf")] == ["index.txt"]
    assert {asked for _, asked, _ in service.asked} == {
        "/csaf/index.txt", "/csaf/changes.csv", "/csaf/provider-metadata.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"text", id="not-json"),
        pytest.param(b'{"distributions": {}}', id="not-a-list"),
        pytest.param(b'{"distributions": ["https://192.0.2.1/white/"]}', id="not-an-object"),
        pytest.param(b'{"distributions": [{"directory_url": 1}]}', id="not-a-url"),
        pytest.param(
            json.dumps({"distributions": [{"directory_url": "https://192.0.2.1/else"}]}).encode(),
            id="not-a-label",
        ),
        pytest.param(
            json.dumps({"public_openpgp_keys": [{"url": "https://192.0.2.1/../x"}]}).encode(),
            id="not-a-key",
        ),
    ],
)
def test_metadata_that_names_nothing_usable_is_all_there_is(
    content: bytes, service: Answering, web: Web
) -> None:
    service.replies["/csaf/provider-metadata.json"] = Reply(200, content)
    found = read_tree(web, f"{service.base}/csaf")
    assert found == (("provider-metadata.json", content),)
    assert len(service.asked) == 1


def test_a_place_with_nothing_in_it_is_no_folder(service: Answering, web: Web) -> None:
    with pytest.raises(NetworkError, match=r"no index\.txt"):
        read_tree(web, f"{service.base}/csaf")


def test_a_denial_is_not_taken_for_absence(service: Answering, web: Web) -> None:
    service.replies |= {
        "/csaf/index.txt": Reply(200, ONE.encode()),
        f"/csaf/{ONE}": Reply(403),
    }
    with pytest.raises(NetworkError, match="HTTP 403"):
        read_tree(web, f"{service.base}/csaf")


def test_more_documents_than_anybody_publishes_are_refused(service: Answering, web: Web) -> None:
    lines = "".join(f"2026/a{number}.json\n" for number in range(2001))
    service.replies["/csaf/index.txt"] = Reply(200, lines.encode())
    with pytest.raises(NetworkError, match="lists 2001 documents"):
        read_tree(web, f"{service.base}/csaf")
