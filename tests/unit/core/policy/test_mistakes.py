"""Each kind of mistake in a policy file: where it is, what is wrong, and how to put it right."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from sealane.errors import ExitCode, PolicyError
from sealane.io.stores.policies.load import load_policy
from support.policies import CI, HEAD, PUBLISH, TEAM, rule

AT = datetime(2026, 11, 25, tzinfo=UTC)
PART = 'schema = "sealane.policy/1"\n' + rule(PUBLISH.replace("publish", "slsa-provenance"))
INCLUDE = f'include = [{{ path = "part.toml", sha256 = "{"0" * 64}" }}]\n'
PUBLIC = '[trust.public]\nlog = "none"\n'


def mistake(name: str, text: str, place: str, why: str, hint: str) -> object:
    return pytest.param(text, place, why, hint, id=name)


MISTAKES = [
    mistake("unknown-key", CI.replace("config =", "confg =") + rule(),
            "line 7: publisher.ci.confg", "unknown key", "did you mean 'config'?"),
    mistake("unknown-key-of-a-rule", CI + rule(more='mod = "warn"\n'),
            "line 11: rule.0.mod", "unknown key", "did you mean 'mode'?"),
    mistake("missing-key", CI + rule('{ predicate = "publish" }'),
            "line 11: rule.0.require.0.by", "required, and missing", "name the publisher"),
    mistake("wrong-type", CI + rule(PUBLISH.replace(" }", ', threshold = "2" }')),
            "line 11: rule.0.require.0.threshold",
            "expected a whole number from 1 to 100, got '2'", "correct it"),
    mistake("no-number", CI + "[trust.own]\nlogs = true\n" + rule(),
            "line 10: trust.own.logs", "expected a whole number from 0 to 8, got True", "correct"),
    mistake("out-of-bounds", "[trust.own]\nmax_age_days = 4000\n" + CI + rule(),
            "line 4: trust.own.max_age_days", "from 1 to 400, got 4000", "correct it"),
    mistake("another-value", CI + rule(more='mode = "enforced"\n'),
            "line 11: rule.0.mode", 'expected "enforce" or "warn" or "audit", got \'enforced\'',
            "did you mean 'enforce'?"),
    mistake("no-zone", "expires = 2027-06-30T00:00:00\n" + CI + rule(),
            "line 3: expires", "expected a zone, got 2027-06", "write e.g. 2027-06-30T00:00:00Z"),
    mistake("expired", "expires = 2026-01-01T00:00:00Z\n" + CI + rule(),
            "line 3: expires", "expired at 2026-01-01", "get the current policy"),
    mistake("expired-exemption", CI + rule() + '[[exemption]]\nmatch = ["*"]\ncode = "SL-PRE-001"\n'
            'reason = "SEC-9"\nexpires = 2026-01-01T00:00:00Z\n',
            "line 16: exemption.0.expires", "expired at 2026-01-01", "take it out"),
    mistake("issuer-missing", CI.replace('issuer = "https://gitlab.com"\n', "") + rule(),
            "line 3: publisher.ci.issuer", "required, and missing", "can be anybody's"),
    mistake("loose-regex", CI.replace("acme/hello", "acme/.*") + rule(),
            "line 6: publisher.ci.project", "looks like a pattern", "write the value in full"),
    mistake("loose-host", CI.replace("https://gitlab.com", "https://.*") + rule(),
            "line 5: publisher.ci.issuer", "looks like a pattern", "write the value in full"),
    mistake("wildcard-ref", CI.replace("v{pep440}", "v*") + rule(),
            "line 8: publisher.ci.ref", "expected a full ref", "write e.g. refs/tags/v{pep440}"),
    mistake("loose-match", CI + rule(match='["pkg:pypi/acme-.*"]'),
            "line 10: rule.0.match", "looks like a regular expression", "match takes globs"),
    mistake("loose-match-host", CI + rule(match='["oci://*.example.org/acme"]'),
            "line 10: rule.0.match", "leaves the host, or the package type, loose", "in full"),
    mistake("contradiction-threshold", CI + rule(PUBLISH.replace(" }", ", threshold = 2 }")),
            "line 11: rule.0.require.0", "there are 1 who can sign, and 2 have to", "name more"),
    mistake("contradiction-choice", CI + rule(f"{{ any = [{PUBLISH}, {PUBLISH}] }}"),
            "line 11: rule.0.require.0.any.1", "the same entry stands here twice", "leave one"),
    mistake("contradiction-level", CI + rule(
            '{ predicate = "slsa-provenance", by = "ci", level = 3 }'),
            "line 11: rule.0.require.0", "level: 3 needs a signer", "pin a reusable workflow"),
    mistake("contradiction-log", PUBLIC + CI + rule(),
            "line 4: trust.public.log", 'expected "required" with the public root', "your own"),
    mistake("contradiction-window", CI + rule() + '[[distrust]]\nreason = "x"\nrun = "urn:1"\n'
            "start = 2026-02-01T00:00:00Z\nend = 2026-01-01T00:00:00Z\n",
            "line 16: distrust.0.end", "expected a time after start", "the later of the two"),
    mistake("contradiction-complete", CI + rule(PUBLISH.replace(" }", ", complete = true }")),
            "line 11: rule.0.require.0", "complete: it is asked of release or release-manifest",
            "leave complete out"),
    mistake("condition-never-defined", CI + rule(PUBLISH.replace(" }", ', only_if = "lts" }')),
            "line 11: rule.0.require.0", "only_if: there is no [condition.lts]", "define ["),
    mistake("publisher-never-used", CI + TEAM + rule(),
            "line 9: publisher.team", "no rule names this publisher", "take it out"),
    mistake("unknown-code", CI + rule() + '[[exemption]]\nmatch = ["*"]\ncode = "SL-PRE-01"\n'
            'reason = "SEC-9"\nexpires = 2027-01-01T00:00:00Z\n',
            "line 14: exemption.0.code", "there is no finding 'SL-PRE-01'", "did you mean"),
    mistake("include-with-another-digest", INCLUDE + CI + rule(),
            "line 3: include.0.sha256",
            f"'part.toml': expected {'0' * 64}, got {sha256(PART.encode()).hexdigest()}",
            "look at what was changed in it"),
    mistake("include-that-leads-out", INCLUDE.replace("part", "../part") + CI + rule(),
            "line 3: include.0.path", "expected a file below the policy's folder", '".."'),
    mistake("no-rule", CI, "rule", "required, and missing", "add a [[rule]]"),
    mistake("nobody", rule(), "publisher", "required, and missing", "in a [publisher.NAME]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "why", "hint"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_what_to_do(
    tmp_path: Path, text: str, place: str, why: str, hint: str
) -> None:
    (tmp_path / "part.toml").write_text(PART, encoding="utf-8")
    path = tmp_path / "policy.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load_policy(path, AT)
    assert raised.value.message.startswith(f"policy {path}: ")
    assert f"{place}: " in raised.value.message
    assert why in raised.value.message
    # Of several mistakes each has its own hint beside it.
    assert hint in f"{raised.value.message} {raised.value.hint}"
    assert raised.value.exit_code == ExitCode.INPUT


def test_without_mistakes_the_same_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "part.toml").write_text(PART, encoding="utf-8")
    path = tmp_path / "policy.toml"
    include = INCLUDE.replace("0" * 64, sha256(PART.encode()).hexdigest())
    path.write_text(HEAD + include + CI + rule(), encoding="utf-8")
    assert len(load_policy(path, AT).rules) == 2
