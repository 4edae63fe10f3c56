"""What do the names of a module mean? Imports resolved, constants folded, places of nodes: the ast with its text."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping

from bpflint.model.errors import FrontEndError
from bpflint.model.source import Span, Text

_STAR = {
    "ctypes": frozenset(
        ("Structure", "Union", "BigEndianStructure", "LittleEndianStructure", "BigEndianUnion", "LittleEndianUnion",
         "POINTER", "cast", "sizeof", "c_bool", "c_byte", "c_ubyte", "c_char", "c_short", "c_ushort", "c_int",
         "c_uint", "c_long", "c_ulong", "c_longlong", "c_ulonglong", "c_int8", "c_uint8", "c_int16", "c_uint16",
         "c_int32", "c_uint32", "c_int64", "c_uint64", "c_size_t", "c_ssize_t", "c_float", "c_double",
         "c_longdouble", "c_void_p", "c_char_p", "c_wchar_p", "c_wchar", "py_object", "string_at", "CFUNCTYPE")
    ),
    "struct": frozenset(("pack", "unpack", "unpack_from", "pack_into", "iter_unpack", "calcsize", "Struct")),
    "bcc": frozenset(("BPF", "USDT")),
    "socket": frozenset(("ntohs", "ntohl", "htons", "htonl", "inet_ntop", "inet_ntoa", "AF_INET", "AF_INET6")),
}  # fmt: skip
_OPERATORS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod, ast.BitOr: operator.or_, ast.BitAnd: operator.and_, ast.BitXor: operator.xor,
}  # fmt: skip
_MOST_BITS = 4096


class Module:
    """One parsed module: its tree, its text and what its names stand for."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.text = Text(data)
        self.tree = _parse(path, data)
        self._imports: dict[str, str] = {}
        self._stars: list[str] = []
        self.values: dict[str, ast.expr] = {}
        """The value of each name that is bound exactly once in the module's own body."""
        self.classes: dict[str, ast.ClassDef] = {}
        self._collect()

    def _collect(self) -> None:
        bound: dict[str, int] = {}
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=names):
                    for item in names:
                        self._imports[item.asname or item.name.split(".")[0]] = (
                            item.name if item.asname else item.name.split(".")[0]
                        )
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    for item in names:
                        if item.name == "*":
                            self._stars.append(module)
                        else:
                            self._imports[item.asname or item.name] = f"{module}.{item.name}"
                case ast.ClassDef(name=name):
                    self.classes.setdefault(name, node)
                case ast.Name(id=name, ctx=ast.Store()):
                    bound[name] = bound.get(name, 0) + 1
        for statement in self.tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if bound.get(name) == 1:
                    self.values[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if bound.get(name) == 1:
                    self.values[name] = value

    def resolve(self, node: ast.expr) -> str:
        """Return the dotted name a node stands for with imports resolved (`ctypes.c_uint`), "" for anything else."""
        for _ in range(8):
            match node:
                case ast.Attribute(value=value, attr=attr):
                    base = self.resolve(value)
                    return f"{base}.{attr}" if base else ""
                case ast.Name(id=name):
                    if name in self._imports:
                        return self._imports[name]
                    if name in self.values and isinstance(self.values[name], ast.Name | ast.Attribute):
                        node = self.values[name]
                        continue
                    star = next((item for item in self._stars if name in _STAR.get(item, ())), None)
                    return f"{star}.{name}" if star else name
                case _:
                    return ""
        return ""

    def imported(self) -> frozenset[str]:
        """Return the first words of every dotted name that an import binds."""
        return frozenset(value.split(".")[0] for value in self._imports.values()) | frozenset(self._stars)

    def integer(self, node: ast.expr, depth: int = 0) -> int | None:
        """Return the value of a constant integer expression, None where it cannot be told."""
        if depth > 32:
            return None
        match node:
            case ast.Constant(value=bool()):
                return None
            case ast.Constant(value=int(value)):
                return value
            case ast.Name(id=name) if name in self.values:
                return self.integer(self.values[name], depth + 1)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.integer(operand, depth + 1)
                return None if inner is None else -inner
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(self.integer(left, depth + 1), op, self.integer(right, depth + 1))
            case _:
                return None

    @staticmethod
    def _binary(one: int | None, op: ast.operator, other: int | None) -> int | None:
        if one is None or other is None:
            return None
        if isinstance(op, ast.LShift):
            return one << other if 0 <= other < _MOST_BITS else None
        if isinstance(op, ast.RShift):
            return one >> other if 0 <= other < _MOST_BITS else None
        if isinstance(op, ast.Pow):
            return one**other if 0 <= other < 256 and abs(one) < 1 << 16 else None
        if isinstance(op, ast.FloorDiv | ast.Mod) and other == 0:
            return None
        function = _OPERATORS.get(type(op))
        return None if function is None else function(one, other)

    def string(self, node: ast.expr) -> str | None:
        """Return a constant string (bytes are decoded as latin-1), None for anything else."""
        match node:
            case ast.Constant(value=str(value)):
                return value
            case ast.Constant(value=bytes(value)):
                return value.decode("latin-1")
            case ast.Name(id=name) if name in self.values:
                return self.string(self.values[name]) if not isinstance(self.values[name], ast.Name) else None
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                one, other = self.string(left), self.string(right)
                return None if one is None or other is None else one + other
            case _:
                return None

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg) -> Span:
        """Return the Span of a node."""
        start = self.text.place_of_byte_column(node.lineno, node.col_offset)
        end = self.text.place_of_byte_column(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return Span(self.path, *start, *end)

    def name_span(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Span:
        """Return the Span of the name after `class` or `def`."""
        line = self.text.line(node.lineno)
        at = line.find(node.name, len(line) - len(line.lstrip()) + 4)
        column = at + 1 if at >= 0 else 1
        return Span(self.path, node.lineno, column, node.lineno, column + len(node.name))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function of the module, methods and nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def _parse(path: str, data: bytes) -> ast.Module:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in the scanned file are not our user's concern here
            return ast.parse(data, filename=path)
    except SyntaxError as error:
        where = f":{error.lineno}" if error.lineno else ""
        raise FrontEndError(f"{path}{where}: {error.msg}; fix the syntax (Python 3 is read)") from error
    except ValueError as error:
        raise FrontEndError(f"{path}: {error}") from error
    except (RecursionError, MemoryError) as error:
        raise FrontEndError(f"{path}: nested too deeply to parse") from error
