"""The list of attestations of an npm registry: the bundles count, not what stands beside them."""

import json

import pytest

from sealane.core.attestation.mentions import bundles_in, envelopes_in, mentioned
from sealane.core.attestation.npm import MOST_ATTESTATIONS, bundles_in_npm, is_npm
from sealane.core.attestation.sniff import sniff
from sealane.core.model.artifact import Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.errors import InputError
from support.forms import b64, bundle, statement


def listed(*entries: object) -> bytes:
    return json.dumps({"attestations": list(entries)}).encode()


def test_every_bundle_of_the_list_is_evidence() -> None:
    sha512 = bundle("a" * 64)
    sha512["dsseEnvelope"]["payload"] = b64(statement("b" * 128, algorithm="sha512"))
    content = listed(
        {"predicateType": "claimed", "bundle": bundle("a" * 64)}, {"bundle": sha512, "x": 1}
    )
    assert sniff(content, "x") is EvidenceForm.NPM_ATTESTATIONS
    evidence = Evidence(EvidenceForm.NPM_ATTESTATIONS, content, "x")
    assert [json.loads(one) for one, _ in bundles_in(evidence)] == [bundle("a" * 64), sha512]
    assert mentioned(evidence) == {Digest("sha256", "a" * 64), Digest("sha512", "b" * 128)}
    assert envelopes_in(evidence) == ()


def test_an_empty_list_proves_nothing() -> None:
    assert bundles_in_npm(listed()) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b'{"attestations": null}', b'{"attestations": {}}', listed(1),
        listed({}), listed({"bundle": None}), listed({"bundle": "{}"}), listed([]),
        b'{"attestations": [], "attestations": []}',
        listed(*[{"bundle": {}}] * (MOST_ATTESTATIONS + 1)),
    ],
)  # fmt: skip
def test_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        bundles_in_npm(content)


def test_a_list_is_told_by_its_member() -> None:
    assert is_npm({"attestations": []})
    assert not is_npm({"attestations": {}})
    assert not is_npm({})
