"""What findings on an advisory mean: the checks ADV01 to ADV25."""

from __future__ import annotations

from sealane.core.model.explanation import Explanation, Step
from sealane.core.model.verdict import Outcome

_RECORD = "PYSEC-2026-1.json"
_INDEX = "index of acme"
_LATER = (
    "What is not there yet by then is missing, not wrong; after the deadline it is wrong. A "
    "service that nobody asked is missing as well."
)


def _adv(
    text: str,
    place: str,
    expected: str = "",
    actual: str = "",
    outcome: Outcome = Outcome.FAIL,
) -> Explanation:
    return Explanation(Step.ADVISORY, text, place, expected, actual, outcome)


ADVISORY_EXPLANATIONS = {
    "SL-ADV-001": _adv(
        "Every format has rules for its own form, and a reader that meets another form guesses, "
        "stops, or passes over the record without a word. Of a record whose schema is not 1.x "
        "nothing is reported at all. Rules that only warn in their format warn here. "
        "It includes SCH:001 of OSV's linter.",
        "record/schema_version",
        "1.x.y",
        "2.0.0",
    ),
    "SL-ADV-002": _adv(
        "Readers find an advisory by its identifiers, and put those of several databases together "
        "by them. A placeholder, one that is written in another way, or another one in one of the "
        "documents makes two vulnerabilities of one. "
        "It includes REC:002 (aliases), REC:003 (upstream) and REC:004 (related) of OSV's linter.",
        "record/aliases",
        "an identifier that was reserved",
        "CVE-2026-XXXX",
    ),
    "SL-ADV-003": _adv(
        "An advisory for the wrong package warns people who have nothing to do, and nobody else. "
        "Compared are the name as PEP 503 writes it, the package URL, the index, and every release "
        "manifest at hand, both ways. A name in another writing is found, and shown without its "
        "fix. It includes PKG:001 (the package exists) and PKG:003 (its URL is one) of OSV's "
        "linter.",
        "record/affected/0/package/name",
        "acme-tools",
        "Acme.Tools",
    ),
    "SL-ADV-004": _adv(
        "Versions are compared as PEP 440 orders them. What it does not know cannot be compared, "
        "and pip-audit ends in a traceback there, for every package of whoever runs it.",
        "record/affected/0/ranges/0/events",
        "a PEP 440 version",
        "fixed: 1.4.2-final",
    ),
    "SL-ADV-005": _adv(
        "Several ranges, or several entries of one package, mean the same by the letter of the "
        "schema and are shown differently: pip-audit tells the fix of the first range, or of the "
        "last entry. One range with all its events in turn is what every reader understands. "
        "A range that holds no version warns nobody. Events out of order, and an interval that "
        "holds no released version beside others that do, only warn. It includes REC:001 "
        "(something is affected), RNG:001 (a range begins) and RNG:002 (it is not empty) of OSV's "
        "linter.",
        "record/affected/0/ranges",
        "one ECOSYSTEM range",
        "2 ranges",
    ),
    "SL-ADV-006": _adv(
        "Users are told to go to a version that there is not, or a release with the fix is not "
        "named at all. In one real advisory of twenty the fixed version never was on the index: "
        "the number was changed before the release, or mistyped. A draft is held against the index "
        "as it will be: what it has now, and the files of the release manifests.",
        "record: acme",
        "a version of the index, which has 1.4.0, 1.4.1, 1.4.3",
        "fixed: 1.4.2",
    ),
    "SL-ADV-007": _adv(
        "Whoever follows the advisory installs these files. Release manifest, the files that "
        "the record lists, and the index have to have the same names and digests, none yanked. "
        "A file too many is as bad as one too few: nobody signed it for this release, and an "
        "installer may choose it. Without anything signed to compare with, what is published is "
        "missing, and a draft is told so.",
        f"{_INDEX} 1.4.2: acme-1.4.2-py3-none-any.whl",
        "sha256 9b4e1c…",
        "sha256 07aa31…",
    ),
    "SL-ADV-008": _adv(
        "The range goes over its own end, most often because it was written for one series and "
        "reaches into another, or because the list of versions was filled from the wrong bound. "
        "Users of the fix are told that they are vulnerable, and stop believing the advisory.",
        "record: acme 1.4.2",
        "outside every range",
        "inside one",
    ),
    "SL-ADV-009": _adv(
        "Some readers look into the list alone, others into the ranges alone; both have to come to "
        "the same. In the list belongs every version of the index inside a range: pre-, post- and "
        "development releases too, and yanked ones, which can still be installed. A version that "
        "was deleted from the index, or never was on it, does not. That one is there twice, or is "
        "in a file name that no installer takes, only warns. It includes PKG:002 (versions exist) "
        "of OSV's linter, which warns: bounds that were never released mean what they should.",
        "record: versions of acme",
        "also 1.4.1.post1",
        "not listed",
    ),
    "SL-ADV-010": _adv(
        "The users of that series have no version to go to, though the advisory says there is one; "
        "or the range has no end, and every release to come will be called vulnerable. Newest is "
        "what an installer takes: no pre-release, and not yanked. Where the project does not say "
        "which series it supports, the newest version of all is asked. An advisory for something "
        "that nobody has fixed yet fails here on purpose; leaving the check out is a decision that "
        "the report shows.",
        "record: acme",
        "newest of 1.4 is not affected",
        "1.4.1",
    ),
    "SL-ADV-011": _adv(
        "By PEP 440 a pre-release comes before its release, so 1.4.2rc1 is inside a range that "
        "ends with 1.4.2. A range that ends with the last affected release, or is a list, "
        "leaves it out, and whoever runs the pre-release is told that nothing is wrong.",
        "record: acme",
        "what comes before 1.4.2 is affected",
        "not affected: 1.4.2rc1",
    ),
    "SL-ADV-012": _adv(
        "Ranges are often written one a series, and one is forgotten. A series that the project "
        "supports, or that lies between two ranges, has to be affected, to have its fix, or to be "
        "named as unaffected, which is a statement that somebody answers for. Series are those of "
        "the project's configuration; without it, major and minor number.",
        "record: acme, series 1.5",
        "affected, fixed, or named as unaffected",
        "nothing is said of 1.5.0, 1.5.1",
    ),
    "SL-ADV-013": _adv(
        "Each format writes ranges in its own way, and each reader has one of them. Every document "
        "is read here as a consumer of its format reads it, and asked about every version of the "
        "index; the answers have to be those of the record. No document, or no index, is no "
        "agreement.",
        "csaf pysec-2026-1.json: acme",
        "affected: 1.4.1.post1",
        "not affected",
    ),
    "SL-ADV-014": _adv(
        "A score is computed from its vector, so two of them that differ show that one was edited. "
        "Each vector has to parse, the record's own word and the scores and words of all documents "
        "have to come from it, and ratings stand at the top or at the packages, never both. A "
        "record without any vector only warns: most real ones leave it to others.",
        "record/database_specific/severity",
        "high",
        "CRITICAL",
    ),
    "SL-ADV-015": _adv(
        "The list of weaknesses has views, categories and withdrawn entries, which sort weaknesses "
        "and are none. Statistics and some readers take only what says what went wrong. A record "
        "without any only warns.",
        "record/database_specific/cwe_ids",
        "a weakness of the list, like CWE-79",
        "CWE-16",
    ),
    "SL-ADV-016": _adv(
        "A link that does not answer, and a fix that is in no release, are what a reader finds "
        "first. Every link is to answer; every commit that is named as a fix is to be on a public "
        "branch and in the tag of a release with the fix, and each such tag is to have one. Of a "
        "draft it is not asked: nothing is public yet.",
        "commit 4f1d0c7",
        "in the tag of a fixing release",
        "in v1.4.1",
    ),
    "SL-ADV-017": _adv(
        "An advisory that is older than its lift was either public too early or says so. Times are "
        "written with day, time and Z: pip-audit ends in a traceback at others. A draft that is "
        "withdrawn warns nobody and fails; one that was published and is withdrawn only warns, for "
        "that may be meant.",
        "record/published",
        "not before the lift, 2026-11-25T14:00:00Z",
        "2026-11-25T09:00:00Z",
    ),
    "SL-ADV-018": _adv(
        "Before the lift a document is a draft that may not be passed on, after it a final one "
        "for everybody. A recipient's tools act on these two members, not on the mail around "
        "them. Only CSAF has them.",
        "csaf pysec-2026-1.json: traffic light",
        "a label that keeps it, e.g. AMBER",
        "WHITE",
    ),
    "SL-ADV-019": _adv(
        "Downloaders of CSAF read the lists of the folder, fetch what is named there, and refuse "
        "what its digest or signature does not hold. The documents in it have to be those that "
        f"were checked, byte for byte, 15 minutes after the lift. {_LATER}",
        "CSAF folder: white/2026/pysec-2026-1.json.sha256",
        "rule digest",
        "the digest of another file",
    ),
    "SL-ADV-020": _adv(
        "A reserved CVE id tells its readers nothing, and another text there is what most scanners "
        "show. It is compared member by member with the container that was rendered, 15 minutes "
        f"after the lift, for projects that publish their own CVE records. {_LATER}",
        "CVE record CVE-2026-10001",
        "PUBLISHED",
        "RESERVED",
    ),
    "SL-ADV-021": _adv(
        "What scanners ask is this service, not the file that was written. It has to name the "
        "advisory for the newest vulnerable version of each interval, and not for the fix, 48 "
        f"hours after the lift: its feeds run by timers. {_LATER}",
        "OSV service: acme 1.4.1",
        "one of CVE-2026-10001, PYSEC-2026-1",
        "no advisory",
        Outcome.MISSING,
    ),
    "SL-ADV-022": _adv(
        "The last word is what an unmodified client tells a user, by the index's own answer and by "
        "an OSV service: old versions are flagged, fixes are not, and the fix that is shown is the "
        "one of the series, or all of them, 48 hours after the lift. A record that it cannot take, "
        f"such as one with two ranges, shows here at the latest. {_LATER}",
        "pip-audit by osv: acme 2.0.0",
        "fix 2.0.1",
        "fix 1.4.2",
    ),
    "SL-ADV-023": _adv(
        "Installers leave a yanked release aside, except where it is pinned. The project says "
        "whether it wants that; where it does, every file of every vulnerable release has to be "
        "yanked. A yanked fix is another finding, SL-ADV-007.",
        _INDEX,
        "yanked",
        "not yanked: 1.4.1",
    ),
    "SL-ADV-024": _adv(
        "People read the announcement, and act on what it says. It has to name every identifier "
        "and every fixed version of the record; what it says to upgrade to has to be a fix, and a "
        "version of the same series that is neither affected nor a fix is taken for a slip.",
        "announcement",
        "fixed in 1.4.2, 2.0.1",
        "fixed in 1.4.3",
    ),
    "SL-ADV-025": _adv(
        "Public logs of signatures are watched, by attackers too: an entry from before the lift "
        "told them that a release was coming. It cannot be taken back, and the time of the lift "
        "has to be thought over for the next one. Without any entry nothing is known.",
        "public logs",
        "not before the lift, 2026-11-25T14:00:00Z",
        "2026-11-25T11:20:00Z",
    ),
}
