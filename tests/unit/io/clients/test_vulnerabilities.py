"""What pip-audit is asked about cannot tell it anything else."""

import pytest

from sealane.errors import InputError
from sealane.io.clients.vulnerabilities import ask_versions


@pytest.mark.parametrize(
    ("name", "version"),
    [
        pytest.param("acme\n--index-url https://192.0.2.1/", "1.0", id="option-in-name"),
        pytest.param("acme", "1.0\n-r /etc/passwd", id="option-in-version"),
        pytest.param("acme", "1.0 ; python_version > '3'", id="marker"),
        pytest.param("-r", "1.0", id="option"),
        pytest.param("Acme", "1.0", id="not-normalised"),
        pytest.param("acme", "", id="no-version"),
        pytest.param("acme", "*", id="any-version"),
    ],
)
def test_what_is_no_name_or_version_is_not_asked_about(name: str, version: str) -> None:
    with pytest.raises(InputError, match="expected a normalised name and version"):
        ask_versions([(name, version)], "http://127.0.0.1:9/v1/query", {})
