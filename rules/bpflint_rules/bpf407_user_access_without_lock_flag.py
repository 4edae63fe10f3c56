"""BPF407: does user space touch a value with a BPF spin lock without asking for the lock?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Constant, Context, Finding, MapDef, Related, Rule, RuleMeta, Severity, Unit, strip
from bpflint_rules._links import maps_met
from bpflint_rules._sharing import Touch, lock_member, touches
from bpflint_rules._user_maps import UserCall, user_calls

_F_LOCK = 4  # BPF_F_LOCK, include/uapi/linux/bpf.h


class UserAccessWithoutLockFlag(Rule):
    """User space reads or writes a map value that programs change under a `bpf_spin_lock`, without BPF_F_LOCK.

    ## What it does
    Finds lookups and updates in Go and C of maps whose value has a `struct bpf_spin_lock` that some program takes,
    where the call does not pass BPF_F_LOCK (`ebpf.LookupLock`, `ebpf.UpdateLock`).

    ## Why is this bad
    Without the flag the kernel copies the value byte by byte while a program is in the middle of its change: user space
    reads half of an old value and half of a new one, or writes over a change under way.

    ## Example
    ```go
    err := buckets.Lookup(&key, &bucket)
    ```

    ## Use instead
    ```go
    err := buckets.LookupWithFlags(&key, &bucket, ebpf.LookupLock)
    ```

    ## Known limits
    Both sides must be seen. Iterators and batches, which have no such flag in most libraries, are silent. BPF_F_LOCK
    needs Linux 5.1.
    """

    meta = RuleMeta(
        code="BPF407", name="user-access-without-lock-flag", summary="a locked value is touched without BPF_F_LOCK",
        severity=Severity.WARNING, cross_file=True,
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each such call."""
        units = tuple(ctx.project.bpf_units())
        locked = any(lock_member(map_) for unit in units for map_ in unit.maps)
        guarded = {
            touch.map.span: touch for unit in (units if locked else ()) for touch in touches(unit, ctx)
            if touch.locked and touch.map is not None and lock_member(touch.map)
        }  # fmt: skip
        for unit in ctx.project.user_units() if guarded else ():
            known = maps_met(unit, ctx)
            for call in user_calls(unit):
                map_ = known.get(call.map)
                if map_ is not None and map_.span in guarded and not _asks(call):
                    yield self._report(call, guarded[map_.span], map_, unit)

    def _report(self, call: UserCall, touch: Touch, map_: MapDef, unit: Unit) -> Finding:
        flag = f"ebpf.{call.op.title()}Lock" if unit.language == "go" else "BPF_F_LOCK"
        how = "read" if call.op == "lookup" else "written"
        return self.finding(
            call.span,
            f"a value of `{call.map}` is {how} without its lock `{lock_member(map_)}`, which `{touch.function.name}` "
            f"holds while it changes `{touch.path}`: pass {flag}",
            subject=f"{call.function.name}:{call.map}:{call.order}",
            related=[Related(touch.span, "guarded", "changed here under the lock")],
        )  # fmt: skip


def _asks(call: UserCall) -> bool:
    """Whether the call passes the flag, or flags that nobody can fold."""
    flags = strip(call.flags) if call.flags is not None else None
    if flags is None:
        return False
    return not isinstance(flags, Constant) or not isinstance(flags.value, int) or bool(flags.value & _F_LOCK)

