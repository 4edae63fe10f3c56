"""BPF307: is a descriptor closed that belongs to somebody else?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import (
    CallExpr,
    Context,
    Expr,
    Finding,
    Name,
    Origin,
    Ownership,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    calls,
    closed_fields,
    origins,
    strip,
)  # fmt: skip
from bpflint_rules._lifetimes import short


class BorrowedFdClosed(Rule):
    """The descriptor of a map, program or link is closed, though the object that lent it closes it as well.

    ## What it does
    Looks for `close(bpf_map__fd(map))`, directly or through a variable, for functions of the project that close the
    descriptor they are given, and for those that put it into a field which is closed somewhere.

    ## Why is this bad
    `bpf_map__fd`, `bpf_program__fd` and `Map.FD()` lend: the object closes the number again. By then it may belong to
    another file, which is closed under its owner's hands.

    ## Example
    ```c
        int fd = bpf_map__fd(map);
        bpf_map_update_elem(fd, &key, &value, 0);
        close(fd);
    ```

    ## Use instead
    ```c
        int fd = fcntl(bpf_map__fd(map), F_DUPFD_CLOEXEC, 3);   // a copy of one's own
        …
        close(fd);
    ```

    ## Known limits
    A variable that is given more than one value is left alone.
    """

    meta = RuleMeta(
        code="BPF307", name="borrowed-fd-closed", summary="a descriptor is closed that belongs to another object",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each call that closes, or takes over, what was only lent."""
        if unit.side != "user" or unit.language not in ("c", "go"):
            return
        owner = ctx.ownership(unit)
        fields = {field for function in unit.functions for field in closed_fields(function, owner)}
        for function in unit.functions:
            known = origins(function)
            for call, op in calls(function):
                for text in _taken(call, owner, known, fields):
                    yield self.finding(call.span or op.span, text, subject=f"{function.name}:{call.callee}")


def _taken(
    call: CallExpr, owner: Ownership, known: Mapping[int, Origin], fields: set[tuple[str, str]]
) -> Iterator[str]:
    """What is said of each argument that was lent."""
    for position, given in enumerate(call.args):
        lender = _lender(given, owner, known)
        if not lender:
            continue
        inner, name = strip(given), short(call.callee)
        if owner.closes_number(call):
            what = f"`{inner.name}` is the descriptor that {lender}()" if isinstance(inner, Name) else f"{lender}()"
            yield f"{what} only lends: its owner closes it"
            continue
        match owner.taken(call, position):
            case "close":
                yield f"{lender}() only lends its descriptor, but {name}() closes it"
            case (type_, field) if (type_, field) in fields:
                place = f"`{type_}.{field}`"
                yield f"{lender}() only lends its descriptor, but {name}() puts it into {place}, which is closed"


def _lender(given: Expr, owner: Ownership, known: Mapping[int, Origin]) -> str:
    """The function that lends what an argument is, "" for anything else."""
    inner = strip(given)
    value = known[inner.decl].only if isinstance(inner, Name) and inner.decl in known else inner
    called = strip(value) if value is not None else None
    return short(called.callee) if isinstance(called, CallExpr) and owner.lends(called) else ""
