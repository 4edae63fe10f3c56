"""Which bytes does cilium/ebpf send for a Go value? Its memory, encoding/binary's packed form, or none: it refuses.

`Map.Put`, `Lookup` and their kin hand a value to internal/sysenc (marshal.go, layout.go). The memory is taken as it is
where `binary.Size` equals the size of the type, so that nothing is padded, and every field is exported or blank. All
else goes through `binary.Append` and `binary.Decode`, whose form is packed and fails for what has no fixed size.
An `unsafe.Pointer` never comes here: it is always the memory. Fixed are bool, sized integers, floats, complex numbers,
and arrays and structs of those (encoding/binary, sizeof); `int`, `uint` and `uintptr` are not.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.analysis.layout import shape_of
from bpflint.model.layout import Abi, Array, Codec, Enum, Member, Opaque, Pointer, RecordDecl, Scalar, Type, Width

MARSHALS, UNMARSHALS = "MarshalBinary", "UnmarshalBinary"
BY_HAND = "by hand"
"""A method of the type takes its fields out of bytes one by one: how the struct lies in memory says nothing of them."""
"""Attributes of a record whose type has these methods: it makes its bytes itself."""
EMBEDDED = "embedded:"
"""What an attribute that names an embedded field starts with."""
_DEEPEST = 64
_NO_BYTES = frozenset((
    "a string", "a slice", "a map", "a function", "an interface", "a channel", "a struct that holds a pointer",
))  # fmt: skip


def map_codec(type_: Type, abi: Abi, *, decode: bool = False) -> Codec | None:
    """Return how `Map.Put(&v)` makes the bytes of a value (with `decode`, how `Map.Lookup(&v)` reads them).

    Codec.GO is its memory, Codec.GO_PACKED the form of encoding/binary. None: cilium/ebpf refuses the value (`refusal`
    says why), it makes its bytes itself, or some of its type is not known. `type_` is what the code passes a pointer
    to; for a slice (an array of no length) the answer is that of its elements.
    """
    own = UNMARSHALS if decode else MARSHALS
    if isinstance(type_, RecordDecl) and own in type_.attributes:
        return None
    value = type_.element if isinstance(type_, Array) and type_.length is None else type_
    native, packed = shape_of(value, abi, Codec.GO), shape_of(value, abi, Codec.GO_PACKED)
    if native.opaque is not None or packed.opaque is not None or refusal(type_, decode=decode):
        return None
    return Codec.GO if native.size == packed.size and not _hides(value) else Codec.GO_PACKED


def refusal(type_: Type, *, decode: bool = False) -> str:
    """Return why a value cannot be sent (with `decode`, filled) at all; "" where it can, or where that is unknown."""
    own = UNMARSHALS if decode else MARSHALS
    if isinstance(type_, RecordDecl) and own in type_.attributes:
        return ""
    value = type_.element if isinstance(type_, Array) and type_.length is None else type_
    found = next(_without_size(value, "", 0), "")
    if not found and decode and _hides(value):
        return next(_not_settable(value, "", False, 0), "")
    return found


def exported(name: str) -> bool:
    """Return whether a field of this name is visible to other packages (Go specification, Exported identifiers)."""
    return name[:1].isupper()


def _inner(type_: Type) -> Type:
    while isinstance(type_, Array):
        type_ = type_.element
    return type_


def _empty(type_: Type) -> bool:
    while isinstance(type_, Array):
        if type_.length == 0:
            return True
        type_ = type_.element
    return False


def _dotted(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _without_size(type_: Type, where: str, depth: int) -> Iterator[str]:
    """Yield a reason for each part that encoding/binary has no fixed size for."""
    of = f"{where} is " if where else "it is "
    match _inner(type_):
        case Scalar(width=Width() as width, names=names):
            if width is Width.POINTER:
                yield f"{of}{names[-1]}, which has no fixed size"
        case Pointer():
            yield f"{of}a pointer"
        case Opaque(reason=reason) if reason in _NO_BYTES:
            yield f"{of}{reason}"
        case RecordDecl(members=members) if depth < _DEEPEST:
            for member in members:
                yield from _without_size(member.type, _dotted(where, member.name), depth + 1)
        case Scalar() | Enum() | Opaque() | RecordDecl() | Array():
            return


def _hides(type_: Type, depth: int = 0) -> bool:
    """Whether a struct in it has a field that is neither exported nor blank (sysenc, hasUnexportedFields)."""
    inner = _inner(type_)
    if not isinstance(inner, RecordDecl) or depth > _DEEPEST:
        return False
    return any(
        (not exported(member.name) and member.name != "_") or _hides(member.type, depth + 1)
        for member in inner.members
    )  # fmt: skip


def _not_settable(type_: Type, where: str, locked: bool, depth: int) -> Iterator[str]:
    """Yield the scalars that reflect may not set, so that `binary.Decode` panics.

    A field that is not exported locks all below it, but an embedded struct locks only itself (reflect, Value.Field).
    """
    inner = _inner(type_)
    match inner:
        case _ if isinstance(type_, Array) and _empty(type_):
            return
        case RecordDecl(members=members) as record if depth < _DEEPEST:
            for member in members:
                if member.name == "_":
                    continue
                hidden = not exported(member.name)
                below = locked or (hidden and not _embedded_struct(record, member))
                yield from _not_settable(member.type, _dotted(where, member.name), below, depth + 1)
        case Scalar() if locked:
            yield f"{where} is not exported: encoding/binary panics when it decodes into it"


def _embedded_struct(record: RecordDecl, member: Member) -> bool:
    return isinstance(member.type, RecordDecl) and EMBEDDED + member.name in record.attributes
