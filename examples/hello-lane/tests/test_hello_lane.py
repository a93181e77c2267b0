import idna
import pytest

from hello_lane import ascii_name


def test_a_name_is_written_as_the_dns_asks_for_it() -> None:
    assert ascii_name("bücher.example") == "xn--bcher-kva.example"


def test_a_name_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(idna.IDNAError):
        ascii_name("no spaces.example")
