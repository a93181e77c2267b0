"""What is fixed has no score, or one that says nothing is left: 6.2.19."""

import cvss  # type: ignore[import-untyped]  # it has no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.csaf.cvss_words import METRICS
from sealane.core.advisory.csaf.rules.interface import Csaf
from sealane.core.advisory.csaf.rules.registry import rule_named
from support.csaf import CVSS, VECTOR, Json, document, product
from support.csaf import broken as broken_in

V2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C"


def made(version: str, vector: str, status: str = "fixed", *, scored: str = "a") -> Json:
    member = "cvss_v2" if version == "2.0" else "cvss_v3"
    rating = {**CVSS, "version": version, "vectorString": vector}
    if version == "2.0":
        del rating["baseSeverity"]
    vulnerability = {
        "product_status": {status: ["a"]},
        "scores": [{member: rating, "products": [scored]}],
    }
    return document(products=(product("a"), product("b")), vulnerabilities=[vulnerability])


@pytest.mark.parametrize("status", ["fixed", "first_fixed"])
@pytest.mark.parametrize(
    ("version", "vector", "holds"),
    [
        ("3.1", VECTOR, False),
        ("3.0", VECTOR.replace("3.1", "3.0"), False),
        ("3.1", f"{VECTOR}/MC:N/MI:N/MA:N", True),
        ("3.1", f"{VECTOR}/MC:N/MI:N/MA:L", False),
        ("3.1", f"{VECTOR}/MC:N/MI:N/MA:X", False),
        ("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:N", True),
        ("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:N/MI:H", False),
        ("2.0", V2, False),
        ("2.0", f"{V2}/TD:N", True),
        ("2.0", f"{V2}/TD:L", False),
        ("2.0", "AV:N/AC:L/Au:N/C:N/I:N/A:N", True),
        ("2.0", "AV:N/AC:L/Au:N/C:N/I:N/A:N/CDP:L", False),
    ],
)
def test_what_is_fixed_is_not_scored_as_if_it_were_not(
    status: str, version: str, vector: str, holds: bool
) -> None:
    member = "cvss_v2" if version == "2.0" else "cvss_v3"
    place = f"/vulnerabilities/0/scores/0/{member}"
    assert broken_in("6.2.19", made(version, vector, status)) == ([] if holds else [place])


def test_scores_of_other_products_may_be_what_they_are() -> None:
    assert broken_in("6.2.19", made("3.1", VECTOR, scored="b")) == []
    assert broken_in("6.2.19", made("3.1", VECTOR, "known_affected")) == []


def vectors(version: str) -> st.SearchStrategy[str]:
    """Whole vectors of a version, with some of what is not a base metric."""
    base, others = {"2.0": 6}.get(version, 8), METRICS[version]
    parts = [
        st.sampled_from([f"{one.short}:{value}" for value, _ in one.words])
        if number < base
        else st.sampled_from(["", *(f"{one.short}:{value}" for value, _ in one.words)])
        for number, one in enumerate(others)
    ]
    head = "" if version == "2.0" else f"CVSS:{version}/"
    return st.tuples(*parts).map(lambda found: head + "/".join(one for one in found if one))


@pytest.mark.parametrize("version", ["2.0", "3.0", "3.1"])
@given(data=st.data())
def test_what_is_left_is_what_the_library_computes(version: str, data: st.DataObject) -> None:
    vector = data.draw(vectors(version))
    library = cvss.CVSS2(vector) if version == "2.0" else cvss.CVSS3(vector)
    environmental = library.scores()[2]
    found = list(rule_named("6.2.19").broken(Csaf(made(version, vector), {})))
    # Version 2 has no environmental score where no metric of it is given.
    left = library.scores()[0] if environmental is None else environmental
    assert bool(found) is (left != 0), (vector, library.scores())
