"""What a CSAF document says to somebody who has nothing else."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.csaf.read import affected_by, parse_csaf, said_by
from sealane.core.advisory.formats.csaf import Csaf
from sealane.core.advisory.formats.csaf_vex import CsafVex
from sealane.core.model.values import replace
from sealane.errors import InputError
from support.csaf import CVSS, Json, branch, document, product
from support.records import entry_of, listed, record_of
from support.rendered import PLAIN, RECORDS, RENDERING, V2, WEAKNESSES
from support.renderings import mutations

VERSIONS = ("0.9", "1.0", "1.1rc1", "1.1", "1.2", "2.0")


def by_purl(version: str, name: str = "acme", product_id: str = "p") -> Json:
    return product(product_id, purl=f"pkg:pypi/{name}@{version}")


def below(category: str, version: str, name: str = "Acme", **helper: str) -> Json:
    """A tree with one product, `p`, below branches."""
    inner = branch(category, version, product("p", **helper))
    project = branch("product_name", name, [inner])
    return {"branches": [branch("vendor", "Acme Ltd", [project])]}


def affected(tree: Json, *statuses: Json, project: str = "acme") -> set[str]:
    made = document(tree=tree, vulnerabilities=[{"product_status": one} for one in statuses])
    parsed = parse_csaf(json.dumps(made).encode())
    return set(affected_by(parsed, project, VERSIONS))


AFFECTED = {"known_affected": ["p"]}


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        pytest.param({"full_product_names": [by_purl("1.0")]}, {"1.0"}, id="purl"),
        pytest.param({"full_product_names": [by_purl("1.0.0")]}, {"1.0"}, id="same-version"),
        pytest.param({"full_product_names": [by_purl("1.1rc1", "Ac_Me")]}, set(), id="other-name"),
        pytest.param({"full_product_names": [by_purl("1%2E0", "ACME")]}, {"1.0"}, id="encoded"),
        pytest.param({"full_product_names": [by_purl("7.0")]}, set(), id="unlisted"),
        pytest.param(below("product_version", "1.0"), {"1.0"}, id="branches"),
        pytest.param(
            below("product_version", "1.0", purl="pkg:pypi/acme"), {"1.0"}, id="purl-and-branch"
        ),
        pytest.param(
            below("product_version", "1.0.0", purl="pkg:pypi/acme@1.0"), {"1.0"}, id="both-agree"
        ),
        pytest.param(
            below("product_version", "1.0", purl="pkg:npm/acme@1.0"), set(), id="other-ecosystem"
        ),
        pytest.param(
            below("product_version_range", "vers:pypi/>=1.0|<1.1"), {"1.0", "1.1rc1"}, id="range"
        ),
        pytest.param(
            below("product_version_range", "vers:pypi/*", purl="pkg:PyPI/acme"),
            set(VERSIONS),
            id="all",
        ),
        pytest.param(below("product_version", "any", name="Other"), set(), id="another-project"),
        pytest.param({"full_product_names": [product("p", purl="pkg:npm/acme")]}, set(), id="npm"),
    ],
)
@pytest.mark.parametrize("status", ["first_affected", "known_affected", "last_affected"])
def test_a_product_is_told_by_its_package_url_or_its_branches(
    tree: Json, found: set[str], status: str
) -> None:
    assert affected(tree, {status: ["p"]}) == found


@pytest.mark.parametrize("status", ["fixed", "first_fixed", "known_not_affected", "recommended"])
def test_other_statuses_make_nothing_affected(status: str) -> None:
    assert affected({"full_product_names": [by_purl("1.0")]}, {status: ["p"]}) == set()


def test_what_nothing_is_said_about_is_not_said_to_be_affected() -> None:
    tree = {"full_product_names": [by_purl("1.0")]}
    assert affected(tree, {"fixed": ["p"]}, AFFECTED) == {"1.0"}
    assert affected(tree, {"recommended": ["p"]}) == set()


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param({"full_product_names": [product("p")]}, id="nothing-known"),
        pytest.param({"full_product_names": [product("p", skus=["1"])]}, id="no-purl"),
        pytest.param({"full_product_names": [product("p", purl="pkg:x.y/@1")]}, id="bad-purl"),
        pytest.param({"full_product_names": [product("p", purl="pkg:pypi/acme")]}, id="no-version"),
        pytest.param({"full_product_names": [by_purl("soon")]}, id="no-pep-440"),
        pytest.param({"full_product_names": [by_purl("1.0?file_name=a")]}, id="qualified"),
        pytest.param({"full_product_names": [by_purl("1.0#src")]}, id="subpath"),
        pytest.param(below("product_version", "1.0", purl="pkg:pypi/acme@1.1"), id="two-versions"),
        pytest.param(below("product_version_range", ">=1.0"), id="no-vers"),
        pytest.param(below("product_version_range", "vers:npm/>=1.0"), id="other-vers"),
        pytest.param(
            below("product_version_range", "vers:pypi/>=1.0", purl="pkg:pypi/acme@1.1"),
            id="version-and-range",
        ),
        pytest.param(below("patch_level", "1"), id="no-version-branch"),
        pytest.param({"branches": [branch("product_version", "1.0", product("p"))]}, id="no-name"),
        pytest.param({"full_product_names": [by_purl("1.0", product_id="q")]}, id="undefined"),
        pytest.param(
            {
                "full_product_names": [by_purl("1.0", product_id="q")],
                "relationships": [
                    {
                        "category": "installed_on",
                        "full_product_name": by_purl("1.0"),
                        "product_reference": "q",
                        "relates_to_product_reference": "q",
                    }
                ],
            },
            id="relationship",
        ),
    ],
)
def test_a_product_that_cannot_be_told_leaves_it_open(tree: Json) -> None:
    with pytest.raises(InputError):
        affected(tree, AFFECTED)
    with pytest.raises(InputError):
        affected(tree, {"fixed": ["p"]})


def test_a_version_is_not_affected_and_fixed_at_once() -> None:
    tree = {"full_product_names": [by_purl("1.0"), by_purl("1.0.0", product_id="q")]}
    with pytest.raises(InputError, match="is affected, and it is not"):
        affected(tree, {"known_affected": ["p"], "fixed": ["q"]})
    # By two vulnerabilities it may be.
    assert affected(tree, {"known_affected": ["p"]}, {"fixed": ["q"]}) == {"1.0"}


def test_what_is_under_investigation_is_open() -> None:
    tree = {"full_product_names": [by_purl("1.0"), by_purl("1.0", "other", "q")]}
    with pytest.raises(InputError, match="under investigation"):
        affected(tree, {"under_investigation": ["p"]})
    assert affected(tree, {"under_investigation": ["q"], "known_affected": ["p"]}) == {"1.0"}


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"document": {"csaf_version": "2.0"}}'])
def test_what_is_no_csaf_document_is_refused(content: bytes) -> None:
    for form in (Csaf(), CsafVex()):
        with pytest.raises(InputError):
            form.affected(content, "acme", VERSIONS)
        with pytest.raises(InputError):
            form.said(content)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from(["document", "vulnerabilities", "product_tree", "x"]), one
            )
        ),
    )
)
def test_nothing_but_an_input_error_is_raised(value: object) -> None:
    with pytest.raises(InputError):
        parse_csaf(json.dumps(value).encode())


def test_a_rendered_advisory_says_what_its_record_says() -> None:
    for form in (Csaf(), CsafVex()):
        said = form.said(form.render(PLAIN, RENDERING).content)
        assert said.ids == {"PYSEC-2026-1", "CVE-2026-10001", "GHSA-2222-3333-4444"}
        assert said.vectors == {PLAIN.severity[0].score}
        assert said.ratings == {"high", "7.5"}
        assert said.weaknesses == {"CWE-78"}
        assert said.fixed == {"1.2", "2.1"}


def test_what_stands_in_notes_is_said_too() -> None:
    record, rendering = RECORDS["rated-by-three"]
    said = Csaf().said(Csaf().render(record, rendering).content)
    assert said.vectors == {one.score for one in record.severity[:4]}
    assert V2 in said.vectors
    assert said.ratings == {"high", "medium", "7.5", "8.7", "5.0", "5.3"}
    record, rendering = RECORDS["two-projects"]
    said = Csaf().said(Csaf().render(record, rendering).content)
    assert said.weaknesses == {"CWE-78", "CWE-79"}
    assert said.fixed == frozenset()


def test_what_others_wrote_is_read_by_the_same_members() -> None:
    made = document(
        tree={
            "branches": [
                *below("product_version", "2.0")["branches"],
                branch("vendor", "x", product("nameless")),
            ]
        },
        vulnerabilities=[
            {"product_status": {"fixed": ["p", "nameless"]}},
            {
                "scores": [{"cvss_v3": CVSS, "products": ["p"]}],
                "notes": [{"category": "other", "text": "CWE-1"}],
            },
        ],
    )
    made["document"]["tracking"]["aliases"] = ["A-1"]
    said = said_by(parse_csaf(json.dumps(made).encode()))
    assert said.ids == {"ACME-2026-1", "A-1"}
    assert said.fixed == {"2.0"}
    assert said.vectors == {CVSS["vectorString"]}
    assert said.ratings == {"critical", "9.8"}
    assert said.weaknesses == frozenset()


def test_a_changed_document_is_read_or_refused() -> None:
    record, rendering = RECORDS["rated-by-three"]
    rendering = replace(rendering, listings=(listed("acme", ["1.0", "1.2"]),))
    made = json.loads(Csaf().render(record, rendering).content)
    changes = list(mutations(made, ["acme@1.0", "pkg:pypi/acme@x", "vers:pypi/>1"]))
    for _, changed in changes[::4]:
        content = json.dumps(changed).encode()
        with suppress(InputError):
            Csaf().affected(content, "acme", VERSIONS)
        with suppress(InputError):
            Csaf().said(content)


def test_thousands_of_versions_are_written_and_read_in_seconds() -> None:
    versions = [f"{major}.{minor}" for major in range(60) for minor in range(50)]
    record = record_of(entry_of("acme", "0 <30.0", versions[:1500]))
    rendering = replace(RENDERING, listings=(listed("acme", versions),))
    begun = time.process_time()
    document = Csaf().render(record, rendering)
    assert len(Csaf().affected(document.content, "acme", versions)) == 1500
    assert not [
        one for one in Csaf().faults(document.content, "", dict(WEAKNESSES)) if not one.warns
    ]
    assert time.process_time() - begun < 20
