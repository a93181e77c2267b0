"""Whether a CSAF document has the form that the official schema asks for, coded by hand.

A validator that reads schemas would have to be handed the schemas of CSAF and of CVSS, whose terms
do not allow to ship all of them; and of a missing one it would ask the network.

Spec: CSAF 2.0, csaf_json_schema.json, with the formats "uri" and "date-time" checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sealane.core.advisory.csaf.tables import CSAF
from sealane.core.advisory.csaf.tables_cvss import CVSS_2, CVSS_3
from sealane.core.advisory.documents import Fault
from sealane.core.advisory.shape import strangers
from sealane.core.model.statement import JsonValue

_CVSS = re.compile(r"/vulnerabilities/[0-9]+/scores/[0-9]+/cvss_v[23](?:/|$)")


def form_faults(document: JsonValue) -> tuple[Fault, ...]:
    """What the official schema refuses in a document.

    The rule is "6.1.8" inside of CVSS objects, which that rule is about, and "schema" elsewhere.
    """
    return tuple(
        Fault("6.1.8" if _CVSS.match(place) else "schema", place, message)
        for place, message in CSAF.broken(document, "")
    )


def cvss_faults(value: JsonValue, member: str, place: str) -> Iterator[tuple[str, str]]:
    """What is wrong with one CVSS object: places and messages.

    Args:
        value: The object.
        member: "cvss_v2" or "cvss_v3".
        place: Its place, as a JSON pointer.
    """
    return (CVSS_2 if member == "cvss_v2" else CVSS_3).broken(value, place)


def unknown_members(document: JsonValue) -> Iterator[str]:
    """Places of all members that the form does not know, as JSON pointers."""
    return strangers(document, CSAF)
