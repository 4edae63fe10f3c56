"""How are two hundred small classes defined without waiting for them? Their methods are made when they are first used.

A `dataclass` of the standard library writes and compiles the text of up to six methods for each class: a third of the
time that a scan takes to load. Here comparing, hashing and showing go through one C function for all fields, and the
`__init__` is written at the first object; most classes have none in a run. That `__init__` fills the slots of a frozen
class directly: 380 ns for a Span where the standard one, which goes through `object.__setattr__`, takes 850 (CPython
3.11). A front end makes some 100,000 objects for a thousand functions.

For a type checker, and for `fields`, `replace` and `match`, these are dataclasses like any other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from operator import attrgetter, ge, gt, le, lt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")
_ABSENT = object()
_ORDERS = {"__lt__": lt, "__le__": le, "__gt__": gt, "__ge__": ge}


def _dataclass(
    cls: type[T] | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False,
    kw_only: bool = False, weakref_slot: bool = False,
) -> Any:  # fmt: skip
    """Return a class as `dataclasses.dataclass` would; only what this project uses of it."""

    def made(cls: type[T]) -> type[T]:
        if any(dataclasses.is_dataclass(base) for base in cls.__mro__[1:]):
            return dataclasses.dataclass(
                frozen=frozen, slots=slots, eq=eq, order=order, kw_only=kw_only, weakref_slot=weakref_slot
            )(cls)  # fmt: skip
        return _finished(cls, slots, weakref_slot, kw_only, frozen, eq, order)

    return made if cls is None else made(cls)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    dataclass = _dataclass


def _finished(
    cls: type[T], slots: bool, weakref_slot: bool, kw_only: bool, frozen: bool, eq: bool, order: bool
) -> type[T]:
    own = vars(cls)
    cls.__doc__ = cls.__doc__ or cls.__name__  # for one without any, dataclasses ask for its signature: 1 ms
    made = dataclasses.dataclass(
        init=False, repr=False, eq=False, slots=slots, weakref_slot=weakref_slot, kw_only=kw_only
    )(cls)  # fmt: skip
    params = made.__dataclass_params__  # type: ignore[attr-defined]
    params.frozen, params.eq, params.order, params.repr, params.init = frozen, eq, order, True, True
    methods = {"__repr__": _shown, "__init__": _first_init(made)}
    if eq:
        methods |= _compared(made, frozen=frozen, order=order)
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
        if slots:
            methods["__reduce__"] = _reduced
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _compared(cls: type, *, frozen: bool, order: bool) -> dict[str, Any]:
    """Comparison by the tuple of all fields that take part."""
    names = [item.name for item in dataclasses.fields(cls) if item.compare]
    values = _values(names)

    def equal(self: object, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    methods: dict[str, Any] = {"__eq__": equal, "__hash__": None}
    if frozen:
        methods["__hash__"] = lambda self: hash(values(self))
    for name, compare in _ORDERS.items() if order else ():
        methods[name] = _ordered(values, compare)
    return methods


def _ordered(values: Callable[[object], Any], compare: Callable[[Any, Any], bool]) -> Callable[[object, object], Any]:
    def ordered(self: object, other: object) -> Any:
        return compare(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

    return ordered


def _values(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    if not names:
        return lambda _item: ()
    getter = attrgetter(*names)
    return getter if len(names) > 1 else lambda item: (getter(item),)


def _shown(self: Any) -> str:
    told = ", ".join(f"{item.name}={getattr(self, item.name)!r}" for item in dataclasses.fields(self) if item.repr)
    return f"{type(self).__qualname__}({told})"


def _refuse(self: object, name: str, value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _reduced(self: Any) -> tuple[object, ...]:
    return _rebuilt, (type(self), tuple(getattr(self, item.name) for item in dataclasses.fields(self)))


def _rebuilt(cls: Any, values: tuple[object, ...]) -> object:
    item = object.__new__(cls)
    for name, value in zip(cls.__dataclass_fields__, values, strict=True):
        object.__setattr__(item, name, value)
    return item


# -- the first object ----------------------------------------------------------------------------------------------


def _first_init(cls: type) -> Callable[..., None]:
    """Stands in until there is an object: writes the `__init__` and calls it."""

    def __init__(self: object, *args: object, **named: object) -> None:
        quick(cls)
        cls.__init__(self, *args, **named)  # type: ignore[misc]

    return __init__


def quick(cls: type, same: Mapping[str, str] = MappingProxyType({})) -> None:
    """Write the `__init__` of a class, and for a frozen one with slots the way it is unpickled.

    A field that `same` names takes the value of another where it is given none (0).
    """
    own = [item for item in dataclasses.fields(cls) if item.init]
    slotted = "__slots__" in vars(cls)
    names: dict[str, Any] = {"absent": _ABSENT, "cls": cls, "assign": object.__setattr__}
    head = ", ".join(_parameter(item, names) for item in own if not item.kw_only)
    named = ", ".join(_parameter(item, names) for item in own if item.kw_only)
    lines = [_line(cls, item, slotted, same, names) for item in dataclasses.fields(cls)]
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()\n")
    given = f"{', ' + head if head else ''}{', *, ' + named if named else ''}"
    text = f"def init(self{given}):\n{''.join(lines) or '    pass'}\n"
    plain = slotted and not named and len(own) == len(lines)
    if plain:
        values = "".join(f"self.{item.name}, " for item in own)
        text += f"def reduce(self):\n    return cls, ({values})\n"
    exec(compile(text, __file__, "exec"), names)  # as dataclasses do: only so it takes the arguments by name
    init = names["init"]
    init.__name__, init.__qualname__ = "__init__", f"{cls.__qualname__}.__init__"
    cls.__init__ = init  # type: ignore[misc]
    if plain and vars(cls).get("__reduce__") is _reduced:
        cls.__reduce__ = names["reduce"]  # type: ignore[method-assign]


def _parameter(item: dataclasses.Field[Any], names: dict[str, Any]) -> str:
    if item.default is not dataclasses.MISSING:
        names[f"default_{item.name}"] = item.default
        return f"{item.name}=default_{item.name}"
    if item.default_factory is not dataclasses.MISSING:
        names[f"make_{item.name}"] = item.default_factory
        return f"{item.name}=absent"
    return item.name


def _line(
    cls: type, item: dataclasses.Field[Any], slotted: bool, same: Mapping[str, str], names: dict[str, Any]
) -> str:
    """The line that sets one field; "" for one that is neither given nor made."""
    value = item.name
    made = item.default_factory is not dataclasses.MISSING
    if not item.init:
        if item.default is dataclasses.MISSING and not made:
            return ""
        _parameter(item, names)
        value = f"make_{item.name}()" if made else f"default_{item.name}"
    elif made:
        value = f"make_{item.name}() if {item.name} is absent else {item.name}"
    elif item.name in same:
        value = f"{item.name} or {same[item.name]}"
    if slotted:
        names[f"set_{item.name}"] = cls.__dict__[item.name].__set__
        return f"    set_{item.name}(self, {value})\n"
    return f"    assign(self, {item.name!r}, {value})\n"
