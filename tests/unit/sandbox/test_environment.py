from pathlib import Path

import pytest

from sealane.sandbox.environment import child_environment

BASE = "http://127.0.0.1:4711"


def test_nothing_of_the_caller_passes_but_the_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYPI_ID_TOKEN", "TWINE_PASSWORD", "PIP_FIND_LINKS", "PIP_INDEX_URL", "GITLAB_CI",
                 "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "UV_INDEX", "PYTHONPATH", "LD_PRELOAD",
                 "HTTPS_PROXY", "NO_PROXY", "HOME", "NETRC", "ANYTHING"):  # fmt: skip
        monkeypatch.setenv(name, "of-the-caller")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("PATH", "/bin")
    found = child_environment(tmp_path, BASE)
    assert "of-the-caller" not in found.values()
    assert (found["LC_ALL"], found["PATH"]) == ("C.UTF-8", "/bin")
    assert child_environment(tmp_path, BASE, path="/usr/bin")["PATH"] == "/usr/bin"


def test_every_place_lies_in_the_state_directory_and_exists(tmp_path: Path) -> None:
    found = child_environment(tmp_path, BASE)
    places = {name for name in found if name.startswith("XDG_") or name in ("HOME", "NETRC")}
    assert len(places) == 7
    for name in (*places, "PIP_CONFIG_FILE", "npm_config_userconfig"):
        path = Path(found[name])
        assert path.is_relative_to(tmp_path)
        assert path.exists()
    assert Path(found["HOME"]).stat().st_mode & 0o777 == 0o700


def test_credentials_a_child_left_are_gone_for_the_next(tmp_path: Path) -> None:
    netrc = Path(child_environment(tmp_path, BASE)["NETRC"])
    netrc.write_text("machine example.org login a password b", encoding="ascii")
    child_environment(tmp_path, BASE)
    assert netrc.read_bytes() == b""


def test_all_clients_get_the_same_proxy_and_authority(tmp_path: Path) -> None:
    found = child_environment(tmp_path, BASE)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        assert found[name] == BASE
    for name in ("NO_PROXY", "no_proxy"):
        assert found[name].split(",") == ["127.0.0.1", "localhost"]
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT",
                 "NODE_EXTRA_CA_CERTS", "npm_config_cafile"):  # fmt: skip
        assert found[name] == str(tmp_path / "ca.pem")
    assert found["SSL_CERT_DIR"] == ""
    assert found["UV_NO_CONFIG"] == "1"


def test_what_is_given_on_top_wins(tmp_path: Path) -> None:
    found = child_environment(tmp_path, BASE, {"PYPI_ID_TOKEN": "t", "NO_PROXY": ""})
    assert (found["PYPI_ID_TOKEN"], found["NO_PROXY"]) == ("t", "")
