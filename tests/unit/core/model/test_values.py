"""Values: the standard library's dataclasses, made late."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import threading
from collections.abc import Callable
from typing import ClassVar

import pytest

from sealane.core.model import values
from sealane.core.model.late import dataclass, plain, replaced


class _Point:
    """A point."""

    x: int
    y: int = 0
    label: str = "p"

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("x")

    def __str__(self) -> str:
        return self.label

    @property
    def total(self) -> int:
        return self.x + self.y


class _One:
    only: str
    shared: ClassVar[int] = 1


class _Empty:
    pass


class _Truthless:
    held: int

    def __bool__(self) -> bool:
        raise TypeError


def _late(cls: type, *, order: bool = False) -> Callable[..., object]:
    return dataclass(frozen=True, slots=True, order=order)(_copy(cls))


def _library(cls: type, *, order: bool = False) -> Callable[..., object]:
    return dataclasses.dataclass(frozen=True, slots=True, order=order)(_copy(cls))


def _copy(cls: type) -> type:
    """The same class once more: the library puts its methods into the one it is given."""
    left_out = ("__dict__", "__weakref__")
    content = {name: held for name, held in cls.__dict__.items() if name not in left_out}
    return type(cls.__name__, cls.__bases__, content)


@values.dataclass(frozen=True, slots=True)
class Late:
    """A value that pickle finds by its name."""

    x: int
    y: int = 0


@pytest.mark.parametrize(
    ("cls", "arguments", "named"),
    [
        pytest.param(_Point, (1,), {}, id="defaults"),
        pytest.param(_Point, (1, 2, "three"), {}, id="by-place"),
        pytest.param(_Point, (1,), {"label": "q"}, id="by-name"),
        pytest.param(_One, ("a",), {}, id="one-field"),
        pytest.param(_Empty, (), {}, id="no-field"),
        pytest.param(_Truthless, (1,), {}, id="without-truth"),
    ],
)
def test_a_value_is_the_one_of_the_standard_library(
    cls: type, arguments: tuple[object, ...], named: dict[str, object]
) -> None:
    late, library = _late(cls), _library(cls)
    one, same, theirs = (
        late(*arguments, **named),
        late(*arguments, **named),
        library(*arguments, **named),
    )
    assert repr(one) == repr(theirs)
    assert one == same
    assert hash(one) == hash(same) == hash(theirs)
    assert one != theirs
    assert dataclasses.asdict(one) == dataclasses.asdict(theirs)  # type: ignore[call-overload]
    assert [field.name for field in dataclasses.fields(one)] == [  # type: ignore[arg-type]
        field.name
        for field in dataclasses.fields(theirs)  # type: ignore[arg-type]
    ]
    assert dataclasses.replace(one) == one  # type: ignore[type-var]
    assert type(one).__match_args__ == type(theirs).__match_args__  # type: ignore[attr-defined]
    assert not hasattr(one, "__dict__")
    assert copy.copy(one) == copy.deepcopy(one) == one
    assert type(one).__doc__ == cls.__doc__


@pytest.mark.parametrize("first", [True, False], ids=["first-value", "later-value"])
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        pytest.param((), {}, id="too-few"),
        pytest.param((), {"y": 2}, id="one-is-missing"),
        pytest.param((1, 2, "three", 4), {}, id="too-many"),
        pytest.param((1,), {"x": 2}, id="twice"),
        pytest.param((1,), {"z": 2}, id="unknown"),
    ],
)
def test_wrong_arguments_are_a_type_error(
    arguments: tuple[object, ...], named: dict[str, object], first: bool
) -> None:
    late = _late(_Point)
    if not first:
        late(1)
    with pytest.raises(TypeError):
        late(*arguments, **named)


def test_what_a_class_checks_is_checked_for_the_first_value_and_each_later_one() -> None:
    late = _late(_Point)
    for _ in range(2):
        with pytest.raises(ValueError, match="x"):
            late(-1)
    assert str(late(1, label="q")) == "q"
    with pytest.raises(ValueError, match="x"):
        dataclasses.replace(late(1), x=-1)  # type: ignore[type-var]


def test_a_value_cannot_be_changed() -> None:
    value = _late(_Point)(1)
    for name in ("x", "new"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.x  # type: ignore[attr-defined]


def test_a_copy_with_other_fields_is_checked_like_any_value() -> None:
    late = _late(_Point)
    value = late(1, label="q")
    assert replaced(value, y=5) == late(1, 5, "q") == dataclasses.replace(value, y=5)  # type: ignore[type-var]
    assert replaced(value) == value
    with pytest.raises(ValueError, match="x"):
        replaced(value, x=-1)
    with pytest.raises(TypeError, match="z"):
        replaced(value, z=1)


def test_a_value_is_told_in_plain_terms() -> None:
    value = _late(_Point)(1, (Late(1), "a", (b"x",)), Late(2))
    listed = [{"x": 1, "y": 0}, "a", [b"x"]]
    assert plain(value) == {"x": 1, "y": listed, "label": {"x": 2, "y": 0}}
    assert plain((value, 3, {"k": 1})) == [plain(value), 3, {"k": 1}]


def test_a_value_goes_through_pickle_and_back() -> None:
    assert pickle.loads(pickle.dumps(Late(1, 2))) == Late(1, 2)


def test_values_are_ordered_where_that_was_asked_for() -> None:
    late = _late(_Point, order=True)
    low, high = late(1, 2), late(1, 3)
    assert sorted([high, low]) == [low, high]  # type: ignore[type-var]
    assert [low < high, low <= high, high > low, high >= low] == [True] * 4  # type: ignore[operator]
    with pytest.raises(TypeError):
        low < 3  # type: ignore[operator]  # noqa: B015
    plain = _late(_Point)
    with pytest.raises(TypeError):
        plain(1) < plain(2)  # type: ignore[operator]  # noqa: B015


def test_values_are_matched_by_place() -> None:
    match Late(1, 2):
        case Late(x, y):
            assert (x, y) == (1, 2)


def test_threads_may_build_the_first_value_together() -> None:
    late, begin = _late(_Point), threading.Barrier(8)
    made: list[object] = []

    def build() -> None:
        begin.wait()
        made.append(late(1))

    threads = [threading.Thread(target=build) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [late(1)] * 8


class _Inherits(_Point):
    more: int = 0


class _Changeable:
    held: tuple[object, ...] = []  # type: ignore[assignment]


class _WithField:
    held: int = dataclasses.field(default=1)


class _Disordered:
    first: int = 1
    second: str


@pytest.mark.parametrize("cls", [_Inherits, _Changeable, _WithField, _Disordered])
def test_what_is_not_offered_is_refused_when_the_class_is_made(cls: type) -> None:
    with pytest.raises(TypeError, match=cls.__name__):
        _late(cls)


@pytest.mark.parametrize(("frozen", "slots"), [(False, True), (True, False)])
def test_a_value_that_could_change_is_refused(frozen: bool, slots: bool) -> None:
    with pytest.raises(TypeError, match="frozen"):
        dataclass(frozen=frozen, slots=slots)
