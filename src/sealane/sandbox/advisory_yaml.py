"""Advisory files as the PyPA's database has them: one OSV record a file, in YAML."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from sealane.errors import InputError

if TYPE_CHECKING:
    import yaml

# As OSV's own reader: a version 1.10 without quotes is a text, not a number that loses its zero.
_KEPT = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:null")
_LARGEST = 1024 * 1024
_DEEPEST = 40


def parse_file(content: bytes, place: str) -> dict[str, Any]:
    """The record of a file.

    Args:
        content: UTF-8.
        place: The file's path, for errors.

    Raises:
        InputError: Not YAML, not one object, too large, or with aliases, which can make a small
            file a huge record.
    """
    import yaml

    if len(content) > _LARGEST:
        raise InputError(f"{place}: larger than {_LARGEST} bytes")
    try:
        text = content.decode()
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        depth = 0
        for event in events:
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
                raise InputError(f"{place}: has an alias, or is nested too deep")
        record = yaml.load(text, Loader=_loader())  # noqa: S506 - a subclass of SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{place}: not YAML: {str(error)[:200]}") from error
    if not isinstance(record, dict) or not all(isinstance(name, str) for name in record):
        raise InputError(f"{place}: expected one object")
    return record


def render_file(record: dict[str, Any]) -> bytes:
    """A record as a file, its members in their order."""
    import yaml

    text: str = yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=100)
    return text.encode()


def year_of(record: dict[str, Any], now: str) -> str:
    """The year an identifier is given for: that of publication, else the present one."""
    published = record.get("published")
    match = re.match(r"(19|20)[0-9]{2}(?=-)", published) if isinstance(published, str) else None
    return match[0] if match else now


@cache
def _loader() -> type[yaml.SafeLoader]:
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads every plain scalar as text, but for true, false and null."""

    Loader.yaml_implicit_resolvers = {
        first: [pair for pair in resolvers if pair[0] in _KEPT]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader
