"""Which Rust types cross the kernel boundary? The uses of Rust units, and what stands inside of their types."""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.api import Array, Member, Opaque, RecordDecl, Type, Unit, Use, dataclass

OWN_LAYOUT = "the compiler lays it out as it likes"
"""The reason the front end gives for a type in Rust's own layout."""


@dataclass(frozen=True, slots=True)
class Held:
    """A type inside of a shared one: the member that holds it, and the record that has the member."""

    type: Type
    member: Member | None = None
    owner: RecordDecl | None = None


def rust_uses(unit: Unit) -> Iterator[Use]:
    """Yield the uses of a unit in Rust."""
    if unit.language == "rust":
        yield from unit.uses


def held_types(type_: Type | None, owner: RecordDecl | None = None, member: Member | None = None) -> Iterator[Held]:
    """Yield a type and every type inside of it, arrays opened, outermost first."""
    pending = [Held(type_, member, owner)] if type_ is not None else []
    while pending:
        item = pending.pop()
        inner = item.type
        while isinstance(inner, Array):
            inner = inner.element
        yield Held(inner, item.member, item.owner)
        if isinstance(inner, RecordDecl):
            pending.extend(Held(one.type, one, inner) for one in reversed(inner.members))


def is_own_enum(type_: Type) -> bool:
    """Return whether a type is an enum without `repr`."""
    return isinstance(type_, Opaque) and type_.reason.startswith("an enum without repr")


def where(use: Use) -> str:
    """Return what a use is, for a message: "value of map `limits`"."""
    return f"{use.role} of map `{use.map}`" if use.role != "global" else f"global `{use.map}`"
