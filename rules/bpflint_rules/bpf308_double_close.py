"""BPF308: is a resource closed twice?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Unit
from bpflint_rules._lifetimes import after_close, report, short


class DoubleClose(Rule):
    """A descriptor, object or buffer is closed again on a path on which it was closed before.

    ## What it does
    Follows each resource that a function opens beyond its Close, until something new is written over it, and looks for
    a second one. Deferred calls and cleanup labels count.

    ## Why is this bad
    In C the second `*__destroy` frees memory twice. The second `close` of a descriptor closes whatever file got its
    number in between: a socket of another thread, another map.

    ## Example
    ```c
        close(fd);
        if (err)
            goto out;
        return 0;
    out:
        close(fd);
    ```

    ## Use instead
    ```c
        close(fd);
        fd = -1;
        …
    out:
        if (fd >= 0)
            close(fd);
    ```

    ## Known limits
    cilium/ebpf's Close does nothing the second time, so Go is looked at for plain descriptors only.
    """

    meta = RuleMeta(
        code="BPF308", name="double-close", summary="a resource is closed twice", severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the second closing of what must be closed once."""
        for held, close, end in after_close(unit, ctx, used=False):
            if held.resource.double:
                message = f"`{held.name}` from {short(held.call.callee)}() was closed at line {close.span.line} already"
                yield report(self, held, message, end, "and closed again", at=end.span)
