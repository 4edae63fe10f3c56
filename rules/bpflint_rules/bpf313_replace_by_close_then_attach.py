"""BPF313: is a program replaced by detaching the old one first?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from bpflint.api import (
    Body,
    Call,
    CallExpr,
    Context,
    Defer,
    Expr,
    Finding,
    Function,
    Go,
    Op,
    Ownership,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    expressions,
    follow,
    opened_place,
    place_of,
    show,
)  # fmt: skip

_CLOSES = re.compile(r"^github\.com/cilium/ebpf/link\.\w+\.Close$")
# Those whose links the kernel lets swap the program of: link/link.go, RawLink.UpdateArgs; net/core/dev.c, kernel/bpf.
_UPDATES = re.compile(r"^github\.com/cilium/ebpf/link\.Attach(?:XDP|Cgroup|NetNs|TCX|Netkit)$")


class ReplaceByCloseThenAttach(Rule):
    """A link is closed and another one attached in its place: in between nothing is attached.

    ## What it does
    Looks for a link in a field that is closed, and then written anew by `AttachXDP`, `AttachCgroup`, `AttachNetNs`,
    `AttachTCX` or `AttachNetkit` in the same function.

    ## Why is this bad
    Packets that arrive in the gap pass a firewall that is not there, or miss the counter. Where the second call fails,
    the gap stays.

    ## Example
    ```go
        f.link.Close()
        f.link, err = link.AttachXDP(link.XDPOptions{Program: next, Interface: f.index})
    ```

    ## Use instead
    ```go
        err = f.link.Update(next)     // swaps the program at once
    ```

    ## Known limits
    Kernels before 5.9 have no XDP links to update. A second link on another interface looks the same to the rule.
    """

    meta = RuleMeta(
        code="BPF313", name="replace-by-close-then-attach", summary="between Close and Attach nothing is attached",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the attach behind each Close of the same field."""
        owner = ctx.ownership(unit)
        for function in unit.functions if unit.language == "go" else ():
            for number, index, call in _closings(function):
                step = partial(_attached, owner, call.receiver)
                for end in follow(Body(function), number, index + 1, step):
                    if end.how == "attach" and call.receiver is not None and call.span is not None:
                        name = show(call.receiver).replace("->", ".")
                        gap = f"`{name}` was closed at line {call.span.line}, and until here nothing is attached"
                        text = f"{gap}: `{name}.Update` swaps the program at once"
                        yield self.finding(end.span, text, subject=f"{function.name}:{name}")


def _closings(function: Function) -> Iterator[tuple[int, int, CallExpr]]:
    """Where a link in a field is closed: block, index, call."""
    for number, block in enumerate(function.blocks):
        for index, op in enumerate(block.ops):
            if isinstance(op, Defer | Go):
                continue
            for call in (item for item in expressions(op) if isinstance(item, CallExpr)):
                if _CLOSES.match(call.callee) and isinstance(call.receiver, Select):
                    yield number, index, call


def _attached(owner: Ownership, closed: Expr | None, op: Op) -> str | None:
    """`attach` where another program is attached into the place of a closed link, `other` where it is filled else."""
    resource = owner.opens(op.call) if isinstance(op, Call) else None
    if not isinstance(op, Call) or closed is None or resource is None or opened_place(op, resource) != place_of(closed):
        return None
    return "attach" if _UPDATES.match(op.call.callee) else "other"
