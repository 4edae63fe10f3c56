"""BPF303: is a link thrown away where it is made?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Call,
    CallExpr,
    Context,
    Finding,
    Function,
    Name,
    Ownership,
    Return,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    expressions,
    is_dropped,
    operations,
    show,
)  # fmt: skip
from bpflint_rules._lifetimes import short, told_softly


class LinkDropped(Rule):
    """The link that attaches a program is assigned to `_` or not at all.

    ## What it does
    Looks for calls that attach a program and give a link (`link.Kprobe`, `link.AttachTracing`, libbpf-rs' `attach`,
    functions of the project that return such a link) whose result goes nowhere.

    ## Why is this bad
    A program is attached as long as its link is open. In Go the collector closes a link that nobody holds, at some
    time: the program stops being called minutes or hours later, with no error. libbpf-rs detaches at once.

    ## Example
    ```go
        _, err = link.Kprobe("tcp_connect", objs.OnConnect, nil)
    ```

    ## Use instead
    ```go
        t.kprobe, err = link.Kprobe("tcp_connect", objs.OnConnect, nil)   // and t.kprobe.Close() in t's Close
    ```

    ## Known limits
    libbpfgo and aya keep their links themselves, so their results may be dropped; so may those of C, where the link
    stays open until the process ends.
    """

    meta = RuleMeta(
        code="BPF303", name="link-dropped", summary="a link is dropped, and the program with it detached",
        severity=Severity.ERROR, references=("https://pkg.go.dev/github.com/cilium/ebpf/link#Link",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each call whose link has no holder."""
        if unit.side != "user" or (unit.language != "go" and "libbpf-rs" not in unit.sources):
            return
        owner = ctx.ownership(unit)
        own = frozenset(item.name.rpartition("::")[2] for item in unit.functions) if unit.language == "rust" else None
        for function in unit.functions:
            for call in _dropped(function, owner, own):
                resource = owner.opens(call)
                why = resource.collected if resource is not None else ""
                soft = Severity.WARNING if told_softly(function, unit.path) else None
                text = f"the link from {short(call.callee)}() is kept nowhere: {why}"
                if call.span is not None:
                    yield self.finding(call.span, text, subject=f"{function.name}:{call.callee}", severity=soft)


def _dropped(function: Function, owner: Ownership, own: frozenset[str] | None) -> Iterator[CallExpr]:
    for op in operations(function):
        if isinstance(op, Call):
            call = _unwrapped(op.call)
            resource = owner.opens(call)
            gone = resource is not None and (is_dropped(op, resource) or _is_forgotten(op, function))
            kept = own is not None and _keeps_itself(call, own)
            if gone and not kept and resource is not None and resource.kind == "link":
                yield call


def _unwrapped(call: CallExpr) -> CallExpr:
    """Rust: `attach()` of `attach().unwrap()`, `attach().context("…")`."""
    while isinstance(call.receiver, CallExpr) and call.callee in ("unwrap", "expect", "context", "with_context"):
        call = call.receiver
    return call


def _is_forgotten(op: Call, function: Function) -> bool:
    """Rust: the value of `attach()?;` has a name of ours, which only the way out on an error mentions."""
    if not isinstance(op.result, Name) or not op.result.name.startswith("%"):
        return False
    result, others = op.result, [item for item in operations(function) if item is not op]
    failed = next((item for item in others if isinstance(item, Return) and item.value is result), None)
    mentioned = (expr for item in others if item is not failed for expr in expressions(item))
    return not any(isinstance(expr, Name) and expr.decl == result.decl for expr in mentioned)


def _keeps_itself(call: CallExpr, own: frozenset[str]) -> bool:
    """libbpf-rs: a program's method gives a link. A skeleton's `attach` keeps its links, a TC hook has none, and what a
    function of the project or a method of its name does with links, its own body says.
    """
    if call.receiver is None:
        return True
    return (call.callee == "attach" or call.callee in own) and "prog" not in show(call.receiver)
