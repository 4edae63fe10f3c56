"""BPF901: is memory read without saying whose it is?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Context,
    Finding,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    facts,
)  # fmt: skip
from bpflint_rules._maps import maps_of
from bpflint_rules._modernise import allows

_NEWER = {
    "bpf_probe_read": "bpf_probe_read_kernel() and bpf_probe_read_user()",
    "bpf_probe_read_str": "bpf_probe_read_kernel_str() and bpf_probe_read_user_str()",
}


class ProbeRead(Rule):
    """Bpf_probe_read() does not say whose memory it reads.

    ## What it does
    Finds `bpf_probe_read()` and `bpf_probe_read_str()` where the helpers for kernel and for user memory exist (5.5).

    ## Why is this bad
    The old helpers guess by the address; where both spaces overlap (s390x) kernels since 5.8 do not offer them.

    ## Example
    ```c
    bpf_probe_read(&pid, sizeof(pid), &task->pid);
    ```

    ## Use instead
    ```c
    bpf_probe_read_kernel(&pid, sizeof(pid), &task->pid);
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough. User memory read so is BPF512's matter.
    """

    meta = RuleMeta(
        code="BPF901", name="probe-read", severity=Severity.INFO,
        summary="bpf_probe_read() does not say whose memory it reads",
        references=("https://git.kernel.org/torvalds/c/6ae08ae3dea2",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each call that is written out."""
        since = facts.helpers()["bpf_probe_read_kernel"].since
        if unit.side != "bpf" or unit.language != "c" or not allows(since, ctx):
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            for number, site in enumerate(maps.sites(function)):
                callee = site.call.callee
                if callee in _NEWER and callee not in maps.functions and not site.call.macro:
                    yield self.finding(
                        site.span, f"{callee}() does not say whose memory it reads: {_NEWER[callee]} do, since 5.5",
                        subject=f"{function.name}:{callee}:{number}",
                    )  # fmt: skip
