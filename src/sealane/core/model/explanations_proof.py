"""What findings about a piece of evidence mean: whether it holds, whoever signed it."""

from __future__ import annotations

from sealane.core.model.explanation import Explanation, Step

_OLD_ROOT = (
    "Services change their keys every few years, and a trust root says from when to when each key "
    "counts. A signature outside that time is refused even if the key is right, for retired keys "
    "are the ones that leak. If the evidence is new, the root on this machine may be too old."
)
_OTHER_WORLD = (
    "A trust root names every authority and log whose word counts. Evidence from another instance "
    "of Sigstore, be it a company's own or somebody's on a laptop, can be perfect in itself and "
    "still means nothing here: anybody can run an authority."
)
_BUNDLE = "acme-1.0-py3-none-any.whl.sigstore.json"

PROOF_EXPLANATIONS = {
    "SL-BUN-001": Explanation(
        Step.READ,
        "The evidence calls itself a Sigstore bundle of a version that did not exist when this "
        "sealane was written. What its members mean cannot be known, so none of them is believed.",
        _BUNDLE,
        "version 0.1, 0.2 or 0.3",
        "application/vnd.dev.sigstore.bundle.v9+json",
    ),
    "SL-BUN-002": Explanation(
        Step.READ,
        "Each version of the bundle has rules: 0.3 has one certificate and no chain, older ones "
        "have a chain. What breaks them was written by a faulty tool, or was changed on the way.",
        _BUNDLE,
        "a single certificate",
        "a chain of 2",
    ),
    "SL-BUN-003": Explanation(
        Step.READ,
        "A signature without a certificate, and without a hint at a key, is a number that anybody "
        "may have written. Nobody can be asked whether it is theirs.",
        _BUNDLE,
        "a certificate or a key",
        "neither",
    ),
    "SL-BUN-004": Explanation(
        Step.READ,
        "A bundle has proof for exactly one signature. With none there is nothing to check, and "
        "with two nobody knows which of them the certificate and the log entry belong to.",
        _BUNDLE,
        "1 signature",
        "2",
    ),
    "SL-CRT-001": Explanation(
        Step.SIGNER,
        "The certificate says who signed. It is broken, so it says nothing.",
        _BUNDLE,
        "an X.509 certificate",
        "",
    ),
    "SL-CRT-002": Explanation(
        Step.SIGNER,
        f"{_OTHER_WORLD} The certificate of this evidence is by none of the authorities in the "
        "root that was judged by.",
        _BUNDLE,
        "fulcio.sigstore.dev",
        "CN=acme-internal-ca,O=Acme",
    ),
    "SL-CRT-003": Explanation(
        Step.SIGNER,
        "A certificate is made for a purpose. One for a web server, or one that may itself issue "
        "certificates, must not sign files: whoever holds it was never checked for that.",
        _BUNDLE,
        "a certificate for signing code",
        "the signing certificate is an authority's",
    ),
    "SL-CRT-004": Explanation(
        Step.SIGNER,
        f"The authority is known, but did not count at the proven time of signing. {_OLD_ROOT}",
        _BUNDLE,
        "2022-04-13T20:06:15Z to 2031-10-05T13:56:58Z",
        "2021-03-07T03:20:29Z",
    ),
    "SL-KEY-001": Explanation(
        Step.SIGNER,
        "This evidence has no certificate. Whoever holds a key signed it, and whose key it is only "
        "you can know: the hint in the evidence was written by whoever made the evidence.",
        _BUNDLE,
        "a key that you named",
        "none was named",
    ),
    "SL-KEY-002": Explanation(
        Step.SIGNER,
        "The key is of a kind that is not read, or too short to be safe. ECDSA on P-256, P-384 "
        "and P-521, Ed25519, and RSA from 2048 bits on are read.",
        _BUNDLE,
        "a supported key",
        "RSA of 1024 bits",
    ),
    "SL-KEY-003": Explanation(
        Step.SIGNER,
        "The policy or the root says from when to when this key counts, and the signature is from "
        "another time, or nothing proves its time. A retired key that was lost could sign anything "
        "and claim any date, so after its end only a time that somebody else proves is believed.",
        _BUNDLE,
        "until 2026-01-01T00:00:00Z",
        "2026-06-01T12:00:30Z",
    ),
    "SL-LOG-001": Explanation(
        Step.LOG,
        "A public log makes every signature visible: somebody whose login was stolen can see that "
        "it was used. A signature that is in no log can be made without anybody noticing.",
        _BUNDLE,
        "1 log entry that holds",
        "0",
    ),
    "SL-LOG-002": Explanation(
        Step.LOG,
        "Where two entries are demanded, one entry written twice must not count as two.",
        _BUNDLE,
        "different entries",
        "one entry twice",
    ),
    "SL-LOG-003": Explanation(
        Step.LOG,
        "An entry's kind tells how it names the signature. One of an unknown kind cannot be "
        "compared with the evidence, so it proves nothing about it.",
        _BUNDLE,
        "hashedrekord, dsse or intoto",
        "rfc3161 0.0.1",
    ),
    "SL-LOG-004": Explanation(
        Step.BODY,
        "The log does hold this entry, but for something else: another signature, certificate or "
        "content. That happens when an honest signature's entry is put beside a dishonest one, "
        "to lend it a time and the look of having been logged.",
        _BUNDLE,
        "the signature of the bundle",
        "another signature",
    ),
    "SL-LOG-005": Explanation(
        Step.LOG,
        f"{_OTHER_WORLD} The entry is in a log that the root does not name.",
        _BUNDLE,
        "rekor.sigstore.dev",
        "c0d23d6ad406973f…",
    ),
    "SL-LOG-006": Explanation(
        Step.LOG,
        f"The log is known, but its key did not count when the file was signed. {_OLD_ROOT}",
        _BUNDLE,
        "from 2021-01-12T11:53:27Z on",
        "2020-11-01T00:00:00Z",
    ),
    "SL-LOG-007": Explanation(
        Step.LOG,
        "A log promises to take an entry in by signing it with the time. This promise was not "
        "signed by the log, or is about another entry, so the time in it is anybody's invention.",
        _BUNDLE,
        "a promise signed by the log",
        "",
    ),
    "SL-LOG-008": Explanation(
        Step.LOG,
        "The log only promised to take the entry in. Old bundles have no more than that. An "
        "inclusion proof shows that it did; without one, a log that lies could hide the entry.",
        _BUNDLE,
        "an inclusion proof",
        "a promise alone",
    ),
    "SL-LOG-009": Explanation(
        Step.LOG,
        "An inclusion proof is a chain of hashes from the entry to the root of the log's tree. "
        "This one ends elsewhere, so the entry is not in the tree it is said to be in.",
        _BUNDLE,
        "root 0f1e…",
        "root 77aa…",
    ),
    "SL-LOG-010": Explanation(
        Step.LOG,
        "A proof leads to a root that anybody could have made up. The checkpoint is the log's "
        "signature under that root; it is missing.",
        _BUNDLE,
        "a checkpoint",
        "none",
    ),
    "SL-LOG-011": Explanation(
        Step.LOG,
        "The checkpoint is what the log signed about its whole tree. This one is not signed by the "
        "log, or not about the tree that the proof is in.",
        _BUNDLE,
        "a checkpoint signed by the log",
        "",
    ),
    "SL-SCT-001": Explanation(
        Step.PROMISED,
        "Authorities publish the certificates they issue in logs of their own, so that none can be "
        "issued in secret. This certificate does not carry the promise of enough of these logs.",
        _BUNDLE,
        "1 promise",
        "0",
    ),
    "SL-SCT-002": Explanation(
        Step.PROMISED,
        "The certificate carries a promise that the named log did not make for this certificate.",
        _BUNDLE,
        "a promise signed by the log",
        "",
    ),
    "SL-SCT-003": Explanation(
        Step.PROMISED,
        f"The log of certificates is known, but its key did not count at that time. {_OLD_ROOT}",
        _BUNDLE,
        "until 2022-10-31T23:59:59Z",
        "2023-04-02T08:00:00Z",
    ),
    "SL-SIG-001": Explanation(
        Step.OPINION,
        "The policy wants two independent verifiers to agree, or the evidence was checked by a "
        "library: that one refuses it. Where two verifiers differ, at least one of them is wrong, "
        "and neither is believed.",
        _BUNDLE,
        "accepted by both",
        "refused by sigstore",
    ),
    "SL-SIG-002": Explanation(
        Step.READ,
        "The file is broken, cut off, too large, written so that two readers could read two things "
        "in it, or of a form that is no evidence at all. Nothing in it is believed.",
        _BUNDLE,
        "",
        "bundle: not JSON",
    ),
    "SL-SIG-003": Explanation(
        Step.ROOT,
        f"Nothing in the trust root counted at the time the evidence claims. {_OLD_ROOT}",
        _BUNDLE,
        "trust material valid at that time",
        "2019-01-01T00:00:00Z",
    ),
    "SL-SIG-004": Explanation(
        Step.SIGNATURE,
        "The signature is not by this key over this content. Either the content was changed after "
        "it was signed, or signature and key were never a pair. This is what tampering looks like; "
        "a download that was cut off looks the same.",
        _BUNDLE,
        "a signature by the certificate's key",
        "",
    ),
    "SL-SIG-005": Explanation(
        Step.SIGNATURE,
        "You named a digest and not the file. This signature is over another digest, or over the "
        "file itself, which cannot be computed from the one you named.",
        "sha256:9bb1…",
        "the file",
        "sha256:9bb1…",
    ),
    "SL-TIM-001": Explanation(
        Step.TIME,
        "Signing certificates live for ten minutes. To know that the signature was made in them, "
        "somebody other than the signer has to vouch for the time: a log, or a time-stamp "
        "authority. Nobody does here.",
        _BUNDLE,
        "a proven time",
        "none",
    ),
    "SL-TIM-002": Explanation(
        Step.TIME,
        "The proven time lies outside the ten minutes for which the certificate was issued. That "
        "is what it looks like when somebody uses a stolen key afterwards.",
        _BUNDLE,
        "2026-06-01T12:00:00Z to 2026-06-01T12:10:00Z",
        "2026-06-02T09:00:00Z",
    ),
    "SL-TIM-003": Explanation(
        Step.TIME,
        f"{_OTHER_WORLD} The time-stamp is by no authority of the root, or over other bytes.",
        _BUNDLE,
        "a time-stamp over this signature",
        "",
    ),
    "SL-TIM-004": Explanation(
        Step.TIME,
        "Where two time-stamps are demanded, one written twice must not count as two.",
        _BUNDLE,
        "different time-stamps",
        "one time-stamp twice",
    ),
    "SL-TIM-005": Explanation(
        Step.TIME,
        "Each time-stamp costs work to check, and no honest bundle has more than two or three. A "
        "bundle with hundreds is meant to keep a verifier busy.",
        _BUNDLE,
        "at most 32",
        "200",
    ),
    "SL-TIM-006": Explanation(
        Step.TIME,
        f"The authority is known, but did not count at the time it signed. {_OLD_ROOT}",
        _BUNDLE,
        "from 2025-07-04T00:00:00Z on",
        "2024-01-01T00:00:00Z",
    ),
}
