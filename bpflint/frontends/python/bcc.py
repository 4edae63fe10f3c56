"""Which maps and programs does a Python file touch, and with which types? bcc's tables, callbacks and decodes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Literal

from bpflint.frontends.python.ctypes_types import CTypes
from bpflint.frontends.python.formats import dtype_record, format_record
from bpflint.frontends.python.fragments import is_bpf
from bpflint.frontends.python.module import Module
from bpflint.model.layout import Codec, Opaque, RecordDecl, Type
from bpflint.model.unit import Link, Reference, Role, Use

_READERS = ("open_perf_buffer", "open_ring_buffer")


class Bcc:
    """What one module does with bcc objects."""

    def __init__(self, module: Module, types: CTypes) -> None:
        self._module = module
        self._types = types
        self._unnamed = set[str]()
        self._objects = self._bpf_objects()
        self._tables = self._table_variables()
        self._callbacks = dict(self._find_callbacks())
        self._texts = [
            node.value
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]

    def _bpf_objects(self) -> set[str]:
        """The variables and attributes that hold a BPF object; those of a file that is not known are noted as such."""
        found: set[str] = set()
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Assign(targets=targets, value=ast.Call() as call):
                    pass
                case ast.withitem(context_expr=ast.Call() as call, optional_vars=ast.expr() as target):
                    targets = [target]
                case _:
                    continue
            if is_bpf(self._module, call):
                names = {ast.unparse(target) for target in targets}
                found |= names
                self._unnamed |= names if self._is_unnamed(call) else set()
        return found

    def _is_unnamed(self, call: ast.Call) -> bool:
        """Whether an object is made from a file whose name the text does not tell, by bcc or by `open(path).read()`."""
        given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "src_file")]
        for word in call.keywords:
            match word.value:
                case ast.Call(func=ast.Attribute(value=ast.Call(args=[path, *_]), attr="read" | "read_text")) if (
                    word.arg == "text"
                ):
                    given.append(path)
        return any(self._module.string(item) is None for item in given)

    def _table_variables(self) -> dict[str, str]:
        """Variables that hold one table for the whole module."""
        found: dict[str, str] = {}
        twice: set[str] = set()
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if (table := self._table(value)):
                    if found.get(name, table) != table:
                        twice.add(name)
                    found[name] = table
        return {name: table for name, table in found.items() if name not in twice}

    def _table(self, node: ast.expr) -> str:
        """The map name of `b["m"]`, `b.get_table("m")` or a variable that holds it, "" for anything else."""
        match node:
            case ast.Subscript(value=value, slice=index) if ast.unparse(value) in self._objects:
                return self._module.string(index) or ""
            case ast.Call(func=ast.Attribute(value=value, attr="get_table"), args=[name, *_]):
                return (self._module.string(name) or "") if ast.unparse(value) in self._objects else ""
            case ast.Name(id=name) if hasattr(self, "_tables"):
                return self._tables.get(name, "")
        return ""

    def _find_callbacks(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr=attr), args=[callback, *_]) if attr in _READERS:
                    table = self._table(value)
                    name = ast.unparse(callback).rsplit(".", 1)[-1]
                    if table and isinstance(callback, ast.Name | ast.Attribute):
                        yield name, table

    # -- uses ------------------------------------------------------------------------------------------------

    def uses(self) -> Iterator[Use]:
        """Yield every use of a map with a type that the file itself declares."""
        for function in self._module.functions():
            table = self._callbacks.get(function.name)
            if table:
                yield from self._decodes(function, table)
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Subscript(value=value, slice=index) if table := self._table(value):
                    yield from self._typed(table, "key", "lookup", index)
                case ast.Assign(targets=[ast.Subscript(value=base)], value=value) if table := self._table(base):
                    yield from self._typed(table, "value", "update", value)
                case ast.Call(func=ast.Attribute(attr="get_table"), args=[_, key, leaf]) if (
                    table := self._table(node)
                ):
                    yield self._use(table, "key", "lookup", self._types.type(key), key, Codec.CTYPES)
                    yield self._use(table, "value", "lookup", self._types.type(leaf), leaf, Codec.CTYPES)

    def _typed(self, table: str, role: Role, op: str, node: ast.expr) -> Iterator[Use]:
        """`m[c_uint(1)]`, `m[Key(…)]`: the constructor names the type."""
        if isinstance(node, ast.Call):
            type_ = self._constructed(node)
            if type_ is not None:
                yield self._use(table, role, op, type_, node, Codec.CTYPES)

    def _constructed(self, node: ast.Call) -> Type | None:
        dotted = self._module.resolve(node.func)
        if not dotted.startswith("ctypes.") and self._types.record(dotted) is None:
            return None
        found = self._types.type(node.func)
        return None if isinstance(found, Opaque) else found

    def _decodes(self, function: ast.FunctionDef | ast.AsyncFunctionDef, table: str) -> Iterator[Use]:
        names = {item.arg for item in function.args.args}
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not _mentions(node, names):
                continue
            found = self._decoded(node)
            if found is not None:
                type_, codec = found
                yield self._use(table, "event", "decode", type_, node, codec, function.name)

    def _decoded(self, node: ast.Call) -> tuple[Type, Codec] | None:
        dotted = self._module.resolve(node.func)
        match node:
            case ast.Call(args=[_, ast.Call(func=maker, args=[pointee])]) if (
                dotted == "ctypes.cast" and self._module.resolve(maker) == "ctypes.POINTER"
            ):
                return self._types.type(pointee), Codec.CTYPES
            case ast.Call(func=ast.Attribute(value=cls, attr="from_buffer_copy" | "from_buffer" | "from_address")):
                found = self._types.type(cls)
                return None if isinstance(found, Opaque) else (found, Codec.CTYPES)
        if dotted.endswith("frombuffer") and dotted.startswith("numpy"):
            return self._from_numpy(node)
        return self._unpacked(node, dotted)

    def _unpacked(self, node: ast.Call, dotted: str) -> tuple[Type, Codec] | None:
        if dotted in ("struct.unpack", "struct.unpack_from", "struct.iter_unpack") and node.args:
            text = self._module.string(node.args[0])
            if text is not None:
                return self._format(text, node.args[0], prefix=dotted == "struct.unpack_from")
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("unpack", "unpack_from"):
            made = node.func.value
            if isinstance(made, ast.Name):
                made = self._module.values.get(made.id, made)
            if isinstance(made, ast.Call) and self._module.resolve(made.func) == "struct.Struct" and made.args:
                text = self._module.string(made.args[0])
                if text is not None:
                    return self._format(text, made.args[0], prefix=node.func.attr == "unpack_from")
        return None

    def _format(self, text: str, node: ast.expr, *, prefix: bool) -> tuple[Type, Codec]:
        found = format_record(text, self._module.span(node))
        if isinstance(found, RecordDecl) and prefix:
            from dataclasses import replace

            found = replace(found, attributes=(*found.attributes, "prefix"))
        return found, Codec.STRUCT

    def _from_numpy(self, node: ast.Call) -> tuple[Type, Codec] | None:
        dtype = next((word.value for word in node.keywords if word.arg == "dtype"), None)
        dtype = dtype if dtype is not None else node.args[1] if len(node.args) > 1 else None
        if isinstance(dtype, ast.Name):
            value = self._module.values.get(dtype.id)
            if isinstance(value, ast.Call):
                found = dtype_record(value, self._module, dtype.id)
                return (found, Codec.NUMPY) if found is not None else None
        return None

    def _use(
        self, table: str, role: Role, op: str, type_: Type, node: ast.expr, codec: Codec, function: str = ""
    ) -> Use:
        return Use(table, role, op, type_, self._module.span(node), codec, function, expression=ast.unparse(node)[:80])

    # -- names -----------------------------------------------------------------------------------------------

    def references(self) -> Iterator[Reference]:
        """Yield every map and program that the file names by a constant string.

        A name that the C text holds somewhere is left out: a branch that was not chosen may define it.
        """
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Subscript(value=value, slice=index) if ast.unparse(value) in self._objects:
                    yield from self._reference("map", index, value)
                case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args, keywords=words):
                    if ast.unparse(value) not in self._objects:
                        continue
                    if attr == "get_table" and args:
                        yield from self._reference("map", args[0], value)
                    if attr == "load_func" and args:
                        yield from self._reference("program", args[0], value)
                    for word in words:
                        if word.arg in ("fn_name", "fn") and attr.startswith("attach_"):
                            yield from self._reference("program", word.value, value)

    def _reference(self, kind: Literal["map", "program"], node: ast.expr, of: ast.expr) -> Iterator[Reference]:
        name = self._module.string(node)
        if name and not self._in_text(name):
            loader = None if ast.unparse(of) in self._unnamed else ""
            yield Reference(kind, name, self._module.span(node), loader)

    def _in_text(self, name: str) -> bool:
        word = re.compile(rf"\b{re.escape(name)}\b")
        return any(len(text) > len(name) and word.search(text) for text in self._texts)

    def links(self) -> Iterator[Link]:
        """Yield the C sources that BPF objects of this file load by name."""
        for node in ast.walk(self._module.tree):
            if not isinstance(node, ast.Call) or not is_bpf(self._module, node):
                continue
            named = [word.value for word in node.keywords if word.arg == "src_file"] + node.args[:1]
            for value in named:
                text = self._module.string(value)
                if text and text.endswith(".c"):
                    yield Link("source", text, self._module.span(value))
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Call(func=ast.Name(id="open"), args=[value, *_]):
                    text = self._module.string(value)
                    if text and text.endswith(".c"):
                        yield Link("source", text, self._module.span(value))


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(item, ast.Name) and item.id in names for item in ast.walk(node))
