"""BPF604: does user space go on as if a map operation had worked?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Aggregate,
    Call,
    CallExpr,
    Confidence,
    Constant,
    Context,
    Expr,
    Finding,
    Function,
    Name,
    Op,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    base_of,
    expressions,
    operations,
    origins,
    strip,
    walk,
)  # fmt: skip

# The verb of each call that can fail, by language: the last part of the callee's name.
_GO = re.compile(
    r"^github\.com/(?:cilium/ebpf\.Map\.(?P<c>Lookup\w*|Put|Update|NextKey\w*|Batch(?:Lookup|Update)\w*)|"
    r"aquasecurity/(?:tracee/)?libbpfgo\.BPFMap\w*\.(?P<b>GetValue\w*|Update\w*))$"
)
_C = re.compile(r"^bpf_map_(?P<c>_?(?:lookup|update)(?:_and_delete)?(?:_elem|_batch)(?:_flags)?)$")
_READS = re.compile(r"[Ll]ookup|GetValue|NextKey")


class UserMapErrorIgnored(Rule):
    """User-space code drops the error of a map lookup or update and goes on.

    ## What it does
    Finds lookups whose error is dropped and whose value is read afterwards, and updates whose error is dropped: in Go
    (cilium/ebpf, libbpfgo), C (libbpf) and Rust (aya, libbpf-rs).

    ## Why is this bad
    A lookup that fails leaves the old bytes in the value: zeros, or what the last round of a loop left there. A struct
    whose size does not match the map makes every call fail, and with the error the only sign of it is dropped: metrics
    stay at zero, a block list stays empty.

    ## Example
    ```go
    _ = flows.Lookup(&key, &stats)
    total += stats.Bytes
    ```

    ## Use instead
    ```go
    if err := flows.Lookup(&key, &stats); err != nil {
        return fmt.Errorf("look up %v: %w", key, err)
    }
    ```

    ## Known limits
    Deletes are silent: that an entry is gone already is the usual error. An error dropped with `_ =`, and in C a lookup
    into a variable that was just set to zero, is info: it may be meant.
    """

    meta = RuleMeta(
        code="BPF604", name="user-map-error-ignored", summary="the error of a map operation in user space is dropped",
        severity=Severity.WARNING, confidence=Confidence.HIGH,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each operation whose error goes nowhere."""
        if unit.side != "user" or unit.language not in ("go", "c", "rust") or unit.path.endswith("_test.go"):
            return
        rust = frozenset(use.span for use in unit.uses if use.op == "update" and unit.language == "rust")
        for function in unit.functions:
            yield from self._function(function, unit, rust)

    def _function(self, function: Function, unit: Unit, rust: frozenset[Span]) -> Iterator[Finding]:
        for number, op in enumerate(operations(function)):
            call = _dropped(op)
            if call is None:
                continue
            verb = _verb(call, unit.language, rust)
            if verb is None:
                continue
            reads = bool(_READS.search(verb))
            returned = _returned(op) if reads else None
            value = returned or _value(call) if reads else None
            if reads and (value is None or not _read_later(value, op, function)):
                continue
            if returned is not None and _tested(returned, function):
                continue  # it is empty after a failure, and that is looked for
            meant = isinstance(op, Call) and op.result is not None and not reads
            meant = meant or (unit.language == "c" and reads and value is not None and _zeroed(value, function))
            after = "nobody learns that the map was not changed"
            if value is not None:
                holds = "is empty" if returned is not None else "holds what it held before"
                after = f"`{value.name}` is read, and after a failure it {holds}"
            yield self.finding(
                op.span, f"the error of {verb}() is dropped: {after}", subject=f"{function.name}:{verb}:{number}",
                severity=Severity.INFO if meant else None,
            )  # fmt: skip


def _dropped(op: Op) -> CallExpr | None:
    """The call of an operation that drops its error: no result, `_`, or `_` as the last of several; Rust's `.ok()`."""
    if not isinstance(op, Call):
        return None
    result: Expr | None = op.result
    if isinstance(result, Aggregate):
        result = result.items[-1][1] if result.items else None
    if result is not None and not (isinstance(result, Name) and result.name == "_"):
        return None
    call = op.call
    inner = strip(call.receiver) if call.callee == "ok" and call.receiver is not None else None
    return inner if isinstance(inner, CallExpr) else call


def _verb(call: CallExpr, language: str, rust: frozenset[Span]) -> str | None:
    if language == "rust":
        return call.callee.rpartition("::")[2] if call.span in rust else None
    found = (_GO if language == "go" else _C).match(call.callee)
    if found is None:
        return None
    return call.callee if language == "c" else call.callee.rpartition(".")[2]


def _returned(op: Op) -> Name | None:
    """The variable that takes the bytes which a call returns beside its error."""
    items = op.result.items if isinstance(op, Call) and isinstance(op.result, Aggregate) else ()
    first = strip(items[0][1]) if len(items) > 1 else None
    return first if isinstance(first, Name) and first.decl else None


def _tested(value: Name, function: Function) -> bool:
    """Whether a condition of the body asks about a variable."""
    tests = (edge.test.value for block in function.blocks for edge in block.edges if edge.test is not None)
    return any(isinstance(item, Name) and item.decl == value.decl for test in tests for item in walk(test))


def _value(call: CallExpr) -> Name | None:
    """The variable that takes the value: the last pointer that is handed over."""
    for arg in reversed(call.args):
        inner = strip(arg)
        if isinstance(inner, Constant):
            continue
        root = base_of(inner) if isinstance(inner, AddressOf) else inner
        return root if isinstance(root, Name) and root.decl else None
    return None


def _read_later(value: Name, op: Op, function: Function) -> bool:
    """Whether a later operation of the body, in order of the source, mentions the variable."""
    return any(
        item.span > op.span and any(isinstance(expr, Name) and expr.decl == value.decl for expr in expressions(item))
        for item in operations(function)
    )


def _zeroed(value: Name, function: Function) -> bool:
    origin = origins(function).get(value.decl)
    first = strip(origin.values[0]) if origin is not None and origin.values else None
    return (isinstance(first, Constant) and first.value == 0) or (isinstance(first, Aggregate) and not first.items)
