"""Each value of a manifest has its shape, and what only looks like one is refused."""

from dataclasses import replace

import pytest

from sealane.core.embargo.case import SealedBuild, SealedFile
from sealane.core.embargo.manifest import parse_manifest, render_manifest
from sealane.errors import InputError
from support.embargo_manifests import MANIFEST, Json, Path, changed

MISSPELT: list[tuple[Path, Json]] = [
    (("schema",), "sealane.embargo-manifest/2"),
    (("revision",), 0), (("revision",), True), (("revision",), 2.0), (("revision",), 2**53),
    (("revision",), "2"),
    (("previous",), "F1" * 32), (("previous",), "f1" * 31), (("previous",), "f1" * 32 + "\n"),
    (("roles", "sha256"), ""), (("roles", "version"), 0), (("tlp",), "CLEAR"),
    (("tlp",), "TLP:CLEAR"), (("tlp",), "amber"),
    (("schedule", "window_seconds"), 59), (("schedule", "window_seconds"), 14_401),
    (("schedule", "profile"), "Linux distros"), (("schedule", "profile"), ""),
    (("schedule", "waivers", 0, "reason"), ""), (("schedule", "waivers", 0, "reason"), " x"),
    (("schedule", "waivers", 0, "reason"), "x" * 501),
    (("schedule", "waivers", 0, "rule"), "Weekday"),
    (("source", 0, "base"), "a1" * 4), (("source", 0, "fix"), "HEAD"),
    (("source", 0, "fix"), "B1" * 20), (("source", 0, "source_date_epoch"), -1),
    (("source", 0, "bundle_sha256"), "0"),
    (("builds", 0, "ecosystem"), "pypi"), (("builds", 0, "package"), "../acme"),
    (("builds", 0, "package"), "acme http"), (("builds", 0, "version"), "1.4.2 "),
    (("builds", 0, "version"), ""), (("builds", 0, "files"), []),
    (("builds", 0, "files", 0, "size"), 0), (("builds", 0, "files", 0, "reproduced"), 1),
    (("builds", 0, "files", 0, "sha256"), "D1" * 32),
    (("advisory", "ids", 0), "CVE-2026-XXXX"), (("advisory", "ids", 0), "CVE-2026-123"),
    (("advisory", "ids", 0), "cve-2026-10001"), (("advisory", "ids", 0), "TBD"),
    (("advisory", "ids", 0), "PYSEC-0000-12"), (("advisory", "ids", 0), "CVE-0000-10001"),
    (("advisory", "ids", 1), "GHSA-aaaa-bbbb-cccc"), (("advisory", "ids", 1), "GHSA-2026-1"),
    (("advisory", "documents", 0, "format"), "OSV"),
    (("recipients", 0, "permissions", 0), "anything"),
    (("recipients", 0, "key", "kind"), "x509"), (("recipients", 0, "contact"), ""),
    (("recipients", 0, "key", "fingerprint"), "ab" * 20),
    (("recipients", 0, "key", "fingerprint"), "AB" * 8),
    (("recipients", 1, "key", "fingerprint"), "age1short"),
    (("recipients", 1, "key", "fingerprint"), "ssh-ed25519 AAAA me@host"),
    (("recipients", 1, "objects"), None), (("recipients", 0, "acknowledged"), ""),
    (("channels", 0, "kind"), "ftp"), (("channels", 0, "undo"), "perhaps"),
    (("channels", 0, "id"), "a b"), (("channels", 0, "required"), None),
    (("lift_order", 0, 0), "-forge"), (("lift_order", 0), "forge"), (("lift_order", 0, 0), 1),
    (("builds",), {}), (("source", 0), None), (("schedule",), []), (("case",), 12),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), MISSPELT, ids=lambda value: str(value)[:50])
def test_a_value_of_another_shape_is_refused(path: Path, value: Json) -> None:
    with pytest.raises(InputError, match=r"embargo\.json: "):
        parse_manifest(changed(path, value))


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-15T15:00:00+00:00", "2026-12-15T15:00:00", "2026-12-15T16:00:00+01:00",
        "2026-12-15 15:00:00Z", "2026-12-15T15:00:00.5Z", "2026-12-15T15:00:00z", "2026-12-15",
        "2026-12-31T23:59:60Z", "2026-02-29T15:00:00Z", "2026-13-01T15:00:00Z", "tomorrow",
        "2026-12-15T24:00:00Z", "2026-12-15T15:60:00Z", "2026-12-15T15:00Z", "20261215T150000Z",
        "2026-12-15T15:00:00Z\n", "\u06622026-12-15T15:00:00Z", "0000-12-15T15:00:00Z", "",
    ],
)  # fmt: skip
def test_a_local_time_a_leap_second_or_a_day_in_no_calendar_is_refused(text: str) -> None:
    for name in ("opened", "not_before", "expires", "predisclosure"):
        with pytest.raises(InputError, match=f"schedule: {name}: expected a time"):
            parse_manifest(changed(("schedule", name), text))


@pytest.mark.parametrize(
    "name",
    [
        "../x.whl", "/x.whl", "a/b.whl", "a\\b.whl", "", ".", "..", ".hidden", "a\nb", "a\x00b",
        "-rf", "a b", "x" * 256, "u\u0308.whl", "a\u202eb.whl", "C:x", "a%2fb",
    ],
)  # fmt: skip
def test_a_file_name_with_a_separator_or_anything_unplain_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"files\[0\]: name: expected a file name"):
        parse_manifest(changed(("builds", 0, "files", 0, "name"), name))


@pytest.mark.parametrize(
    "ref",
    [
        "", "refs/heads/main", "HEAD", "-f", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[",
        "a\\b", "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.lock/b", "a.", "a@{1}", "a\x7f",
        "a1" * 20, "b2" * 32, "x" * 201, "ä", "a\n", "a/-b", "$(x)", "a;b",
    ],
)  # fmt: skip
def test_a_ref_that_is_no_plain_name_is_refused(ref: str) -> None:
    for name in ("branch", "tag"):
        with pytest.raises(InputError, match=rf"source\[1\]: {name}: expected the plain name"):
            parse_manifest(changed(("source", 1, name), ref))


@pytest.mark.parametrize(
    "text",
    [
        "a\nb",
        "a\x1b[31mb",
        "a\u200bb",
        "a\u202eb",
        "u\u0308",
        "\ud800",
        "a\tb",
        "##[error]",
        "\u2126",
    ],
)
def test_a_text_that_is_not_shown_as_it_is_cannot_be_approved(text: str) -> None:
    for path in (("recipients", 0, "org"), ("schedule", "waivers", 0, "reason")):
        with pytest.raises(InputError, match="visible characters"):
            parse_manifest(changed(path, text))


@pytest.mark.parametrize(
    "key",
    [
        "age1pq1" + "q" * 100, "age1yubikey1" + "q" * 58, "ssh-ed25519 " + "A" * 68,
        "ssh-rsa " + "A" * 371 + "=",
    ],
    ids=["post-quantum", "plug-in", "ed25519", "rsa"],
)  # fmt: skip
def test_every_recipient_age_knows_is_read(key: str) -> None:
    assert parse_manifest(changed(("recipients", 1, "key", "fingerprint"), key))


@pytest.mark.parametrize(
    ("package", "ecosystem"),
    [
        ("@acme/http", "npm"),
        ("group/acme/http", "oci"),
        ("Acme_Http.x", "PyPI"),
        ("charts/a", "helm"),
    ],
)
def test_packages_are_named_as_their_ecosystem_does(package: str, ecosystem: str) -> None:
    build = SealedBuild(package, ecosystem, "1.0", (SealedFile("x.tgz", "aa" * 32, 1, False),))
    manifest = replace(MANIFEST, builds=(build,))
    assert parse_manifest(render_manifest(manifest)) == manifest
