"""The codes of what is wrong with a piece of evidence, before anybody asks who signed it."""

from __future__ import annotations

from sealane.core.model.code import Code

_FETCH = "fetch the evidence again from the publisher; if it stays so, report it to them"
_REFUSE = "do not rely on the evidence; fetch artifact and evidence again from the publisher"
_ROOT = (
    "do not rely on the evidence, unless its publisher announced an instance of their own, or your "
    "root is old: sealane trust show"
)

PROOF_CODES = (
    Code(
        "SL-BUN-001",
        "bundle-version",
        "The bundle is of a version that nobody has defined yet.",
        "use a newer sealane, if one reads it; else fetch the evidence again",
    ),
    Code(
        "SL-BUN-002",
        "bundle-form",
        "The bundle breaks a rule of its own version.",
        _FETCH,
    ),
    Code(
        "SL-BUN-003",
        "key-material-missing",
        "The bundle names neither a certificate nor a key, so nobody signed it.",
        _FETCH,
    ),
    Code(
        "SL-BUN-004",
        "signature-count",
        "The envelope does not have exactly one signature.",
        "ask the publisher for one bundle a signature",
    ),
    Code(
        "SL-CRT-001",
        "certificate-broken",
        "The signing certificate cannot be read.",
        _FETCH,
    ),
    Code(
        "SL-CRT-002",
        "certificate-untrusted",
        "No certificate authority of the trust root issued the signing certificate.",
        _ROOT,
    ),
    Code(
        "SL-CRT-003",
        "certificate-profile",
        "The certificate, or one above it, is not made for signing code.",
        _REFUSE,
    ),
    Code(
        "SL-CRT-004",
        "authority-outside-window",
        "The certificate authority was not trusted, or not valid, when the file was signed.",
        "the authority had been retired before, or the trust root is too old: sealane trust update",
    ),
    Code(
        "SL-KEY-001",
        "key-unknown",
        "The evidence is signed by a key, and no key that is trusted made the signature.",
        "name the publisher's key: --publisher key:FILE, or a publisher of kind key in the policy",
    ),
    Code(
        "SL-KEY-002",
        "key-unsupported",
        "A key is of a kind, or signs in a way, that is not supported.",
        "ask the publisher for a signature by another kind of key",
    ),
    Code(
        "SL-KEY-003",
        "key-outside-window",
        "The key was not valid when the file was signed.",
        "the key had been retired before; ask the publisher which key counts now",
    ),
    Code(
        "SL-LOG-001",
        "log-entry-missing",
        "There are fewer log entries that hold than are demanded.",
        "ask the publisher for evidence that was logged; a private instance needs a policy of its "
        "own",
    ),
    Code(
        "SL-LOG-002",
        "log-entry-twice",
        "The bundle holds the same log entry twice.",
        _REFUSE,
    ),
    Code(
        "SL-LOG-003",
        "log-entry-kind",
        "The log entry is of a kind that is not read, or not of the kind the bundle says.",
        "use a newer sealane, if one reads it",
    ),
    Code(
        "SL-LOG-004",
        "log-entry-mismatch",
        "The log entry belongs to another signature, certificate or content.",
        _REFUSE,
    ),
    Code(
        "SL-LOG-005",
        "log-unknown",
        "The trust root does not know the log that the evidence names.",
        _ROOT,
    ),
    Code(
        "SL-LOG-006",
        "log-outside-window",
        "The log's key was not valid when the file was signed.",
        "the log had been retired before, or the trust root is too old: sealane trust update",
    ),
    Code(
        "SL-LOG-007",
        "log-promise-invalid",
        "The log's promise is not signed by the log, or is about another entry.",
        _REFUSE,
    ),
    Code(
        "SL-LOG-008",
        "log-proof-missing",
        "The log entry has no inclusion proof, and a promise alone is not enough.",
        "ask the publisher for a newer bundle, or allow promises alone in the policy's trust table",
    ),
    Code(
        "SL-LOG-009",
        "log-proof-invalid",
        "The inclusion proof does not lead to the root that the log committed to.",
        _REFUSE,
    ),
    Code(
        "SL-LOG-010",
        "checkpoint-missing",
        "The inclusion proof has no checkpoint, so no log ever committed to it.",
        "ask the publisher for a complete bundle",
    ),
    Code(
        "SL-LOG-011",
        "checkpoint-invalid",
        "The checkpoint is broken, or not signed by the log.",
        _REFUSE,
    ),
    Code(
        "SL-SCT-001",
        "sct-missing",
        "Fewer certificate transparency logs than demanded promised to log the certificate.",
        _ROOT,
    ),
    Code(
        "SL-SCT-002",
        "sct-invalid",
        "A certificate transparency log did not make the promise in the certificate.",
        _REFUSE,
    ),
    Code(
        "SL-SCT-003",
        "sct-outside-window",
        "The certificate transparency log's key was not valid when the file was signed.",
        "the log had been retired before, or the trust root is too old: sealane trust update",
    ),
    Code(
        "SL-SIG-001",
        "bundle-refused",
        "The second opinion refuses the evidence, or has another opinion of it.",
        _REFUSE,
    ),
    Code(
        "SL-SIG-002",
        "evidence-unreadable",
        "The evidence is broken, or of a form that is not read.",
        "fetch it again from where it came",
    ),
    Code(
        "SL-SIG-003",
        "outside-window",
        "No key or authority of the trust root was valid when the evidence says it was signed.",
        "the key was retired before, or the trust root is too old or another instance's",
    ),
    Code(
        "SL-SIG-004",
        "signature-invalid",
        "The signature does not hold: content, signature and key do not belong together.",
        _REFUSE,
    ),
    Code(
        "SL-SIG-005",
        "digest-unknown",
        "The signature is over a digest of the file that was not computed.",
        "name the file itself, not one digest of it",
    ),
    Code(
        "SL-TIM-001",
        "time-missing",
        "Nothing proves when the file was signed, or fewer authorities than demanded do.",
        "ask the publisher for evidence with a log's time, or with a time-stamp",
    ),
    Code(
        "SL-TIM-002",
        "time-outside-certificate",
        "The file was signed before the certificate began, or after it ended.",
        _REFUSE,
    ),
    Code(
        "SL-TIM-003",
        "timestamp-invalid",
        "A time-stamp is broken, or of no authority of the trust root.",
        _ROOT,
    ),
    Code(
        "SL-TIM-004",
        "timestamp-twice",
        "The bundle holds the same time-stamp twice.",
        _REFUSE,
    ),
    Code(
        "SL-TIM-005",
        "timestamp-count",
        "The bundle holds more time-stamps than anybody should have to check.",
        _REFUSE,
    ),
    Code(
        "SL-TIM-006",
        "timestamp-outside-window",
        "The time-stamp authority was not trusted, or not valid, at the time it signed.",
        "the authority had been retired before, or the trust root is too old: sealane trust update",
    ),
)
