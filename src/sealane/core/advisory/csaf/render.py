"""A record as a CSAF 2.0 document, of the profile "security advisory" or "VEX".

Both say the same: CSAF's VEX profile asks for what a good advisory has anyhow. They have a tracking
id each, since a folder has one file for each.

A draft without a published revision is version 0, which rule 6.1.17 allows to drafts alone; one of
a later revision has the number that it is to get. Revisions are counted in whole numbers.

Spec: CSAF 2.0, sections 3.2.1, 4.4 (profile 4: security advisory) and 4.5 (profile 5: VEX).
"""

from __future__ import annotations

from sealane.core.advisory.csaf.file_name import csaf_file_name
from sealane.core.advisory.csaf.form import form_faults
from sealane.core.advisory.csaf.paths import document_path
from sealane.core.advisory.csaf.statuses import products_of
from sealane.core.advisory.csaf.vulnerability import product_tree, vulnerability
from sealane.core.advisory.documents import Document, Rendering
from sealane.core.advisory.projects import file_stem, render_json
from sealane.core.advisory.record import Credit, Record, Revision
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

ADVISORY = "csaf_security_advisory"
VEX = "csaf_vex"
# CSAF 2.0 knows TLP 1; what was added to it since is said in words.
_LABELS = {
    "CLEAR": "WHITE",
    "GREEN": "GREEN",
    "AMBER": "AMBER",
    "AMBER+STRICT": "AMBER",
    "RED": "RED",
}
_STRICT = "TLP:AMBER+STRICT: for the organisation of the recipient alone."


def render_csaf(record: Record, rendering: Rendering, profile: str, name: str) -> Document:
    """The document of a record.

    Args:
        record: What it says.
        rendering: What else it says.
        profile: `ADVISORY` or `VEX`.
        name: Name of the format.

    Raises:
        InputError: CSAF 2.0 cannot say it: a version, a URL or an identifier has another form.
        MissingExtraError: There is a CVSS vector, and what computes its score is not installed.
    """
    file_stem(record)
    tracking_id = tracking_id_of(record, profile)
    products = products_of(record, rendering)
    files = record.provenance.files if record.provenance else ()
    content: dict[str, JsonValue] = {
        "document": _document(record, rendering, profile, tracking_id),
        "product_tree": product_tree(products, rendering.issuer, files),
        "vulnerabilities": [vulnerability(record, products, rendering)],
    }
    for fault in form_faults(content):
        raise InputError(
            f"advisory {record.id}: CSAF 2.0 cannot say it: {fault.place}: {fault.message}",
            hint="correct what the record, or [advisory] of sealane.toml, says there",
        )
    return Document(name, csaf_file_name(tracking_id), render_json(content))


def tracking_id_of(record: Record, profile: str) -> str:
    """What a document of a profile is tracked by, e.g. "PYSEC-2026-1-VEX"."""
    return f"{record.id}-VEX" if profile == VEX else record.id


def _document(
    record: Record, rendering: Rendering, profile: str, tracking_id: str
) -> dict[str, JsonValue]:
    label = _label(rendering.tlp)
    distribution: dict[str, JsonValue] = {"tlp": {"label": label}}
    if rendering.tlp == "AMBER+STRICT":
        distribution["text"] = _STRICT
    tracking = _tracking(record, rendering, tracking_id)
    found: dict[str, JsonValue] = {
        "acknowledgments": [_thanks(one) for one in record.credits if one.name],
        "category": profile,
        "csaf_version": "2.0",
        "distribution": distribution,
        "lang": "en",
        "notes": _notes(record),
        "publisher": _publisher(rendering),
        "references": _references(rendering, label, tracking_id, _revisions(record, rendering)[0]),
        "title": f"{record.id}: {record.summary}" if record.summary else record.id,
        "tracking": tracking,
    }
    if record.rating:
        found["aggregate_severity"] = {"text": record.rating.capitalize()}
    return {key: value for key, value in found.items() if value}


def _label(tlp: str) -> str:
    if tlp not in _LABELS:
        raise InputError(
            f"advisory: tlp: expected one of {', '.join(_LABELS)}, got {tlp[:40]!r}",
            hint="write the label as TLP 2.0 has it",
        )
    return _LABELS[tlp]


def _publisher(rendering: Rendering) -> dict[str, JsonValue]:
    issuer = rendering.issuer
    found: dict[str, JsonValue] = {
        "category": issuer.category,
        "name": issuer.name,
        "namespace": issuer.namespace,
    }
    if issuer.contact:
        found["contact_details"] = issuer.contact
    return found


def _tracking(record: Record, rendering: Rendering, tracking_id: str) -> dict[str, JsonValue]:
    revisions = _revisions(record, rendering)
    history: list[JsonValue] = [
        {"date": rfc3339(one.at), "number": one.number, "summary": one.summary} for one in revisions
    ]
    return {
        # Of the last revision, and not of the rendering: rendered again, it is the same document.
        "current_release_date": rfc3339(revisions[-1].at),
        "generator": {"engine": {"name": "sealane", "version": rendering.engine}},
        "id": tracking_id,
        "initial_release_date": rfc3339(revisions[0].at),
        "revision_history": history,
        "status": "final" if rendering.final else "draft",
        "version": revisions[-1].number,
    }


def _revisions(record: Record, rendering: Rendering) -> tuple[Revision, ...]:
    known = record.provenance.revisions if record.provenance else ()
    if known:
        return known
    if rendering.final:
        return (Revision("1", rendering.at, "First published."),)
    return (Revision("0", rendering.at, "Draft."),)


def _thanks(credit: Credit) -> JsonValue:
    found: dict[str, JsonValue] = {"names": [credit.name]}
    if credit.type:
        found["summary"] = credit.type.replace("_", " ").capitalize()
    urls: list[JsonValue] = [one for one in credit.contact if one.startswith("https://")]
    if urls:
        found["urls"] = urls
    return found


def _notes(record: Record) -> list[JsonValue]:
    if record.provenance is None or not record.provenance.sandbox:
        return []
    text = "Made in a rehearsal: it is about no release that anybody can install."
    return [{"category": "general", "text": text, "title": "Rehearsal"}]


def _references(
    rendering: Rendering, label: str, tracking_id: str, first: Revision
) -> list[JsonValue]:
    if not rendering.csaf_url:
        return []
    path = document_path(label, first.at, tracking_id)
    url = f"{rendering.csaf_url.rstrip('/')}/{path}"
    return [{"category": "self", "summary": "This document", "url": url}]
