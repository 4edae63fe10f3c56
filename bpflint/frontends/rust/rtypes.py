"""What types does Rust have, as the language sees them? Before any layout: names, references, arrays, arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bpflint.frontends.rust.scopes import Generated, Item
from bpflint.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Prim:
    """A primitive type: `u32`, `bool`, `str`, `()`, `!`."""

    name: str


@dataclass(frozen=True, slots=True)
class Adt:
    """A struct, enum or union of the project with its generic arguments in order (an int for a const one)."""

    item: Item
    args: tuple[Arg, ...] = ()


@dataclass(frozen=True, slots=True)
class Ext:
    """A type from outside of the project by its path: `aya::maps::HashMap`, `std::option::Option`."""

    path: str
    args: tuple[Arg, ...] = ()

    @property
    def last(self) -> str:
        """The last segment of the path."""
        return self.path.rpartition("::")[2]

    @property
    def crate(self) -> str:
        """The first segment of the path."""
        return self.path.partition("::")[0]


@dataclass(frozen=True, slots=True)
class Made:
    """A type of a file that the build writes (a skeleton, bindings)."""

    by: Generated

    @property
    def name(self) -> str:
        """The type's own name."""
        return self.by.rest[-1] if self.by.rest else ""


@dataclass(frozen=True, slots=True)
class Param:
    """A generic parameter that nothing has bound."""

    name: str


@dataclass(frozen=True, slots=True)
class Ref:
    """`&T`, `&mut T`."""

    inner: RType


@dataclass(frozen=True, slots=True)
class Ptr:
    """`*const T`, `*mut T`."""

    inner: RType


@dataclass(frozen=True, slots=True)
class SliceOf:
    """`[T]`."""

    element: RType


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """`[T; N]`; length None where the constant could not be folded, a Param where it is generic."""

    element: RType
    length: int | Param | None


@dataclass(frozen=True, slots=True)
class Tup:
    """`(A, B)`."""

    items: tuple[RType, ...]


@dataclass(frozen=True, slots=True)
class FnPtr:
    """`fn(A) -> B`, or a closure's type."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """`_`, or a type that is not modelled; `spelling` is empty for the former."""

    spelling: str = ""
    reason: str = "its type is inferred"
    args: tuple[RType, ...] = ()
    """The generic arguments of a trait bound (`impl Sender<T>`), so that they can be matched."""


RType = Prim | Adt | Ext | Made | Param | Ref | Ptr | SliceOf | ArrayOf | Tup | FnPtr | Unknown
Arg = RType | int
Binding = Mapping[str, Arg]

UNKNOWN = Unknown()
U8 = Prim("u8")
BYTES = Ref(SliceOf(U8))

WRAPPERS = frozenset(("Option", "Result", "Box", "Arc", "Rc", "Poll", "LazyLock", "OnceCell", "OnceLock"))
GUARDS = frozenset(("Mutex", "RwLock", "RefCell", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard", "Pin", "Cow"))
_SEEN_THROUGH = WRAPPERS | GUARDS


def substitute(type_: RType, binding: Binding) -> RType:
    """Return a type with its parameters replaced."""
    if not binding:
        return type_
    match type_:
        case Param(name=name):
            found = binding.get(name, type_)
            return type_ if isinstance(found, int) else found
        case Adt() | Ext():
            return replace(type_, args=tuple(_argument(item, binding) for item in type_.args))
        case Ref(inner=inner) | Ptr(inner=inner):
            return replace(type_, inner=substitute(inner, binding))
        case SliceOf(element=element):
            return SliceOf(substitute(element, binding))
        case ArrayOf(element=element, length=length):
            if isinstance(length, Param):
                bound = binding.get(length.name, length)
                length = bound if isinstance(bound, int | Param) else None
            return ArrayOf(substitute(element, binding), length)
        case Tup(items=items):
            return Tup(tuple(substitute(item, binding) for item in items))
        case Unknown(args=args) if args:
            return replace(type_, args=tuple(substitute(item, binding) for item in args))
        case _:
            return type_


def _argument(item: Arg, binding: Binding) -> Arg:
    if isinstance(item, int):
        return item
    if isinstance(item, Param) and isinstance(bound := binding.get(item.name), int):
        return bound
    return substitute(item, binding)


def unify(pattern: Arg, found: Arg, binding: dict[str, Arg], depth: int = 0) -> None:
    """Bind the parameters of `pattern` that `found` shows; what does not fit is passed over."""
    if depth > 16 or (isinstance(found, Unknown) and not found.args):
        return
    match pattern, found:
        case Param(name=name), _:
            if not isinstance(found, Param):
                binding.setdefault(name, found)
        case Ref(inner=one), Ref(inner=other):
            unify(one, other, binding, depth + 1)
        case Ref(inner=one), _:
            unify(one, found, binding, depth + 1)
        case Ptr(inner=one), Ptr(inner=other) | Ref(inner=other):
            unify(one, other, binding, depth + 1)
        case SliceOf(element=one), SliceOf(element=other) | ArrayOf(element=other):
            unify(one, other, binding, depth + 1)
        case ArrayOf(element=one, length=length), ArrayOf(element=other, length=count):
            unify(one, other, binding, depth + 1)
            if isinstance(length, Param) and isinstance(count, int):
                binding.setdefault(length.name, count)
        case Tup(items=ones), Tup(items=others):
            for one, other in zip(ones, others, strict=False):
                unify(one, other, binding, depth + 1)
        case (Adt() | Ext() | Unknown(), Adt() | Ext() | Unknown()) if _same_head(pattern, found):
            for left, right in zip(pattern.args, found.args, strict=False):
                unify(left, right, binding, depth + 1)


def _same_head(one: Arg, other: Arg) -> bool:
    match one, other:
        case Adt(item=left), Adt(item=right):
            return left is right
        case Ext(path=left_path), Ext(path=right_path):
            return left_path == right_path
        case Unknown(spelling=left_name), Unknown(spelling=right_name):
            return left_name.partition("<")[0] == right_name.partition("<")[0]
        case _:
            return False


def peel(type_: RType) -> RType:
    """Return what a method call sees through: references, boxes, locks, options and results."""
    for _ in range(16):
        match type_:
            case Ref(inner=inner):
                type_ = inner
            case Ext(args=(first, *_)) if type_.last in _SEEN_THROUGH and not isinstance(first, int):
                type_ = first
            case _:
                return type_
    return type_


def unwrapped(type_: RType) -> RType:
    """Return the value inside of an option, result or box; references stay."""
    for _ in range(8):
        if isinstance(type_, Ext) and type_.last in WRAPPERS and type_.args and not isinstance(type_.args[0], int):
            type_ = type_.args[0]
        else:
            break
    return type_


def pointee(type_: RType) -> RType:
    """Return what a reference or pointer leads to; any other type itself."""
    return type_.inner if isinstance(type_, Ref | Ptr) else type_


def is_bytes(type_: RType) -> bool:
    """Return whether a type is a run of bytes: a slice, array or vector of `u8` or `i8`, or a pointer to them."""
    type_ = unwrapped(peel(type_))
    if isinstance(type_, Ptr):
        return type_.inner in (U8, Prim("i8"), Prim("()")) or (
            (isinstance(type_.inner, Ext) and type_.inner.last in ("c_void", "c_char", "c_uchar"))
            or (isinstance(type_.inner, Made) and type_.inner.name == "c_void")
        )
    match type_:
        case SliceOf(element=element) | ArrayOf(element=element):
            return element in (U8, Prim("i8"))
        case Ext(args=(first, *_)) if type_.last in ("Vec", "SmallVec"):
            return first == U8
        case Ext():
            return type_.last in ("Bytes", "BytesMut")
    return False


def is_known(type_: Arg) -> bool:
    """Return whether nothing in a type is left to inference or unbound."""
    match type_:
        case Unknown() | Param():
            return False
        case Adt(args=args) | Ext(args=args):
            return all(is_known(item) for item in args)
        case Ref(inner=inner) | Ptr(inner=inner) | SliceOf(element=inner):
            return is_known(inner)
        case ArrayOf(element=inner, length=length):
            return isinstance(length, int) and is_known(inner)
        case Tup(items=items):
            return all(is_known(item) for item in items)
        case _:
            return True


def is_open(type_: Arg) -> bool:
    """Return whether a generic parameter in a type is not bound."""
    match type_:
        case Param():
            return True
        case Adt(args=args) | Ext(args=args):
            return any(is_open(item) for item in args)
        case Ref(inner=inner) | Ptr(inner=inner) | SliceOf(element=inner):
            return is_open(inner)
        case ArrayOf(element=inner, length=length):
            return isinstance(length, Param) or is_open(inner)
        case Tup(items=items):
            return any(is_open(item) for item in items)
        case _:
            return False


def show(type_: Arg) -> str:
    """Return a type as a person writes it, without the paths."""
    match type_:
        case int():
            return str(type_)
        case Prim(name=name) | Param(name=name):
            return name
        case Adt(item=item, args=args):
            return item.name + _shown(args)
        case Ext(args=args):
            return type_.last + _shown(args)
        case Made(by=by):
            return "::".join(by.rest[-2:])
        case Ref(inner=inner):
            return "&" + show(inner)
        case Ptr(inner=inner):
            return "*const " + show(inner)
        case SliceOf(element=element):
            return f"[{show(element)}]"
        case ArrayOf(element=element, length=length):
            shown = length.name if isinstance(length, Param) else "?" if length is None else str(length)
            return f"[{show(element)}; {shown}]"
        case Tup(items=items):
            return f"({', '.join(show(item) for item in items)})"
        case FnPtr():
            return "fn"
        case Unknown(spelling=spelling):
            return spelling or "_"


def _shown(args: tuple[Arg, ...]) -> str:
    return f"<{', '.join(show(item) for item in args)}>" if args else ""


def type_argument(args: tuple[Arg, ...], index: int) -> RType:
    """Return a generic argument by its place, UNKNOWN where there is none."""
    if not args or index >= len(args):
        return UNKNOWN
    found = args[index]
    return UNKNOWN if isinstance(found, int) else found


def arguments_of(type_: RType) -> tuple[Arg, ...]:
    """Return the generic arguments of a named type."""
    return type_.args if isinstance(type_, Ext | Adt) else ()


def at(types: Sequence[RType], index: int) -> RType:
    """Return a type of a list, UNKNOWN past its end."""
    return types[index] if index < len(types) else UNKNOWN
