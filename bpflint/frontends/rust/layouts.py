"""Which declaration does a Rust type become? Structs, unions, enums by their `repr`, generics with known arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from tree_sitter import Node

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import size_of_type
from bpflint.frontends.rust.externals import PRIMITIVES, SAME_AS_ARGUMENT, scalar_of
from bpflint.frontends.rust.marks import Marks
from bpflint.frontends.rust.reading import Reader, binding_of, variant_nodes, where_in
from bpflint.frontends.rust.reprs import (
    Repr,
    derived,
    field_nodes,
    is_generic,
    libc_record,
    ordered_of,
    repr_of,
    written,
)
from bpflint.frontends.rust.rtypes import (
    Adt,
    Arg,
    ArrayOf,
    Ext,
    FnPtr,
    Made,
    Param,
    Prim,
    Ptr,
    Ref,
    RType,
    SliceOf,
    Tup,
    Unknown,
    show,
    substitute,
)  # fmt: skip
from bpflint.frontends.rust.scopes import Item
from bpflint.frontends.rust.syntax import name_of
from bpflint.model.data import dataclass
from bpflint.model.layout import (
    Array,
    Bits,
    Codec,
    Enum,
    Member,
    Opaque,
    Pointer,
    RecordDecl,
    Scalar,
    Type,
    bytes_to_bits,
)  # fmt: skip

_DEPTH = 32
_MOST_FIELDS = 5_000
"""Structs that double at each level would take longer to lay out than anyone waits."""
_C_INT = Scalar(("c_int", "i32"), Bits(32), signed=True)
_C_UINT = Scalar(("c_uint", "u32"), Bits(32))
_NOTHING = Array(PRIMITIVES["u8"], 0, ("PhantomData",))
"""`()` and `PhantomData`: no bytes and no alignment."""
_OWN_LAYOUT = "the compiler lays it out as it likes"
_JUDGES = ("x86_64", "i386", "arm")
"""Targets that differ in every way a size can: where they agree, a constant may rest on it."""


@dataclass(slots=True)
class _Body:
    """The members of a struct or variant while they are read."""

    members: list[Member] = field(default_factory=list)
    unknown: str = ""
    """Why the members are not certain."""
    sized: int = 0
    """Fields that take bytes."""


class Layouts:
    """Makes the model's types of Rust's; each instance of a type once."""

    def __init__(self, reader: Reader, marks: Marks) -> None:
        self.reader = reader
        self.marks = marks
        self._made: dict[tuple[Item, tuple[Arg, ...]], Type] = {}
        self._weights: dict[RecordDecl, int] = {}
        self._open: set[tuple[Item, tuple[Arg, ...]]] = set()
        self._fields_of: dict[tuple[Item, tuple[Arg, ...]], tuple[tuple[str, RType], ...]] = {}
        reader.size_of = self.size_of

    def size_of(self, type_: RType) -> int | None:
        """Return the size of a type in bytes where the targets agree."""
        made = self.type(type_)
        sizes = {size_of_type(made, abi(target), Codec.RUST_C) for target in _JUDGES}
        found = next(iter(sizes)) if len(sizes) == 1 else None
        return None if found is None else found // 8

    def type(self, type_: RType, depth: int = 0) -> Type:
        """Return the model's type of a Rust type; Opaque with a reason where its bytes are not known."""
        if depth > _DEPTH:
            return Opaque(show(type_)[:80], "nested too deeply")
        match type_:
            case Prim(name=name):
                return self._primitive(name)
            case Adt():
                return self._adt(type_, depth)
            case Ext():
                return self._external(type_, depth)
            case Made():
                return Opaque(show(type_), "generated at build time")
            case Ref(inner=inner) | Ptr(inner=inner):
                return self._pointer(type_, inner, depth)
            case FnPtr():
                return Pointer("fn")
            case ArrayOf(element=element, length=length):
                if not isinstance(length, int):
                    return Opaque(show(type_), "the length is not known")
                return Array(self.type(element, depth + 1), length)
            case SliceOf():
                return Opaque(show(type_), "a slice has no size of its own")
            case Tup():
                return Opaque(show(type_), _OWN_LAYOUT)
            case Param(name=name):
                return Opaque(name, "a generic parameter")
            case Unknown(spelling=spelling, reason=reason):
                return Opaque(spelling or "_", reason)

    @staticmethod
    def _primitive(name: str) -> Type:
        if name == "()":
            return _NOTHING
        return PRIMITIVES.get(name) or Opaque(name, "it has no size of its own")

    def _pointer(self, whole: RType, inner: RType, depth: int) -> Type:
        if isinstance(inner, SliceOf | Unknown) or inner == Prim("str"):
            return Opaque(show(whole), "a pointer with a length or a table beside it")
        pointed = None if depth > 2 or isinstance(inner, Param) else self.type(inner, depth + _DEPTH // 2)
        return Pointer(show(whole), None if isinstance(pointed, Opaque) else pointed)

    # -- types of other crates -------------------------------------------------------------------------------

    def _external(self, type_: Ext, depth: int) -> Type:
        args = [item for item in type_.args if not isinstance(item, int)]
        scalar = scalar_of(type_.path)
        if scalar is not None:
            return scalar
        if type_.path in SAME_AS_ARGUMENT and args:
            return self.type(args[0], depth + 1)
        if type_.path == "std::mem::MaybeUninit" and args:
            return _any_bytes(self.type(args[0], depth + 1), show(type_))
        if type_.path == "std::option::Option" and args:
            return self._option(type_, args[0], depth)
        if type_.path in ("std::boxed::Box", "std::ptr::NonNull") and args:
            return self._pointer(type_, args[0], depth)
        if type_.path == "std::num::NonZero" and isinstance(args[0] if args else None, Prim):
            plain = PRIMITIVES.get(show(args[0]))
            if plain is not None:
                return replace(plain, names=(show(type_), plain.name))
        if type_.path == "aya::maps::lpm_trie::Key" and args:
            # aya 0.13, maps/lpm_trie.rs: repr(C, packed)
            members = (Member("prefix_len", PRIMITIVES["u32"]), Member("data", self.type(args[0], depth + 1)))
            return RecordDecl(show(type_), "struct", members, "rust", Codec.RUST_C, packed=True)
        if type_.path in ("std::marker::PhantomData", "std::marker::PhantomPinned"):
            return _NOTHING
        if type_.crate in ("libc", "nix", "libbpf_sys") and (record := libc_record(type_)) is not None:
            return record
        ordered = ordered_of(type_, args[0]) if type_.crate == "zerocopy" and len(args) == 1 else None
        if ordered is not None:
            return ordered
        reason = _OWN_LAYOUT if type_.crate == "std" else f"crate `{type_.crate}` is not in the tree"
        return Opaque(show(type_), reason)

    def _option(self, whole: Ext, inner: RType, depth: int) -> Type:
        """`Option` of what is never null or zero takes no more bytes (std::option, "Representation")."""
        held = inner.path if isinstance(inner, Ext) else ""
        if isinstance(inner, Ref | FnPtr) or held in ("std::boxed::Box", "std::ptr::NonNull"):
            made = self.type(inner, depth + 1)
            return replace(made, spelling=show(whole)) if isinstance(made, Pointer) else made
        if isinstance(inner, Ext) and inner.last.startswith("NonZero"):
            number = self.type(inner, depth + 1)
            if isinstance(number, Scalar):
                return replace(number, names=(show(whole), number.names[-1]))
        return Opaque(show(whole), _OWN_LAYOUT)

    # -- declared types --------------------------------------------------------------------------------------

    def _adt(self, type_: Adt, depth: int) -> Type:
        key = (type_.item, type_.args)
        if key in self._made:
            return self._made[key]
        if key in self._open or depth > _DEPTH:
            return Opaque(show(type_), "it contains itself")
        self._open.add(key)
        try:
            made = self._declared(type_, depth)
        finally:
            self._open.discard(key)
        if isinstance(made, RecordDecl) and self._weigh(made) > _MOST_FIELDS:
            made = Opaque(show(type_), "it has too many fields")
        self._made[key] = made
        return made

    def _weigh(self, record: RecordDecl) -> int:
        """How many fields a record has with those of its members; what is nested was weighed before."""
        found = len(record.members)
        for member in record.members:
            inner = member.type
            while isinstance(inner, Array):
                inner = inner.element
            if isinstance(inner, RecordDecl):
                found += self._weights.get(inner, 0) or self._weigh(inner)
        self._weights[record] = found
        return found

    def _declared(self, type_: Adt, depth: int) -> Type:
        item = type_.item
        layout = repr_of(item.prelude)
        if item.name == "__IncompleteArrayField" and type_.args and not isinstance(type_.args[0], int):
            return Array(self.type(type_.args[0], depth + 1), None)  # bindgen's flexible array member
        if not layout.sure:
            return Opaque(show(type_), "its repr depends on a cfg")
        if item.kind == "enum":
            return self._enum(type_, layout, depth)
        body = self._fields(type_, item.node.child_by_field_name("body"), depth)
        if body.unknown:
            return Opaque(show(type_), body.unknown)
        codec = Codec.RUST_C
        if not (layout.c or layout.transparent):
            # Unsafe Code Guidelines, "Structs and tuples": one field beside those of size 0 gives that field's layout.
            codec = Codec.RUST_C if body.sized == 1 and item.kind == "struct" and not layout.words else Codec.RUST
        return self._record(type_, layout, codec, body.members)

    def _record(self, type_: Adt, layout: Repr, codec: Codec, members: Sequence[Member]) -> RecordDecl:
        item, pack, align = type_.item, layout.pack, layout.align
        return RecordDecl(
            show(type_), "union" if item.kind == "union" else "struct", tuple(members), "rust", codec,
            item.source.span(item.node.child_by_field_name("name") or item.node), names=(item.name,),
            packed=pack == 1, pack=bytes_to_bits(pack) if pack is not None and pack > 1 else None,
            align=bytes_to_bits(align) if align is not None else None, comment=item.prelude.comment,
            attributes=self._attributes(item, layout),
        )  # fmt: skip

    def _attributes(self, item: Item, layout: Repr) -> tuple[str, ...]:
        found = [f"repr({word})" for word in layout.words]
        found.extend(f"derive({word})" for word in derived(item.prelude))
        found.extend(self.marks.of(item))
        if item.scope.generated_by:
            found.append(f"generated:{item.scope.generated_by}")
        return tuple(dict.fromkeys(found))

    def _fields(self, type_: Adt, body: Node | None, depth: int) -> _Body:
        """The members of a struct's or variant's body with the generic arguments put in."""
        found = _Body()
        where, binding = where_in(type_.item, type_), binding_of(type_.item, type_.args)
        for node, prelude, name in field_nodes(body):
            enabled = prelude.enabled()
            if enabled is False:
                continue
            if enabled is None:
                found.unknown = "a field depends on a cfg"
                return found
            made = self.type(substitute(self.reader.read(written(node), where), binding), depth + 1)
            if made == _NOTHING:
                continue
            found.sized += 0 if isinstance(made, Array) and made.length == 0 else 1
            span = type_.item.source.span(node.child_by_field_name("name") or node)
            found.members.append(Member(name, made, span))
        return found

    def field_types(self, type_: Adt) -> tuple[tuple[str, RType], ...]:
        """Return the fields of a struct as the language sees them: (name, type)."""
        key = (type_.item, type_.args)
        if key not in self._fields_of:
            where, binding = where_in(type_.item, type_), binding_of(type_.item, type_.args)
            body = type_.item.node.child_by_field_name("body") if type_.item.kind != "enum" else None
            self._fields_of[key] = tuple(
                (name, substitute(self.reader.read(written(node), where), binding))
                for node, _, name in field_nodes(body)
            )
        return self._fields_of[key]

    # -- enums -----------------------------------------------------------------------------------------------

    def _enum(self, type_: Adt, layout: Repr, depth: int) -> Type:
        item = type_.item
        variants = list(variant_nodes(item.node))
        if not variants:
            return Opaque(show(type_), "an enum without variants has no values")
        tag = self._tag(item, layout)
        if tag is None:
            return Opaque(show(type_), f"an enum without repr: {_OWN_LAYOUT}")
        if any(enabled is None for _, enabled in variants):
            return Opaque(show(type_), "a variant depends on a cfg")
        if all(node.child_by_field_name("body") is None for node, _ in variants) and layout.align is None:
            return tag
        return self._tagged(type_, layout, tag, [node for node, _ in variants], depth)

    def _tag(self, item: Item, layout: Repr) -> Enum | None:
        """The integer in front: the one `repr` names, else C's (Rust Reference, "repr(C) Field-less Enums")."""
        known = self.reader.variants(item)
        values = tuple((name, value) for name, value in known if value is not None)
        if layout.integer:
            scalar = PRIMITIVES[layout.integer]
        elif layout.c:
            numbers = [value for _, value in values]
            if any(not -(1 << 31) <= number < 1 << 32 for number in numbers):
                return None  # wider than C's int: the platform decides
            scalar = _C_UINT if any(number >= 1 << 31 for number in numbers) else _C_INT
        else:
            return None
        return Enum((item.name,), scalar, values, item.source.span(item.node.child_by_field_name("name") or item.node))

    def _tagged(self, type_: Adt, layout: Repr, tag: Enum, variants: Sequence[Node], depth: int) -> Type:
        """RFC 2195: `repr(C)` is a tag and a union of structs; `repr(u8)` a union of structs with a tag in front."""
        span = tag.span
        head = Member("tag", tag, span)
        structs: list[Member] = []
        for node in variants:
            body = self._fields(type_, node.child_by_field_name("body"), depth)
            if body.unknown:
                return Opaque(show(type_), body.unknown)
            members = tuple(body.members) if layout.c else (head, *body.members)
            place = type_.item.source.span(node.child_by_field_name("name") or node)
            made = RecordDecl(f"{type_.item.name}::{name_of(node)}", "struct", members, "rust", Codec.RUST_C, place)
            structs.append(Member(name_of(node), made, place))
        union = RecordDecl(f"{type_.item.name}::payload", "union", tuple(structs), "rust", Codec.RUST_C, span)
        record = self._record(type_, layout, Codec.RUST_C, ())
        record = replace(record, attributes=("enum", *record.attributes))
        if layout.c:
            return replace(record, members=(head, Member("payload", union, span)))
        return replace(record, kind="union", members=union.members)

    # -- what a file declares --------------------------------------------------------------------------------

    def declared(self, items: Iterator[Item]) -> Iterator[RecordDecl]:
        """Yield the records whose declaration says that their bytes matter: a repr, or a promise to be plain data."""
        for item in items:
            if item.kind not in ("struct", "union", "enum") or is_generic(item):
                continue
            if not (repr_of(item.prelude).words or self.marks.is_plain(item)):
                continue
            made = self.type(Adt(item))
            if isinstance(made, RecordDecl):
                yield made


def _any_bytes(made: Type, spelling: str) -> Type:
    """What `MaybeUninit` holds may be any bytes: the size stays, the meaning goes."""
    match made:
        case Enum(scalar=scalar) | (Scalar() as scalar):
            kind = scalar.kind if scalar.kind == "float" else "int"
            return replace(scalar, names=(spelling, scalar.names[-1]), kind=kind)
        case Pointer():
            return replace(made, spelling=spelling)
        case _:
            return made
