"""Publishers by key are read from their tables; their keys are loaded later."""

from datetime import UTC, datetime

import pytest

from sealane.core.policy.parse import parse_policy
from sealane.core.policy.people import KeyPublisher, OpenPgpPublisher
from sealane.core.policy.schema import Policy
from sealane.errors import ExitCode, PolicyError

HEAD = 'schema = "sealane.policy/1"\nid = "acme"\n'
SHA = "a" * 64
KEY = f'[publisher.k]\nkind = "key"\nfile = "keys/a.pem"\nsha256 = "{SHA}"\n'
PGP = KEY.replace('"key"', '"openpgp"')
RULE = '[[rule]]\nmatch = ["*"]\nrequire = [{ predicate = "signature", by = "k" }]\n'


def parse(publisher: str, rule: str = RULE) -> Policy:
    text = HEAD + publisher + rule
    return parse_policy(text.encode(), "p.toml", lambda name: f"/folder/{name}")


def test_a_key_has_a_file_a_digest_and_may_have_a_window() -> None:
    (plain,) = parse(KEY).publishers
    assert plain == KeyPublisher("k", "/folder/keys/a.pem", SHA)
    window = "start = 2024-01-01T00:00:00Z\nend = 2025-01-01T02:00:00+02:00\n"
    (retired,) = parse(KEY + window + 'details = "PKIX_ED25519"\n').publishers
    assert retired == KeyPublisher(
        "k", "/folder/keys/a.pem", SHA, "PKIX_ED25519",
        datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def test_openpgp_certificates_have_a_file_and_a_digest() -> None:
    (found,) = parse(PGP).publishers
    assert found == OpenPgpPublisher("k", "/folder/keys/a.pem", SHA)


def test_nothing_is_loaded_by_reading() -> None:
    policy = parse(KEY)
    assert (policy.keys, policy.certificates) == ((), ())
    assert (parse(PGP).keys, parse(PGP).certificates) == ((), ())


@pytest.mark.parametrize("publisher", [KEY, PGP])
@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        (f'sha256 = "{SHA}"\n', "", "publisher.k.sha256: required, and missing"),
        (f'"{SHA}"', f'"{SHA.upper()}"', "line 6: publisher.k.sha256"),
        (f'"{SHA}"', '"sha256:a"', "publisher.k.sha256"),
        ('file = "keys/a.pem"\n', "", "publisher.k.file: required, and missing"),
        ('"keys/a.pem"', '""', "publisher.k.file"),
        ('"keys/a.pem"', "1", "publisher.k.file"),
        ('"keys/a.pem"\n', '"a"\nissuer = "https://x.example"\n', "publisher.k.issuer: unknown"),
    ],
)
def test_a_table_that_is_not_whole_is_refused(
    publisher: str, written: str, instead: str, message: str
) -> None:
    with pytest.raises(PolicyError) as raised:
        parse(publisher.replace(written, instead))
    assert message in raised.value.message
    assert raised.value.exit_code == ExitCode.INPUT
    assert raised.value.hint


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("start = 2024-01-01T00:00:00\n", "line 7: publisher.k.start: expected a zone"),
        ("end = 2024-01-01T00:00:00\n", "line 7: publisher.k.end: expected a zone"),
        ("start = 2024-01-01\n", "publisher.k.start"),
        ('end = "2024"\n', "publisher.k.end"),
        ("start = 0001-01-01T00:00:00+23:59\n", "publisher.k.start: not a time in UTC"),
        (
            "start = 2024-01-02T00:00:00Z\nend = 2024-01-01T00:00:00Z\n",
            "line 8: publisher.k.end: expected a time after start",
        ),
        ('details = ""\n', "publisher.k.details"),
        ("keys = []\n", "publisher.k.keys: unknown key"),
    ],
)
def test_a_window_that_is_none_is_refused(lines: str, message: str) -> None:
    with pytest.raises(PolicyError) as raised:
        parse(KEY + lines)
    assert message in raised.value.message


@pytest.mark.parametrize("line", ["start = 2024-01-01T00:00:00Z\n", 'details = "PKIX_ED25519"\n'])
def test_openpgp_certificates_have_their_own_window_and_way(line: str) -> None:
    with pytest.raises(PolicyError, match="unknown key"):
        parse(PGP + line)


def test_an_openpgp_signature_makes_no_statement() -> None:
    rule = RULE.replace("signature", "publish")
    with pytest.raises(PolicyError, match="an OpenPGP signature makes no statement") as raised:
        parse(PGP, rule)
    assert raised.value.hint == 'write predicate = "signature" for it'
    assert parse(KEY, rule).publishers
