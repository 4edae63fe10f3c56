"""BPF210: is the data of an LPM trie key a number in the machine's byte order?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Context,
    Expr,
    Finding,
    Function,
    Pair,
    RecordDecl,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    expressions,
    operations,
    strip,
)  # fmt: skip

_BIG = "encoding/binary.BigEndian"
_READS = ("Uint16", "Uint32", "Uint64")


class LpmKeyOrder(Rule):
    """User space fills the key of an LPM trie with an address that it turned into a number of its own byte order.

    ## What it does
    Follows Go values into keys of BPF_MAP_TYPE_LPM_TRIE: `binary.BigEndian.Uint32(ip)` is the address as a number, and
    storing that number puts its bytes in reverse on every little-endian machine.

    ## Why is this bad
    The trie compares bits from the first byte on. With 10.0.0.1 stored as 1.0.0.10, a /8 prefix matches by the last
    octet: lookups of whole addresses may work, prefixes never do.

    ## Example
    ```go
    key := lpmKey{PrefixLen: 8, Addr: binary.BigEndian.Uint32(ip.To4())}
    ```

    ## Use instead
    Keep the bytes as they are:
    ```go
    key := lpmKey{PrefixLen: 8, Addr: [4]byte(ip.To4())}
    key := lpmKey{PrefixLen: 8, Addr: binary.NativeEndian.Uint32(ip.To4())}
    ```

    ## Known limits
    Only conversions in the same statement as the store are seen.
    """

    meta = RuleMeta(
        code="BPF210", name="lpm-key-order", summary="the data of an LPM trie key is in host byte order",
        severity=Severity.WARNING, cross_file=True,
        references=("https://docs.kernel.org/bpf/map_lpm_trie.html",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at every store into a record that is the key of a trie."""
        keys: dict[int, Pair] = {}
        for pair in ctx.project.pairs:
            if pair.map_kind == "lpm_trie" and pair.role == "key" and isinstance(pair.user.type, RecordDecl):
                keys.setdefault(id(pair.user.type), pair)
        names = {pair.user.name for pair in keys.values()}
        if not names:
            return
        for unit in ctx.project.user_units():
            if unit.language == "go":
                for function in unit.functions:
                    yield from self._function(function, unit, keys, names)

    def _function(
        self, function: Function, unit: Unit, keys: dict[int, Pair], names: set[str]
    ) -> Iterator[Finding]:
        by_name = {pair.user.name: pair for pair in keys.values()}
        for field, value, name in _stores(function):
            if name not in names or not _is_big(value):
                continue
            span = value.span or function.span
            yield self.finding(
                span,
                f"`{field}` of a key of LPM trie `{by_name[name].map}` takes a number: on little-endian machines its "
                "bytes stand in reverse, and prefixes match from the wrong end",
                subject=f"{function.name}:{name}.{field}", targets=("x86_64", "arm64"),
            )  # fmt: skip


def _stores(function: Function) -> Iterator[tuple[str, Expr, str]]:
    """(field, value, record) of every member that a composite literal or an assignment sets."""
    for op in operations(function):
        for expr in expressions(op):
            if isinstance(expr, Aggregate) and isinstance(expr.type, RecordDecl):
                for field, value in expr.items:
                    yield field, value, expr.type.name
        match op:
            case Assign(target=Select(field=field, owner=owner), value=value) if owner:
                yield field, value, owner.rpartition(".")[2]
            case Call(call=call, result=Select(field=field, owner=owner)) if owner:
                yield field, call, owner.rpartition(".")[2]


def _is_big(value: Expr) -> bool:
    inner = strip(value)
    if not isinstance(inner, CallExpr) or inner.callee.rpartition(".")[2] not in _READS:
        return False
    receiver = inner.receiver
    return inner.callee.startswith(_BIG) or getattr(receiver, "name", "") == _BIG
