"""`@dataclass(frozen=True, slots=True)`, without compiling anything.

The standard library writes the source of seven methods for each class when its module is imported,
and compiles it: 0.6 ms and more a class, for the sixty that a command imports to judge one file.
To a reader, to `mypy` and to `dataclasses.replace`, `fields` and `asdict` it is the same thing;
`tests/unit/core/model/test_values.py` holds the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    from sealane.core.model.late import dataclass
    from sealane.core.model.late import replaced as replace

from sealane.core.model.late import plain

__all__ = ["dataclass", "plain", "replace"]
