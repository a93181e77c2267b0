"""The hosts the air-lock answers for, read from the client libraries and written nowhere."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sealane.errors import InputError

# A DNS name in its preferred form; nothing else may enter a certificate or a routing decision.
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
)
_FIELDS = ("upload", "simple", "legacy", "more")


@dataclass(frozen=True, slots=True)
class HostMap:
    """Which hosts reach the sandbox instead of the world.

    Attributes:
        upload: Hosts of the upload API, the production one first.
        simple: Hosts of the simple API.
        legacy: Further hosts that upload clients ask what is there already.
        more: Hosts the user's configuration names, e.g. of a private index.
    """

    upload: tuple[str, ...]
    simple: tuple[str, ...]
    legacy: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is not a plain DNS name.

        Raises:
            InputError: A name that is not one.
        """
        for host in self.all:
            if not _HOST.fullmatch(host):
                raise InputError(f"host map: {host[:80]!r} is not a host name")

    @property
    def all(self) -> tuple[str, ...]:
        """Every host once, in the order of the fields."""
        return tuple(dict.fromkeys((*self.upload, *self.simple, *self.legacy, *self.more)))

    def to_json(self) -> str:
        """The map as JSON, for the server's process."""
        return json.dumps({name: list(getattr(self, name)) for name in _FIELDS})

    @classmethod
    def from_json(cls, text: str) -> HostMap:
        """Read what `to_json` wrote.

        Raises:
            InputError: It did not write this.
        """
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError("host map: not JSON") from error
        if not isinstance(document, dict) or set(document) != set(_FIELDS):
            raise InputError(f"host map: expected an object with {', '.join(_FIELDS)}")
        return cls(**{name: _names(name, document[name]) for name in _FIELDS})


def host_map(more: Sequence[str] = ()) -> HostMap:
    """The map of this machine's client libraries.

    Args:
        more: Hosts to answer for besides.

    Raises:
        InputError: A library no longer says which hosts it uses.
    """
    utils = _constants("twine", "utils", ("DEFAULT_REPOSITORY", "TEST_REPOSITORY"))
    probes = _constants("twine", "repository", ("LEGACY_PYPI", "WAREHOUSE_WEB"))
    simple = _constants("pypi_simple", "__init__", ("PYPI_SIMPLE_ENDPOINT",))
    return HostMap(
        upload=_hosts(utils),
        simple=_hosts(simple),
        legacy=_hosts(probes),
        more=tuple(host.lower() for host in more),
    )


def publish_predicate_type() -> str:
    """The type of PEP 740's publish predicate: an identifier below the index's own name.

    Raises:
        InputError: The client library no longer says what the index is called.
    """
    (endpoint,) = _constants("pypi_simple", "__init__", ("PYPI_SIMPLE_ENDPOINT",))
    return f"https://docs.{urlsplit(endpoint).hostname}/attestations/publish/v1"


def _hosts(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in urls))


def _constants(package: str, module: str, names: Sequence[str]) -> list[str]:
    """Texts that a module's source binds to names.

    The source is read, not run: importing the libraries takes half a second, which is longer than
    the whole sandbox needs to start.

    Raises:
        InputError: The package is missing, or one of the names is not bound to a plain text.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(f"host map: {package!r} is not installed", hint="install sealane[sandbox]")
    source = Path(spec.origin).with_name(f"{module}.py")
    try:
        bound = _bound_texts(ast.parse(source.read_bytes()))
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"host map: {str(source)!r} cannot be read: {error}") from error
    missing = [name for name in names if name not in bound]
    if missing:
        raise InputError(f"host map: {package}.{module} has no {missing[0]}")
    return [bound[name] for name in names]


def _bound_texts(tree: ast.Module) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                found[name] = text
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
                found[name] = text
    return found


def _names(field: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InputError(f"host map: {field} is not a list of host names")
    return tuple(value)
