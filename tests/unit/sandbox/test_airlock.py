from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.sandbox.airlock import Airlock, refused_in, split_authority
from sealane.sandbox.state import State

HOSTS = ("upload.example.org", "example.org")


@pytest.mark.parametrize(
    ("authority", "allowed"),
    [
        pytest.param("example.org:443", True, id="mapped"),
        pytest.param("EXAMPLE.org:443", True, id="upper-case"),
        pytest.param("example.org", True, id="default-port"),
        pytest.param("example.org:80", False, id="other-port"),
        pytest.param("example.org:8443", False, id="another-port"),
        pytest.param("www.example.org:443", False, id="below-a-mapped-host"),
        pytest.param("example.org.evil.test:443", False, id="starts-like-one"),
        pytest.param("example.org.:443", False, id="trailing-dot"),
        pytest.param("user@example.org:443", False, id="user"),
        pytest.param("example.org:443/path", False, id="path"),
        pytest.param("127.0.0.1:443", False, id="loopback"),
        pytest.param("", False, id="empty"),
        pytest.param("example.org:4430000", False, id="long-port"),
    ],
)
def test_only_the_https_port_of_a_mapped_host_is_let_through(authority: str, allowed: bool) -> None:
    assert Airlock(HOSTS).allows(authority) is allowed


def test_an_empty_map_lets_nothing_through() -> None:
    assert not Airlock(()).allows(":443")
    assert not Airlock(()).allows("")


@pytest.mark.parametrize("kept", [True, False])
def test_refusals_are_counted_in_the_order_they_came(tmp_path: Path, kept: bool) -> None:
    state = State(tmp_path)
    airlock = Airlock(HOSTS, state if kept else None)
    for authority in ("z.test:443", "a.test:443", "z.test:443"):
        airlock.refuse(authority)
    assert airlock.refused() == (("z.test:443", 2), ("a.test:443", 1))
    assert refused_in(state) == (airlock.refused() if kept else ())


def test_refusals_outlive_the_process(tmp_path: Path) -> None:
    state = State(tmp_path)
    Airlock(HOSTS, state).refuse("a.test:443")
    state.close()
    assert Airlock(HOSTS, State(tmp_path)).refused() == (("a.test:443", 1),)


@pytest.mark.parametrize("kept", [True, False])
def test_a_flood_of_hosts_does_not_fill_the_state(tmp_path: Path, kept: bool) -> None:
    airlock = Airlock(HOSTS, State(tmp_path) if kept else None)
    for number in range(1010):
        airlock.refuse(f"h{number}.test:443")
    airlock.refuse("h0.test:443")
    assert len(airlock.refused()) == 1000
    assert airlock.refused()[0] == ("h0.test:443", 2)


def test_a_report_has_one_line_a_host() -> None:
    airlock = Airlock(HOSTS)
    airlock.refuse("a\r\nb\x1b[31m:443" + "x" * 1000)
    ((shown, _),) = airlock.refused()
    assert shown.isprintable()
    assert len(shown) <= 260


def test_an_ipv6_authority_loses_its_brackets() -> None:
    assert split_authority("[::1]:8080", 443) == ("::1", 8080)


@given(st.text(max_size=300))
def test_any_authority_can_be_read(authority: str) -> None:
    split_authority(authority, 443)
    assert not Airlock(()).allows(authority)
