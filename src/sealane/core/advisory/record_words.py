"""The words that the schema of OSV knows: ecosystems, prefixes of identifiers, types, vectors.

Spec: OSV schema 1.7.5; CVSS 2.0, section 2.4; CVSS 3.1, section 6; CVSS 4.0, section 7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ECOSYSTEMS = (
    "AlmaLinux", "Alpaquita", "Alpine", "Android", "Azure Linux", "BellSoft Hardened Containers",
    "Bioconductor", "Bitnami", "CRAN", "Chainguard", "CleanStart", "ConanCenter", "Debian",
    "Docker Hardened Images", "Echo", "FreeBSD", "GHC", "GIT", "GitHub Actions", "Go", "Hackage",
    "Hex", "Julia", "Kubernetes", "Linux", "Mageia", "Maven", "MinimOS", "NuGet", "OSS-Fuzz",
    "Packagist", "Photon OS", "Pub", "PyPI", "Red Hat", "Rocky Linux", "Root", "RubyGems", "SUSE",
    "SwiftURL", "TuxCare", "Ubuntu", "VSCode", "Wolfi", "crates.io", "npm", "opam", "openEuler",
    "openSUSE",
)  # fmt: skip
_PREFIXES = (
    "ALBA", "ALEA", "ALPINE", "ALSA", "ASB-A", "AZL", "BELL", "BIT", "CGA", "CLEANSTART", "CLSA",
    "CURL", "CVE", "DEBIAN", "DHI", "DLA", "DRUPAL", "DSA", "DTSA", "ECHO", "EEF", "ELA", "FreeBSD",
    "GHSA", "GO", "GSD", "HSEC", "JLSEC", "KUBE", "LBSEC", "LSN", "MAL", "MGASA", "MINI", "OESA",
    "OSEC", "OSV", "PHSA", "PSF", "PUB-A", "PYSEC", "RHBA", "RHEA", "RHSA", "RLSA", "ROOT", "RSEC",
    "RUSTSEC", "RXSA", "SUSE-FU", "SUSE-OU", "SUSE-RU", "SUSE-SU", "UBUNTU", "USN", "V8",
    "openSUSE-SU",
)  # fmt: skip

# With what a database adds, e.g. "Debian:12".
ECOSYSTEM = re.compile(f"({'|'.join(map(re.escape, _ECOSYSTEMS))})(:.+)?")
# "x_" is for databases that OSV does not know.
IDENTIFIER = re.compile(f"(x_|({'|'.join(_PREFIXES)})-).*", re.DOTALL)
REFERENCES = (
    "ADVISORY", "ARTICLE", "DETECTION", "DISCUSSION", "EVIDENCE", "FIX", "GIT", "INTRODUCED",
    "PACKAGE", "REPORT", "WEB",
)  # fmt: skip
CREDITS = (
    "ANALYST", "COORDINATOR", "FINDER", "OTHER", "REMEDIATION_DEVELOPER", "REMEDIATION_REVIEWER",
    "REMEDIATION_VERIFIER", "REPORTER", "SPONSOR", "TOOL",
)  # fmt: skip
UBUNTU = ("negligible", "low", "medium", "high", "critical")


def _any_order(start: str, metrics: str) -> re.Pattern[str]:
    """Metrics, one or more, in any order; "NAME:a|b" for each, and spaces between them."""
    one = "|".join(f"{name}:(?:{values})" for name, values in _pairs(metrics))
    return re.compile(f"{start}(?:{one})(?:/(?:{one}))*")


def _in_order(start: str, base: str, optional: str) -> re.Pattern[str]:
    """The base metrics in their order, then what is optional, in its order."""
    needed = "".join(f"/{name}:(?:{values})" for name, values in _pairs(base))
    further = "".join(f"(?:/{name}:(?:{values}))?" for name, values in _pairs(optional))
    return re.compile(start + needed + further)


def _pairs(metrics: str) -> list[tuple[str, str]]:
    found = [word.partition(":") for word in metrics.split()]
    return [(name, values) for name, _, values in found]


# The forms that the schema demands; whether a vector is complete is another question (SL-ADV-014).
SCORES: Mapping[str, re.Pattern[str]] = {
    "CVSS_V2": _any_order(
        "",
        "AV:N|A|L AC:L|M|H Au:M|S|N [CIA]:N|P|C E:U|POC|F|H|ND RL:OF|TF|W|U|ND RC:UC|UR|C|ND "
        "CDP:N|L|LM|MH|H|ND TD:N|L|M|H|ND [CIA]R:L|M|H|ND",
    ),
    "CVSS_V3": _any_order(
        "CVSS:3[.][01]/",
        "AV:N|A|L|P AC:L|H PR:N|L|H UI:N|R S:U|C [CIA]:N|L|H E:X|U|P|F|H RL:X|O|T|W|U RC:X|U|R|C "
        "[CIA]R:X|L|M|H MAV:X|N|A|L|P MAC:X|L|H MPR:X|N|L|H MUI:X|N|R MS:X|U|C M[CIA]:X|N|L|H",
    ),
    "CVSS_V4": _in_order(
        "CVSS:4[.]0",
        "AV:N|A|L|P AC:L|H AT:N|P PR:N|L|H UI:N|P|A VC:H|L|N VI:H|L|N VA:H|L|N SC:H|L|N SI:H|L|N "
        "SA:H|L|N",
        "E:X|A|P|U CR:X|H|M|L IR:X|H|M|L AR:X|H|M|L MAV:X|N|A|L|P MAC:X|L|H MAT:X|N|P MPR:X|N|L|H "
        "MUI:X|N|P|A MVC:X|N|L|H MVI:X|N|L|H MVA:X|N|L|H MSC:X|N|L|H MSI:X|N|L|H|S MSA:X|N|L|H|S "
        "S:X|N|P AU:X|N|Y R:X|A|U|I V:X|D|C RE:X|L|M|H U:X|Clear|Green|Amber|Red",
    ),
}
