"""Which members does the text of a record name, and where? By that text alone; it is written in `lines.py`."""

from __future__ import annotations

from collections.abc import Iterator


def members_in(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield (name, type, offset, width of a bitfield or 0) of `MEMBER;MEMBER…`, in bits; ValueError where it is none.

    Each member tells how far it lies from the one before it.
    """
    offset, depth, held = 0, 0, ""
    for piece in text.split(";") if text else ():
        held += piece
        if depth or "{" in piece or "<" in piece:
            depth += piece.count("{") + piece.count("<") - piece.count("}") - piece.count(">")
        if depth:  # inside a record without a name
            held += ";"
            continue
        name, _, rest = held.partition(":")
        kind, _, place = rest.rpartition("@")
        step, _, bits = place.partition("/")
        offset += int(step)
        yield name, kind, offset, int(bits or 0)
        held = ""
    if held:
        raise ValueError("a bracket is not closed")


def parts_in(text: str, mark: str) -> Iterator[str]:
    """Yield what stands between marks outside of all brackets; nothing for "". ValueError where one is not closed."""
    depth, held = 0, ""
    for piece in text.split(mark) if text else ():
        held += piece
        depth += sum(map(piece.count, "({<")) - sum(map(piece.count, ")}>"))
        if depth:
            held += mark
            continue
        yield held
        held = ""
    if held:
        raise ValueError("a bracket is not closed")


def fields_in(record: str, prefix: str = "", base: int = 0) -> Iterator[tuple[str, int, int]]:
    """Yield (dotted path, offset, width of a bitfield or 0) of `SIZE MEMBERS`, in bits, in their order.

    What lies in a member without a name counts as the record's own.
    """
    for name, kind, offset, bits in members_in(record.partition(" ")[2]):
        path = f"{prefix}.{name}" if prefix and name else name or prefix
        if name:
            yield path, base + offset, bits
        while kind.startswith("'"):
            kind = kind[2:]
        if kind.startswith(("{", "<")):
            yield from fields_in(kind[1:-1], path, base + offset)
