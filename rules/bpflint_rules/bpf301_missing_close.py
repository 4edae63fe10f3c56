"""BPF301: is a BPF object opened and never closed?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Unit
from bpflint_rules._lifetimes import closer_of, found_in, report


class MissingClose(Rule):
    """A BPF object, skeleton, ring buffer or `BPF()` is opened in a function and closed on no path out of it.

    ## What it does
    Follows what `*__open`, `ring_buffer__new`, `perf_buffer__new`, `btf__parse` and bcc's `BPF()` return through every
    path of the function. It speaks where the value is neither closed, returned, stored nor handed to unknown code.

    ## Why is this bad
    Maps, programs and links stay in the kernel as long as a file descriptor is open: each call leaks memory and
    descriptors, and a program stays attached.

    ## Example
    ```c
    int probe(void)
    {
        struct bpf_object *obj = bpf_object__open("probe.bpf.o");
        if (!obj)
            return -1;
        return bpf_object__load(obj);
    }
    ```

    ## Use instead
    ```c
        int err = bpf_object__load(obj);
        bpf_object__close(obj);
        return err;
    ```

    ## Known limits
    A function that takes the object over, or stores it anywhere, ends the search. In `main` the process's end releases
    everything: the finding is info there.
    """

    meta = RuleMeta(
        code="BPF301", name="missing-close", summary="a BPF resource is opened and never closed",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report resources that no path closes."""
        for function, leak in found_in(unit, elsewhere=False):
            closer = closer_of(leak.call.callee)
            yield report(self, function, leak, f"`{leak.variable.name}` from {leak.call.callee}() is never closed: "
                         f"call {closer} on every path out of `{function.name}`")  # fmt: skip
