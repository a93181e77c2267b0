"""The keys that a policy names by file: read once, and held against the digest it pins.

What is compared is what is used: nothing reads such a file again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sealane.core.policy.key_file import parse_key_file
from sealane.core.policy.people import KeyPublisher, OpenPgpPublisher, Publisher
from sealane.core.policy.schema import Policy, digest_of
from sealane.core.verify.keys import TrustedKey, Window
from sealane.errors import InputError, PolicyError, TrustError
from sealane.io.adapters.files import read_bounded

KEY_LIMIT = 64 * 1024
CERTIFICATES_LIMIT = 1024 * 1024


def load_keys(policy: Policy) -> Policy:
    """A copy of a policy in which every publisher by key, or OpenPGP certificate, has its own.

    A key file that a flag named has no pin: then the digest of the policy is made anew, so that
    the report says which key it was.

    Raises:
        PolicyError: A file is missing, unreadable, or not the pinned one; a key, or how it signs,
            is not supported; or two publishers say different things of one key.
        MissingExtraError: OpenPGP certificates cannot be read, for their reader is not installed.
    """
    loaded = {one: _loaded(one, policy) for one in policy.publishers}
    _check_agreement(loaded.values(), policy)
    found = policy.with_publishers(loaded)
    if any(isinstance(one, KeyPublisher) and one.sha256 is None for one in policy.publishers):
        return replace(found, sha256=digest_of(found.rules))
    return found


def _loaded(publisher: Publisher, policy: Policy) -> Publisher:
    if isinstance(publisher, KeyPublisher):
        return _with_key(publisher, policy)
    if isinstance(publisher, OpenPgpPublisher):
        return _with_certificates(publisher, policy)
    return publisher


def _with_key(publisher: KeyPublisher, policy: Policy) -> KeyPublisher:
    try:
        content = _content(publisher, KEY_LIMIT, "public key")
        window = Window(publisher.start, publisher.end)
        spki = parse_key_file(content)
        name = publisher.name if publisher.sha256 else f"key:{publisher.file}"
        key = TrustedKey(name, spki, publisher.details, window)
        # Asked now: a key that cannot sign as the policy says would be found out at evidence only.
        _ = key.algorithms
    except InputError as error:
        raise _refused(publisher, policy, error.message, error.hint) from error
    return replace(publisher, keys=(key,))


def _with_certificates(publisher: OpenPgpPublisher, policy: Policy) -> OpenPgpPublisher:
    from sealane.io.adapters.openpgp import fingerprints_of

    try:
        content = _content(publisher, CERTIFICATES_LIMIT, "OpenPGP certificates")
        fingerprints = fingerprints_of(content)
    except (InputError, TrustError) as error:
        raise _refused(publisher, policy, error.message, error.hint) from error
    return replace(publisher, certificates=content, fingerprints=fingerprints)


def _content(publisher: KeyPublisher | OpenPgpPublisher, limit: int, what: str) -> bytes:
    """The bytes of a publisher's file, which are the pinned ones where there is a pin.

    Raises:
        InputError: They cannot be read, or are others.
    """
    content = read_bounded(Path(publisher.file), limit, what=what)
    found = hashlib.sha256(content).hexdigest()
    if publisher.sha256 not in (None, found):
        raise InputError(
            f"expected sha256 {publisher.sha256}, got {found}",
            hint="compare the file with where it came from; do not just pin the new digest",
        )
    return content


def _check_agreement(publishers: Iterable[Publisher], policy: Policy) -> None:
    """Check that one key is one: whose window counted would else depend on whom a rule names.

    Who signed is told by the key alone, so a signature that was proven by the wider window would
    also be by the publisher with the narrower one.

    Raises:
        PolicyError: Two publishers have the same key, and another window or way of signing.
    """
    known: dict[bytes, KeyPublisher] = {}
    for one in publishers:
        if not isinstance(one, KeyPublisher):
            continue
        for key in one.keys:
            first = known.setdefault(key.spki, one)
            if (first.details, first.start, first.end) != (one.details, one.start, one.end):
                why = f"it is the key of publisher.{first.name}, with other start, end or details"
                raise _refused(one, policy, why, "write the same for both, or leave one out")


def _refused(
    publisher: KeyPublisher | OpenPgpPublisher, policy: Policy, why: str, hint: str
) -> PolicyError:
    table = f"policy {policy.origin}: publisher.{publisher.name}: file {publisher.file!r}"
    place = table if publisher.sha256 else f"--publisher key:{publisher.file}"
    return PolicyError(f"{place}: {why}", hint=hint or "name the file of a public key")
