"""Texts with a form of their own."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from sealane.core.advisory.csaf import texts
from sealane.core.advisory.csaf.cvss_words import (
    is_vector_2,
    is_vector_30,
    is_vector_31,
    metrics_of,
)


@pytest.mark.parametrize(
    ("fits", "good", "bad"),
    [
        (
            texts.is_moment,
            [
                "2026-11-25T12:00:00Z", "2024-02-29T23:59:60Z", "2026-11-25T12:00:00.123456789Z",
                "2026-11-25T12:00:00+23:59", "0001-01-01T00:00:00-01:00",
            ],
            [
                "", "2026-11-25", "2026-11-25T12:00:00", "2026-11-25t12:00:00Z",
                "2026-11-25T12:00:00z", "2026-02-29T12:00:00Z", "2026-11-25T24:00:00Z",
                "2026-11-25T12:00:61Z", "2026-11-25T12:00:00.Z", "2026-11-25T12:00:00Z\n",
                "2026-11-25 12:00:00Z", "٢026-11-25T12:00:00Z", "9999-12-31T23:59:60Z",
            ],
        ),
        (
            texts.is_cve,
            ["CVE-2026-1234", "CVE-1999-1234567"],
            ["CVE-2026-123", "cve-2026-1234", "CVE-26-1234", "CVE-2026-1234\n", "CVE-2026-١٢٣٤"],
        ),
        (
            texts.is_cwe,
            ["CWE-7", "CWE-100000"],
            ["CWE-0", "CWE-07", "79", "CWE-1000000", "CWE-79\n"],
        ),
        (texts.is_digest, ["a" * 32, "F0" * 40], ["a" * 31, "g" * 32, "a" * 32 + "\n"]),
        (
            texts.is_purl,
            ["pkg:pypi/acme@1.0", "pkg:a/b"],
            ["pkg:pypi", "pkg:1a/b", "pypi/acme", "pkg:pypi/a b", "pkg:pypi/a\n"],
        ),
        (
            texts.is_version,
            ["0", "17", "1.0.0", "0.0.0-rc.1+x.y", "1.2.3--", "1.0.0-0a", "1.0.0+001"],
            [
                "", "01", "1.0", "v1", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0-a..b", "1\n",
                "1.0.0.0", "-1", "\u0661",
            ],
        ),
        (
            texts.is_language,
            ["en", "zh-cmn-Hans-CN", "de-CH-1901", "x-a", "i-default", "I-MINGO", "en-a-bb-x-c",
             "abcd", "es-419"],
            ["e", "en-", "en_US", "-en", "x", "i-klingon", "en\n", "abcdefghi"],
        ),
        (
            texts.is_cpe,
            ["cpe:/", "cpe:/a:acme:tool:1.0", "CPE:/o", "cpe:2.3:a:acme:t\\:l:??1*:*:-:*:*:*:*:*"],
            ["cpe:", "cpe:2.3:a:acme", "cpe:2.3:x:a:b:c:*:*:*:*:*:*:*", "cpe:/a:b c", "cpe:/a\n"],
        ),
        (
            texts.is_uri,
            [
                "https://acme.example", "https://u:p@[::1]:8080/a//b?x=/?#f/?", "urn:a:b",
                "mailto:a@b", "a:", "http://[v1.x:y]/", "file:///x", "https://acme.example/%41",
                "a:/b/c", "a:b/c",
            ],
            [
                "", "acme.example", "//acme.example", "1a:b", "https://a b", "https://a/%4",
                "https://a/#x#y", "https://a/é", "https://[::1", "https://a:port/", "a://[]/",
                "https://a\n", "a:/b/[c]", "<script>",
            ],
        ),
        (
            texts.is_category,
            ["a", "csaf_base", "Acme's Notice", "a b"],
            ["", "-a", "a_", ".", "a ", "\u00a0a", "a\nb"],
        ),
        (texts.is_tracking_id, ["a", "-a_", "A 1"], ["", " a", "a\t", "a\nb", "\n"]),
        (
            is_vector_2,
            ["AV:N/AC:L/Au:N/C:P/I:P/A:C", "E:POC", "AV:N/CDP:LM/TD:ND/CR:M"],
            ["", "AV:P", "AV:N/", "(AV:N)", "av:n", "AV:N\n", "MAV:N"],
        ),
        (
            is_vector_30,
            ["CVSS:3.0/AV:P", "CVSS:3.0/AV:N/MAV:X/E:X/CR:H/MS:C"],
            ["CVSS:3.1/AV:P", "AV:P", "CVSS:3.0/", "CVSS:3.0/AV:X", "CVSS:3x0/AV:P"],
        ),
        (is_vector_31, ["CVSS:3.1/AV:P/MPR:N"], ["CVSS:3.0/AV:P", "CVSS:3.1/CDP:N"]),
    ],
)  # fmt: skip
def test_a_text_has_its_form_or_is_refused(
    fits: Callable[[str], bool], good: list[str], bad: list[str]
) -> None:
    assert [one for one in good if not fits(one)] == []
    assert [one for one in bad if fits(one)] == []


def test_a_leap_second_is_the_second_after() -> None:
    assert texts.moment_of("2016-12-31T23:59:60Z") == datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "cpe:2.3:a:" + "?" * 50_000,
        "cpe:2.3:a:" + "a" * 50_000,
        "en" + "-a" * 50_000,
        "en" + "-abcdefgh" * 20_000 + "!",
        "1.0.0-" + "1" * 50_000 + "!",
        "https://" + "a@" * 20_000,
        "https://" + "a:" * 20_000 + "é",
        "pkg:a/" + "%41" * 20_000 + "é",
        "CVSS:3.1/" + "E:X/" * 20_000,
    ],
)
@pytest.mark.timeout(10)
def test_no_form_takes_long_to_refuse_a_long_text(text: str) -> None:
    for fits in (texts.is_cpe, texts.is_language, texts.is_version, texts.is_uri, texts.is_purl):
        assert not fits(f"{text} ")
    assert not is_vector_31(text)


def test_the_metrics_of_a_vector_go_without_its_version() -> None:
    assert metrics_of("CVSS:3.1/AV:N/S:C") == {"AV": "N", "S": "C"}
