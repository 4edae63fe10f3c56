"""BPF306: does a deferred Close wait for the end of the function while a loop opens one more each turn?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Defer, Finding, Held, Rule, RuleMeta, Severity, Unit, comes_back
from bpflint_rules._lifetimes import closer_of, held_by_user, report, short


class DeferInLoop(Rule):
    """A resource is opened in a loop, and closed by `defer` only when the whole function returns.

    ## What it does
    Looks for maps, programs, links and descriptors that a loop opens and whose only closing is a `defer` in that loop.

    ## Why is this bad
    `defer` runs when the function returns, not when the turn ends: a thousand policies keep a thousand descriptors
    open at once, and the process reaches its limit (EMFILE).

    ## Example
    ```go
        for it.Next(&key, &id) {
            inner, err := ebpf.NewMapFromID(id)
            if err != nil {
                return err
            }
            defer inner.Close()
            n += count(inner)
        }
    ```

    ## Use instead
    ```go
            n += count(inner)
            inner.Close()
    ```

    ## Known limits
    A loop over few things, known in advance, does no harm; the rule cannot tell how many there are.
    """

    meta = RuleMeta(
        code="BPF306", name="defer-in-loop", summary="a deferred Close in a loop keeps all its resources open",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report a deferred closing on the way back to the opener."""
        for held in held_by_user(unit, ctx) if unit.language == "go" else ():
            end = next((item for item in held.ends if item.how == "close" and isinstance(item.op, Defer)), None)
            if end is None or not held.local or not comes_back(held.function, held.block) or not _again(held, end.op):
                continue
            message = (
                f"`{held.name}` from {short(held.call.callee)}() is opened in a loop, but this {closer_of(held)} runs "
                "only when the function returns: every turn keeps one more open"
            )
            yield report(self, held, message, end, "closed when the function returns", at=end.span)


def _again(held: Held, deferred: object) -> bool:
    """Whether the loop goes on after the defer: one that returns in the same turn opens only one."""
    number = next(n for n, block in enumerate(held.function.blocks) if any(op is deferred for op in block.ops))
    return comes_back(held.function, number)
