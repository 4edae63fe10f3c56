"""What do `struct` formats and numpy dtypes lay out? Records whose fields are numbered or named in order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bpflint.frontends.python.module import Module
from bpflint.model.layout import (
    Array,
    Bits,
    ByteOrder,
    Codec,
    Member,
    Opaque,
    RecordDecl,
    Scalar,
    Type,
    Width,
)  # fmt: skip
from bpflint.model.source import Span

_ITEM = re.compile(r"(\d*)([xcbB?hHiIlLqQnNefdspP])")
# Format character: (standard size, native width, signed, kind); Python library reference, "Format Characters".
_CODES: dict[str, tuple[int, Bits | Width, bool, str]] = {
    "b": (1, Bits(8), True, "int"), "B": (1, Bits(8), False, "int"), "?": (1, Bits(8), False, "bool"),
    "h": (2, Bits(16), True, "int"), "H": (2, Bits(16), False, "int"), "i": (4, Bits(32), True, "int"),
    "I": (4, Bits(32), False, "int"), "l": (4, Width.LONG, True, "int"), "L": (4, Width.LONG, False, "int"),
    "q": (8, Bits(64), True, "int"), "Q": (8, Bits(64), False, "int"), "n": (0, Width.POINTER, True, "int"),
    "N": (0, Width.POINTER, False, "int"), "e": (2, Bits(16), True, "float"), "f": (4, Bits(32), True, "float"),
    "d": (8, Bits(64), True, "float"), "P": (0, Width.POINTER, False, "int"), "c": (1, Bits(8), False, "char"),
}  # fmt: skip
_MOST = 1 << 20


def format_record(text: str, span: Span) -> RecordDecl | Opaque:
    """Return the record of a `struct` format; Opaque for one that `struct` itself refuses."""
    prefix, order = _prefix(text)
    native = prefix in ("", "@")
    body = text[1:] if prefix else text
    members: list[Member] = []
    position = 0
    for match in _ITEM.finditer(re.sub(r"\s+", "", body)):
        if match.start() != position:
            break
        position = match.end()
        count = int(match[1]) if match[1] else 1
        if count > _MOST:
            return Opaque(text, "repeat count too large")
        member = _member(match[2], count, bool(match[1]), native, order, len(members), span)
        if member is not None:
            members.append(member)
    if position != len(re.sub(r"\s+", "", body)):
        return Opaque(text, "not a struct format")
    words = ("native",) if native else ()
    return RecordDecl(
        f'"{text}"', "struct", tuple(members), "python", Codec.STRUCT, span, packed=not native, order=order,
        attributes=words,
    )  # fmt: skip


def _prefix(text: str) -> tuple[str, ByteOrder | None]:
    first = text[:1]
    match first:
        case "<":
            return first, "little"
        case ">" | "!":
            return first, "big"
        case "@" | "=":
            return first, None
    return "", None


def _member(
    code: str, count: int, counted: bool, native: bool, order: ByteOrder | None, index: int, span: Span
) -> Member | None:
    name = f"#{index}"
    if code == "x":
        return Member("_pad", Array(Scalar(("x",), Bits(8)), count), span)
    if code in "sp":
        return Member(name, Array(Scalar(("char",), Bits(8), "char", None), count), span)
    standard, width, signed, kind = _CODES[code]
    if not native and not standard:
        return Member(name, Opaque(code, "only in native mode"), span)
    scalar = Scalar((code,), width if native else Bits(standard * 8), kind, signed, None, order)  # type: ignore[arg-type]
    if not counted:
        return Member(name, scalar, span)
    return Member(name, Array(scalar, count), span)


_NUMPY = {
    "bool": ("?", 1), "bool_": ("?", 1), "int8": ("i", 1), "uint8": ("u", 1), "int16": ("i", 2), "uint16": ("u", 2),
    "int32": ("i", 4), "uint32": ("u", 4), "int64": ("i", 8), "uint64": ("u", 8), "float16": ("f", 2),
    "float32": ("f", 4), "float64": ("f", 8), "byte": ("i", 1), "ubyte": ("u", 1), "intc": ("i", 4),
    "uintc": ("u", 4), "short": ("i", 2), "ushort": ("u", 2), "longlong": ("i", 8), "ulonglong": ("u", 8),
    "half": ("f", 2), "single": ("f", 4), "double": ("f", 8),
}  # fmt: skip
_DTYPE = re.compile(r"^([<>=|]?)([?biufSV])(\d*)$")


def dtype_record(node: ast.Call, module: Module, name: str) -> RecordDecl | None:
    """Return the record of `np.dtype([...], align=…)`, None for a dtype without fields."""
    if not node.args:
        return None
    align = any(
        word.arg == "align" and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in node.keywords
    )
    members = list(_dtype_members(node.args[0], module))
    if not members:
        return None
    return RecordDecl(
        name, "struct", tuple(members), "python", Codec.NUMPY, module.span(node), (name,) if name else (),
        packed=not align, attributes=("numpy-align",) if align else (),
    )  # fmt: skip


def _dtype_members(node: ast.expr, module: Module) -> Iterator[Member]:
    match node:
        case ast.List(elts=items):
            for item in items:
                match item:
                    case ast.Tuple(elts=[name, type_, *shape]):
                        yield _dtype_member(item, name, type_, shape, module)
                    case _:
                        yield Member("?", Opaque(ast.unparse(item)[:40], "not a literal tuple"), module.span(item))
        case ast.Name(id=name) if name in module.values and not isinstance(module.values[name], ast.Name):
            yield from _dtype_members(module.values[name], module)


def _dtype_member(
    item: ast.expr, name: ast.expr, type_: ast.expr, shape: list[ast.expr], module: Module
) -> Member:
    found = _dtype_scalar(type_, module)
    for dimension in reversed(_shape(shape[0], module)) if shape else ():
        found = Array(found, dimension) if dimension is not None else Opaque("shape", "shape is not constant")
    return Member(module.string(name) or "?", found, module.span(item))


def _shape(node: ast.expr, module: Module) -> list[int | None]:
    if isinstance(node, ast.Tuple):
        return [module.integer(item) for item in node.elts]
    return [module.integer(node)]


def _dtype_scalar(node: ast.expr, module: Module) -> Type:
    dotted = module.resolve(node)
    if dotted.startswith("numpy.") and (found := _NUMPY.get(dotted.removeprefix("numpy."))):
        return _numpy_scalar(found[0], found[1], None, dotted.removeprefix("numpy."))
    text = module.string(node)
    if text is not None:
        if text in _NUMPY:
            return _numpy_scalar(*_NUMPY[text], None, text)
        if match := _DTYPE.match(text):
            order: ByteOrder | None = {"<": "little", ">": "big"}.get(match[1])  # type: ignore[assignment]
            return _numpy_scalar(match[2], int(match[3] or 1), order, text)
    if isinstance(node, ast.Name) and isinstance(value := module.values.get(node.id), ast.Call):
        nested = dtype_record(value, module, node.id)
        if nested is not None:
            return nested
    return Opaque(ast.unparse(node)[:40], "a dtype that is not constant")


def _numpy_scalar(kind: str, size: int, order: ByteOrder | None, name: str) -> Type:
    match kind:
        case "S" | "V":
            return Array(Scalar(("char",), Bits(8), "char", None), size)
        case "f":
            return Scalar((name,), Bits(size * 8), "float", True, None, order)
        case "?" | "b":
            return Scalar((name,), Bits(8), "bool" if kind == "?" else "int", kind == "b", None, order)
        case _:
            return Scalar((name,), Bits(size * 8), "int", kind == "i", None, order)
