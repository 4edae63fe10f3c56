"""BPF301: is a BPF resource opened and never closed?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Held, Rule, RuleMeta, Severity, Unit
from bpflint_rules._close_fix import close_fix
from bpflint_rules._lifetimes import closer_of, held_by_user, leaks, report, runs_once, short, written_over

_ATTACHMENT = "attachment"
"""A descriptor that, closed, would detach the program: left open, it lasts as long as the process."""


class MissingClose(Rule):
    """A map, program, collection, link, reader, skeleton or `BPF()` is opened and closed on no path, or written over.

    ## What it does
    Follows what `ebpf.NewCollection`, `link.Kprobe`, `ringbuf.NewReader`, `load…Objects`, `*__open`, `bpf_obj_get`,
    `ring_buffer__new`, bcc's `BPF()` and functions that return one of these give, through every path of the function.
    It speaks where the value is neither closed, returned, stored nor handed to unknown code, and where another
    resource of its kind is written over it: a field that is assigned twice, a variable of a loop.
    A fix defers the Close of what a Go function keeps to itself.

    ## Why is this bad
    Maps, programs and links stay in the kernel as long as a file descriptor is open: each call leaks memory and
    descriptors, and a program stays attached. What Go's collector closes it closes at any time: a link that nobody
    holds is detached in the middle of the work.

    ## Example
    ```go
    func count(spec *ebpf.CollectionSpec) (uint32, error) {
        coll, err := ebpf.NewCollection(spec)
        if err != nil {
            return 0, err
        }
        var n uint32
        err = coll.Maps["counts"].Lookup(uint32(0), &n)
        return n, err
    }
    ```

    ## Use instead
    ```go
        defer coll.Close()
    ```

    ## Known limits
    A function that takes the resource over, or stores it anywhere, ends the search. In `main`, and in what straight
    calls from `main` alone lead to, the process's end releases everything, so the finding is info there; bcc's module
    is left out of scripts. Rust closes by itself. In C a descriptor that attaches a program may stay open as long as
    the process runs.
    """

    meta = RuleMeta(
        code="BPF301", name="missing-close", summary="a BPF resource is opened and never closed",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report resources that no path of the function closes, and those that another one is written over."""
        for held, left in leaks(unit, ctx, elsewhere=False):
            if held.resource.kind == _ATTACHMENT:
                continue
            function = held.function.name.rpartition("/")[2]
            message = (
                f"`{held.name}` from {short(held.call.callee)}() is never closed: call {closer_of(held)} on every path "
                f"out of `{function}`"
            )
            once = runs_once(held.function, unit, ctx)
            fixes = close_fix(held, ctx.ownership(unit)) if _stays(held) else []
            yield report(self, held, message, left, "and the function is left with it open", once=once, fixes=fixes)
        yield from self._lost(unit, ctx)

    def _lost(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        for held in held_by_user(unit, ctx):
            lost = written_over(held, unit, ctx)
            if lost is None or held.resource.kind == _ATTACHMENT:
                continue
            where = "the next turn of the loop" if lost.span == held.opened else f"line {lost.span.line}"
            message = (
                f"`{held.name}` from {short(held.call.callee)}() is still open when {where} writes another "
                f"{held.resource.kind} over it: call {closer_of(held)} first, or keep it elsewhere"
            )
            yield report(self, held, message, lost, "another one is written over it")


def _stays(held: Held) -> bool:
    """Whether the function alone has the resource on every path."""
    return all(end.how in ("left", "exit") for end in held.ends)
