from collections.abc import Mapping
from typing import Any

import pytest

from sealane.errors import InputError
from sealane.sandbox.services.admin import Actions, Admin
from sealane.sandbox.wire import Response, dispatch
from support.sandbox_parts import document, request

SECRET = "secret-of-this-run"
ROUTES = [
    ("GET", "status"), ("POST", "mint"), ("POST", "publisher"), ("POST", "yank"),
    ("GET", "faults"), ("POST", "faults"), ("GET", "egress"), ("POST", "shutdown"),
]  # fmt: skip


class Recorder:
    """Actions that remember what they were asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.switches: dict[str, str] = {}

    def note(self, *values: object) -> Mapping[str, Any]:
        self.asked.append(values)
        return {"done": True}

    def mint(self, kind: str, audience: str, options: Mapping[str, Any]) -> str:
        if kind != "gitlab":
            raise InputError("no such kind", hint="gitlab")
        self.note(kind, audience, dict(options))
        return "a.b.c"

    def admin(self) -> Admin:
        actions = Actions(
            mint=self.mint,
            documents={"publisher": self.note, "yank": self.note},
            set_fault=lambda name, value: self.switches.update({name: value}),
            faults=lambda: self.switches,
            refused_hosts=lambda: ["example.org:443"],
            shut_down=lambda: self.asked.append(("shutdown",)),
        )
        return Admin(SECRET, actions)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def call(
    recorder: Recorder, method: str, name: str, body: object = b"{}", secret: str | None = SECRET
) -> Response:
    asked = request(method, f"/-/{name}", body)
    if secret is not None:
        asked = request(method, f"/-/{name}", body, x_sandbox=secret)
    return dispatch(recorder.admin().routes(), asked)


@pytest.mark.parametrize(("method", "name"), ROUTES)
@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), "é"])
def test_without_the_secret_there_is_no_such_route(
    recorder: Recorder, method: str, name: str, secret: str | None
) -> None:
    response = call(recorder, method, name, secret=secret)
    unknown = call(recorder, method, "no-such-route", secret=secret)
    assert response.status == unknown.status == 404
    assert response.body == unknown.body.replace(b"no-such-route", name.encode())
    assert recorder.asked == []


def test_a_token_is_minted(recorder: Recorder) -> None:
    asked = {"kind": "gitlab", "audience": "pypi", "options": {"ref": "v1"}}
    response = call(recorder, "POST", "mint", asked)
    assert (response.status, response.body) == (200, b"a.b.c")
    assert recorder.asked == [("gitlab", "pypi", {"ref": "v1"})]


def test_a_refusal_is_told_with_its_hint(recorder: Recorder) -> None:
    response = call(recorder, "POST", "mint", {"kind": "x", "audience": "pypi"})
    assert response.status == 400
    assert document(response) == {"message": "no such kind", "hint": "gitlab"}


@pytest.mark.parametrize("name", ["mint", "publisher", "yank", "faults"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100000])
def test_what_is_no_object_is_refused(recorder: Recorder, name: str, body: bytes) -> None:
    assert call(recorder, "POST", name, body).status == 400
    assert recorder.asked == []


def test_options_must_be_an_object(recorder: Recorder) -> None:
    asked = {"kind": "gitlab", "audience": "a", "options": []}
    assert call(recorder, "POST", "mint", asked).status == 400


def test_switches_are_set_and_shown(recorder: Recorder) -> None:
    assert document(call(recorder, "POST", "faults", {"mint": "503"})) == {"mint": "503"}
    assert document(call(recorder, "GET", "faults")) == {"mint": "503"}
    assert call(recorder, "POST", "faults", {"mint": 503}).status == 400


@pytest.mark.parametrize("name", ["publisher", "yank"])
def test_documents_reach_the_index(recorder: Recorder, name: str) -> None:
    assert document(call(recorder, "POST", name, {"project": "p"})) == {"done": True}
    assert recorder.asked == [({"project": "p"},)]


def test_refused_hosts_are_reported(recorder: Recorder) -> None:
    assert document(call(recorder, "GET", "egress")) == {"refused": ["example.org:443"]}


def test_the_end_is_answered(recorder: Recorder) -> None:
    assert call(recorder, "POST", "shutdown").status == 202
    assert recorder.asked == [("shutdown",)]
