"""BPF903: does a program attach to a kernel function by a kprobe?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Context,
    Finding,
    Rule,
    RuleMeta,
    Severity,
    Unit,
)  # fmt: skip
from bpflint_rules._modernise import allows_gate

_INSTEAD = {"kprobe": "fentry", "kretprobe": "fexit"}


class UnstableAttachPoint(Rule):
    """A kprobe attaches to a function that may be gone, renamed or inlined.

    ## What it does
    Finds kprobe and kretprobe programs whose section names a kernel function, where fentry exists for every target.

    ## Why is this bad
    A kernel function is no interface. A kprobe reads its arguments from registers by position, whatever they are now;
    fentry and fexit take them by the kernel's own types, and fail at load where these changed. They are faster, too.

    ## Example
    ```c
    SEC("kprobe/tcp_connect")
    int BPF_KPROBE(on_connect, struct sock *sk)
    ```

    ## Use instead
    ```c
    SEC("fentry/tcp_connect")
    int BPF_PROG(on_connect, struct sock *sk)
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough. A tracepoint, where there is one, is
    better still.
    """

    meta = RuleMeta(
        code="BPF903", name="unstable-attach-point", severity=Severity.INFO,
        summary="a kprobe attaches to a function that may be gone, renamed or inlined",
        references=("https://docs.kernel.org/bpf/libbpf/program_types.html",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each kprobe of a named function."""
        if unit.side != "bpf" or unit.language != "c" or unit.dialect == "bcc" or not allows_gate("fentry", ctx):
            return
        for program in unit.programs:
            kind, _, target = program.section.removeprefix("?").partition("/")
            if kind in _INSTEAD and target and "*" not in target and "+" not in target:
                yield self.finding(
                    program.span, f"`{target}` is no stable interface: a tracepoint is, and `{_INSTEAD[kind]}/{target}`"
                    " checks its arguments at load",
                    subject=program.name,
                )  # fmt: skip
