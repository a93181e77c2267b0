"""Bills of materials in wheels as their makers published them."""

import hashlib

import pytest

from sealane.core.attestation.sbom import SbomFormat
from sealane.io.evidence.inside_wheel import sboms_in_wheel
from support.wheels import wheelhouse


@pytest.mark.parametrize("project", ["cryptography", "pydantic_core", "rfc3161_client"])
def test_real_wheels_are_read(project: str) -> None:
    (path,) = wheelhouse("requirements/all.txt", "requirements/build.txt").glob(f"{project}-*.whl")
    found = sboms_in_wheel(path, hashlib.sha256(path.read_bytes()).hexdigest())
    assert found
    for one in found:
        assert one.sbom is not None, one.reason
        assert one.sbom.format is SbomFormat.CYCLONEDX
