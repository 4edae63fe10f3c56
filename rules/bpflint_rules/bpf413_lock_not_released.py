"""BPF413: does a path leave the function with a lock held?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Binary,
    Body,
    Call,
    Context,
    Finding,
    Held,
    Op,
    Ownership,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    Watch,
    calls,
    follow,
    opened_place,
    place_of,
    strip,
)  # fmt: skip
from bpflint_rules._lifetimes import report


class LockNotReleased(Rule):
    """A lock is taken and, on one path out of the function, not given back.

    ## What it does
    Follows `sync.Mutex` and `sync.RWMutex`, `pthread_mutex_lock` and `bpf_spin_lock` from the lock to every way out of
    the function, where some path unlocks: the one that does not is shown. Deferred unlocks and those of helper
    functions count.

    ## Why is this bad
    The next one that wants the lock waits for ever. The verifier rejects a BPF program that does it.

    ## Example
    ```go
        m.mu.Lock()
        if err := m.check(); err != nil {
            return err                    // m.mu stays locked
        }
        m.mu.Unlock()
    ```

    ## Use instead
    ```go
        m.mu.Lock()
        defer m.mu.Unlock()
    ```

    ## Known limits
    A function that unlocks on no path is meant to return with the lock held, so nothing is said of it; nor of one that
    gives the lock back, at once or deferred, before it takes it: it is entered with the lock held, or leaves without;
    nor of a lock in an object that the function compares with another one, whose lock may be the same, and in C nor of
    one that all callers give back.
    """

    meta = RuleMeta(
        code="BPF413", name="lock-not-released", summary="a path leaves the function with the lock held",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report locks that one path gives back and another does not."""
        for held in ctx.held(unit):
            left = held.end("left")
            if not held.resource.guard or left is None or held.end("close") is None:
                continue
            if _given_back_before(held, ctx.ownership(unit)) or _compared(held) or _callers_unlock(held, unit):
                continue
            message = (
                f"`{held.name}` is still locked on the path that leaves at line {left.span.line}; other paths call "
                f"{held.resource.close}"
            )
            yield report(self, held, message, left, "and the function is left with it locked")


def _callers_unlock(held: Held, unit: Unit) -> bool:
    """Whether all who call a C function, or who call those, give back a lock that they do not take themselves."""
    taken, given = set(held.resource.opens), set(held.resource.closes)
    made = {item.name: {call.callee for call, _ in calls(item)} for item in unit.functions}
    waiting, seen = [held.function.name], set[str]()
    while waiting and unit.language == "c":
        name = waiting.pop()
        seen.add(name)
        callers = {caller for caller, names in made.items() if name in names}
        if not callers or any(made[caller] & taken for caller in callers):
            return False
        waiting += (caller for caller in callers - seen if not made[caller] & given)
    return unit.language == "c"


def _compared(held: Held) -> bool:
    """Whether the object of the lock is compared with another one, which then may stand for it."""
    tests = (edge.test.value for block in held.function.blocks for edge in block.edges if edge.test is not None)
    for test in map(strip, tests):
        if isinstance(test, Binary) and test.op in ("==", "!="):
            sides = [place_of(test.left), place_of(test.right)]
            if held.place[:-1] in sides and None not in sides:
                return True
    return False


def _given_back_before(held: Held, owner: Ownership) -> bool:
    """Whether a path unlocks, or defers it, before it locks: `defer mu.Unlock()` stands first, or a caller locked."""
    watch = Watch(owner, held.function, held.place, held.resource)

    def step(op: Op) -> str | None:
        opened = owner.opens(op.call) if isinstance(op, Call) else None
        if isinstance(op, Call) and opened == held.resource and opened_place(op, held.resource) == held.place:
            return "open"
        return watch.event(op)

    return any(item.how == "close" for item in follow(Body(held.function), 0, 0, step))
