"""How the file of a CSAF document is called.

Spec: CSAF 2.0, section 5.1.
"""

from __future__ import annotations

import re

_OTHERS = re.compile(r"[^+\-a-z0-9]+")


def csaf_file_name(tracking_id: str) -> str:
    """The file name of a document with this id.

    The id in lower case, each run of characters other than a-z, 0-9, + and - as one underscore, and
    ".json" after it.
    """
    return f"{_OTHERS.sub('_', tracking_id.lower())}.json"
