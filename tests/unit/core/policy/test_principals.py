"""However somebody signs, it is one principal; two are never made of one."""

from dataclasses import replace

import pytest

from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.people import OPENPGP_ISSUER, CircleCiPublisher, Publisher
from sealane.core.policy.principals import principal_of, seat_of
from sealane.core.verify.keys import KEY_ISSUER
from support.judging import ANN, BO, GITHUB, TEAM, github, gitlab, having, person, reused

CIRCLE = Identity(
    "https://oidc.circleci.com/org/1",
    "https://circleci.com/api/v2/projects/2/pipeline-definitions/3",
    ((int(Claim.BUILD_CONFIG_URI), "https://circleci.com/api/v2/pipeline/4/config"),),
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(github(), github(ref="refs/heads/main"), True, id="another-ref"),
        pytest.param(github(), github("ACME/hello"), True, id="another-spelling"),
        pytest.param(github(), reused(), True, id="another-file-signs-for-it"),
        pytest.param(github(), github("acme/other"), False, id="another-project"),
        pytest.param(gitlab(), gitlab("git.example.org"), False, id="another-instance"),
        pytest.param(
            CIRCLE,
            having(CIRCLE, Claim.BUILD_CONFIG_URI, "https://circleci.com/api/v2/pipeline/5/config"),
            True,
            id="another-run-on-circleci",
        ),
        pytest.param(CIRCLE, replace(CIRCLE, subject=CIRCLE.subject + "4"), False, id="definition"),
        pytest.param(person(), replace(person(), subject="ANN@example.org"), True, id="capitals"),
        pytest.param(person(), person(BO), False, id="another-person"),
        pytest.param(person(), replace(person(), issuer="https://x.example"), False, id="issuer"),
        pytest.param(
            Identity(KEY_ISSUER, "sha256:1"), Identity(KEY_ISSUER, "sha256:2"), False, id="keys"
        ),
        pytest.param(
            Identity(OPENPGP_ISSUER, "AB"), Identity(OPENPGP_ISSUER, "ab"), False, id="openpgp"
        ),
        pytest.param(Identity(KEY_ISSUER, ANN.subject), person(), False, id="key-and-person"),
        pytest.param(having(person(), Claim.BUILD_CONFIG_URI, "@x"), person(), True, id="no-file"),
    ],
)
def test_a_principal_is_who_signs_not_what_with(
    one: Identity, other: Identity, *, same: bool
) -> None:
    assert (principal_of(one) == principal_of(other)) is same


@pytest.mark.parametrize(
    ("publisher", "same"),
    [
        pytest.param(GITHUB, True, id="a-pipeline"),
        pytest.param(CircleCiPublisher("c", CIRCLE.issuer, "2", "3"), True, id="circleci"),
        pytest.param(ANN, True, id="a-certificate"),
        pytest.param(TEAM, False, id="people"),
    ],
)
def test_a_publisher_that_names_one_signer_counts_once(publisher: Publisher, *, same: bool) -> None:
    one, other = (principal_of(who) for who in (person(), person(BO)))
    assert (seat_of(publisher, one) == seat_of(publisher, other)) is same


def test_people_of_one_host_are_two() -> None:
    assert seat_of(ANN, principal_of(person())) != seat_of(BO, principal_of(person(BO)))
