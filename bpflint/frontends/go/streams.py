"""Where in an event does a sequential read stand? `binary.Read` after `binary.Read` on one reader, also in a helper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bpflint.analysis.abi import abi
from bpflint.analysis.layout import size_of_type
from bpflint.analysis.walk import Origin, expressions, strip
from bpflint.frontends.go.provenance import Provenance
from bpflint.frontends.go.walked import Walks
from bpflint.model.flow import (
    AddressOf,
    Assign,
    Call,
    CallExpr,
    Constant,
    Expr,
    Function,
    Index,
    Name,
    Op,
    SizeOf,
)  # fmt: skip
from bpflint.model.layout import Array, Bits, Codec, Member, Pointer, RecordDecl, Scalar, Type

_READ = "encoding/binary.Read"
_DEEPEST = 3
_BYTE = Scalar(("byte",), Bits(8))


class Streams:
    """Byte offsets of every `binary.Read` of a package, by the call's identity; None: several or unknown."""

    def __init__(self, walks: Walks, provenance: Provenance) -> None:
        self._by_name = {item.name: item for item in walks.functions}
        self._provenance = provenance
        self._origins = {item.name: walks.of(item).origins for item in walks.functions}
        self._found: dict[int, set[int | None]] = {}
        for function in walks.functions:
            for decl in sorted(set(_opened(function, provenance))):
                self._walk(function, decl, 0, 0)

    def offset(self, call: CallExpr, function: Function) -> int | None:
        """Return how many bytes lie before what a `binary.Read` reads, 0 for one that no opening reaches."""
        source = strip(call.args[0]) if call.args else None
        if isinstance(source, CallExpr) or call.callee != _READ:
            return None if source is None else sample_offset(source, self._origins[function.name])
        found = self._found.get(id(call), {0})
        return next(iter(found)) if len(found) == 1 else None

    def _walk(self, function: Function, decl: int, start: int | None, depth: int) -> None:
        """Follow one reader through a body: each block is entered with the offset of its predecessors, or None."""
        entered: dict[int, int | None] = {0: start}
        waiting = [0]
        steps = 0
        while waiting:
            number = waiting.pop()
            steps += 1
            if steps > 4 * len(function.blocks) + 64:
                return
            at = self._through(function.blocks[number].ops, entered[number], function, decl, depth)
            for edge in function.blocks[number].edges:
                if edge.to not in entered:
                    entered[edge.to] = at
                    waiting.append(edge.to)
                elif entered[edge.to] not in (at, None):
                    entered[edge.to] = None
                    waiting.append(edge.to)

    def _through(
        self, ops: Sequence[Op], at: int | None, function: Function, decl: int, depth: int
    ) -> int | None:
        for op in ops:
            opening = _opens(op, decl, self._provenance, function)
            if opening is not None:
                at = sample_offset(opening.args[0], self._origins[function.name]) if opening.args else None
                continue
            for call in (item for item in expressions(op) if isinstance(item, CallExpr)):
                if call.callee == _READ and call.args and _is(call.args[0], decl):
                    self._found.setdefault(id(call), set()).add(at)
                    size = _size(call.args[2]) if len(call.args) > 2 else None
                    at = None if at is None or size is None else at + size
                elif _moves(call, decl):
                    self._helper(call, function, decl, at, depth)
                    at = None
        return at

    def _helper(self, call: CallExpr, function: Function, decl: int, at: int | None, depth: int) -> None:
        target = self._by_name.get(call.callee)
        if target is None or depth >= _DEEPEST:
            return
        given = call.args if call.receiver is None or not target.method_of else (call.receiver, *call.args)
        for param, value in zip(target.params, given, strict=False):
            if _is(value, decl):
                self._walk(target, param.decl, at, depth + 1)


def shifted(type_: Type, offset: int) -> Type:
    """Return a type as it lies behind `offset` bytes of the same event; the bytes before it are named padding."""
    if not offset or not isinstance(type_, RecordDecl):
        return type_
    members = (Member("_", Array(_BYTE, offset)), Member("", type_, type_.span, offset=Bits(offset * 8)))
    return replace(type_, members=members, attributes=(*type_.attributes, "shifted"))


def _opened(function: Function, provenance: Provenance) -> Iterator[int]:
    for block in function.blocks:
        for op in block.ops:
            target = op.result if isinstance(op, Call) else op.target if isinstance(op, Assign) else None
            if isinstance(target, Name) and target.decl and _opens(op, target.decl, provenance, function) is not None:
                yield target.decl


def sample_offset(expr: Expr, names: Mapping[int, Origin], depth: int = 0) -> int | None:
    """Return how many bytes of an event lie before an expression that stands for its rest; None: nobody knows."""
    inner = strip(expr)
    match inner:
        case CallExpr(callee="slice", args=(base, low, *_)):
            before, start = sample_offset(base, names, depth), _constant(low)
            return None if before is None or start is None else before + start
        case AddressOf(place=Index(base=base, index=index)):
            before, start = sample_offset(base, names, depth), _constant(index)
            return None if before is None or start is None else before + start
        case CallExpr(callee="unsafe.SliceData" | "bytes.NewReader" | "bytes.NewBuffer", args=(base, *_)):
            return sample_offset(base, names, depth)
        case Name(decl=decl) if decl and decl in names:
            origin = names[decl]
            if len(origin.values) > 1 or origin.updated:
                return None if any(isinstance(strip(item), CallExpr) for item in origin.values) else 0
            only = strip(origin.values[0])
            sliced = isinstance(only, CallExpr) and only.callee == "slice"
            return sample_offset(only, names, depth + 1) if sliced and depth < 8 else 0
    return 0


def _constant(expr: Expr) -> int | None:
    inner = strip(expr)
    if isinstance(inner, SizeOf) and inner.operand is not None:
        sizes = {size_of_type(inner.operand, abi(name), Codec.GO) for name in ("x86_64", "arm64")}
        size = next(iter(sizes))
        return size // 8 if len(sizes) == 1 and size is not None else None
    return inner.value if isinstance(inner, Constant) and isinstance(inner.value, int) else None


def _moves(call: CallExpr, decl: int) -> bool:
    """Whether a call may read from the stream."""
    if any(_is(item, decl) for item in call.args):
        return True
    return call.receiver is not None and _is(call.receiver, decl) and not call.callee.endswith((".Len", ".Bytes"))


def _opens(op: Op, decl: int, provenance: Provenance, function: Function) -> CallExpr | None:
    """The call that makes a reader of an event's bytes and stores it in the variable."""
    made: Expr | None = None
    match op:
        case Call(call=call, result=Name(decl=found)) if found == decl:
            made = call
        case Assign(target=Name(decl=found), value=value) if found == decl:
            made = strip(value)
    if not isinstance(made, CallExpr):
        return None
    return made if any(item.kind == "stream" for item in provenance.of(made, function.name)) else None


def _is(expr: Expr, decl: int) -> bool:
    inner = strip(expr)
    inner = strip(inner.place) if isinstance(inner, AddressOf) else inner
    return isinstance(inner, Name) and inner.decl == decl


def _size(expr: Expr) -> int | None:
    """The bytes that `binary.Read` takes for its third argument: packed, the same on every target or unknown."""
    type_ = expr.type
    if isinstance(type_, Pointer):
        type_ = type_.pointee
    if isinstance(expr, AddressOf):
        type_ = expr.place.type
    if type_ is None or (isinstance(type_, Array) and type_.length is None):
        return None
    sizes = {size_of_type(type_, abi(name), Codec.GO_PACKED) for name in ("x86_64", "arm")}
    size = next(iter(sizes))
    return None if len(sizes) > 1 or size is None else size // 8
