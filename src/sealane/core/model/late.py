"""How `values.dataclass` is made: its methods are functions that know the fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from itertools import repeat
from operator import attrgetter, call
from typing import NoReturn, TypeVar

_T = TypeVar("_T")
_Reader = Callable[[object], tuple[object, ...]]
_ORDER = {"__lt__": tuple.__lt__, "__le__": tuple.__le__} | {
    "__gt__": tuple.__gt__,
    "__ge__": tuple.__ge__,
}


def dataclass(*, frozen: bool, slots: bool, order: bool = False) -> Callable[[type[_T]], type[_T]]:
    """What `dataclasses.dataclass` gives for the same arguments.

    Raises:
        TypeError: Something is asked for that is not offered here: a value that can change, a
            base class, `field(…)`.
    """
    if not (frozen and slots):
        raise TypeError("only frozen values with slots are made here")
    return lambda cls: _made(cls, order)


def _made(cls: type[_T], order: bool) -> type[_T]:
    written = dict(cls.__dict__)
    annotated: dict[str, object] = written.get("__annotations__", {})
    names = tuple(name for name, kind in annotated.items() if "ClassVar" not in str(kind))
    defaults = {name: written[name] for name in names if name in written}
    _check_offered(cls, names, defaults)
    for name in (*defaults, "__dict__", "__weakref__"):
        written.pop(name, None)
    read = _reader(names)
    given = {
        "__slots__": names,
        "__match_args__": names,
        "__dataclass_fields__": _Fields(cls),
        "__repr__": _represent,
        "__eq__": _equal(read),
        "__hash__": lambda value: hash(read(value)),
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_delete,
        "__getstate__": lambda value: list(read(value)),
        "__setstate__": _set_state,
    }
    if order:
        given |= {name: _compared(read, compare) for name, compare in _ORDER.items()}
    made: type[_T] = type(cls.__name__, cls.__bases__, given | written)
    # setattr, because a type checker takes `__init__` for fixed.
    setattr(made, "__init__", _init(made, names, defaults))  # noqa: B010
    return made


def _check_offered(cls: type, names: tuple[str, ...], defaults: Mapping[str, object]) -> None:
    """Refuse what would be silently different from the library's."""
    if cls.__bases__ != (object,):
        raise TypeError(f"{cls.__name__}: inheritance is for exceptions")
    for name in names:
        default = defaults.get(name)
        if isinstance(default, dataclasses.Field) or default.__class__.__hash__ is None:
            raise TypeError(f"{cls.__name__}.{name}: only fixed defaults are offered here")
    if defaults and names[-len(defaults) :] != tuple(defaults):
        raise TypeError(f"{cls.__name__}: a field without a default follows one that has it")


def _init(cls: type, names: tuple[str, ...], defaults: Mapping[str, object]) -> object:
    """The `__init__` of a class whose slots have been made."""
    setters = tuple(cls.__dict__[name].__set__ for name in names)
    count, fixed = len(names), tuple(defaults.values())
    checked = "__post_init__" in cls.__dict__

    def init(self: object, /, *values: object, **named: object) -> None:
        if named:
            values = _bound(cls, names, defaults, values, named)
        missing = count - len(values)
        if missing:
            if not 0 < missing <= len(fixed):
                raise TypeError(f"{cls.__name__}: expected {count} values, got {len(values)}")
            values += fixed[-missing:]
        # Every setter returns None, so all of them are called: a loop that runs in C.
        any(map(call, setters, repeat(self), values))
        if checked:
            self.__post_init__()  # type: ignore[attr-defined]  # looked for above

    return init


def _bound(
    cls: type,
    names: tuple[str, ...],
    defaults: Mapping[str, object],
    values: tuple[object, ...],
    named: dict[str, object],
) -> tuple[object, ...]:
    """All values in the order of the fields, some of them given by name."""
    left = names[len(values) :]
    if not named.keys() <= set(left):
        unknown = ", ".join(sorted(named.keys() - set(left)))
        raise TypeError(f"{cls.__name__}: unknown, or given twice: {unknown}")
    given = {**defaults, **named}
    try:
        return values + tuple([given[name] for name in left])
    except KeyError as error:
        raise TypeError(f"{cls.__name__}: {error.args[0]} is missing") from error


def replaced(value: _T, **changes: object) -> _T:
    """A copy of a value with other fields, as by `dataclasses.replace`."""
    names: tuple[str, ...] = type(value).__match_args__  # type: ignore[attr-defined]  # set above
    fields = [changes.pop(name) if name in changes else getattr(value, name) for name in names]
    return type(value)(*fields, **changes)


def plain(value: object) -> object:
    """A value as dictionaries by field and lists, as by `dataclasses.asdict`; all else as it is."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    # Looked for, not asked for: what it holds is made when somebody asks.
    if "__dataclass_fields__" not in type(value).__dict__:
        return value
    names: tuple[str, ...] = type(value).__match_args__  # type: ignore[attr-defined]  # set above
    return {name: plain(getattr(value, name)) for name in names}


class _Fields:
    """What the functions of `dataclasses` ask a class for, made when they ask."""

    __slots__ = ("_cls", "_made")

    def __init__(self, cls: type) -> None:
        self._cls = cls
        self._made: dict[str, dataclasses.Field[object]] | None = None

    def __get__(self, value: object, owner: type) -> dict[str, dataclasses.Field[object]]:
        if self._made is None:
            listed = dataclasses.fields(dataclasses.dataclass(self._cls))
            self._made = {field.name: field for field in listed}
        return self._made


def _reader(names: tuple[str, ...]) -> _Reader:
    """Read all fields of a value, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _represent(value: object) -> str:
    names: tuple[str, ...] = type(value).__match_args__  # type: ignore[attr-defined]  # as above
    shown = ", ".join(f"{name}={getattr(value, name)!r}" for name in names)
    return f"{type(value).__qualname__}({shown})"


def _equal(read: _Reader) -> Callable[[object, object], bool]:
    def equal(one: object, other: object) -> bool:
        same = one.__class__ is other.__class__
        return read(one) == read(other) if same else NotImplemented

    return equal


def _compared(
    read: _Reader, compare: Callable[[tuple[object, ...], tuple[object, ...]], bool]
) -> Callable[[object, object], bool]:
    def compared(one: object, other: object) -> bool:
        same = one.__class__ is other.__class__
        return compare(read(one), read(other)) if same else NotImplemented

    return compared


def _refuse_to_set(value: object, name: str, held: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(value: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _set_state(value: object, state: list[object]) -> None:
    names: tuple[str, ...] = type(value).__match_args__  # type: ignore[attr-defined]  # as above
    for name, held in zip(names, state, strict=True):
        object.__setattr__(value, name, held)
