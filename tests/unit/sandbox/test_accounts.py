from sealane.sandbox.accounts import Accounts, client_variables

BASE = "http://127.0.0.1:4711"


def test_every_run_has_its_own_secrets_and_none_is_shown() -> None:
    first, second = Accounts(), Accounts()
    secrets = {
        one for run in (first, second) for one in (run.cve_key, run.ghsa_token, run.git_token)
    }
    assert len(secrets) == 6
    assert not any(one in repr((first, second)) for one in secrets)


def test_clients_find_their_account_in_the_environment() -> None:
    accounts = Accounts()
    assert client_variables(accounts.document(BASE)) == {
        "CVE_API_URL": f"{BASE}/cve/api/",
        "CVE_ORG": "sandbox-cna",
        "CVE_USER": "sandbox@sealane.invalid",
        "CVE_API_KEY": accounts.cve_key,
        "PIP_AUDIT_OSV_URL": f"{BASE}/osv/v1/query",
    }
