"""BPF611: is a variable read that nothing has set?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Unit


class UninitialisedVariable(Rule):
    """A local variable is read on a path where nothing has given it a value.

    ## What it does
    Reports the compiler's own `-Wuninitialized`, which BPF build systems rarely switch on.

    ## Why is this bad
    The verifier refuses reads of stack bytes that were never written; where the compiler folds them away instead, the
    value is arbitrary: a key that matches nothing, an event with a stranger's bytes.

    ## Example
    ```c
    u64 mntns_id;
    key.mntns_id = mntns_id;
    ```

    ## Use instead
    ```c
    u64 mntns_id = gadget_get_current_mntns_id();
    ```

    ## Known limits
    Only plain variables: members of structs are BPF112's to follow. A variable set on some paths only is not reported.
    """

    meta = RuleMeta(
        code="BPF611", name="uninitialised-variable", summary="a variable is read that nothing has set",
        severity=Severity.ERROR, references=("https://clang.llvm.org/docs/DiagnosticsReference.html#wuninitialized",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report what the compiler saw."""
        if unit.origin:
            return  # text put together from branches: a mix that no run makes may look uninitialised
        for item in unit.diagnostics:
            if item.option == "-Wuninitialized" and unit.side == "bpf":
                name = item.message.split("'")[1] if item.message.count("'") >= 2 else ""
                text = f"`{name}` is read here, but nothing has set it" if name else item.message
                if "within its own initialization" in item.message:
                    text = f"`{name}` is read in its own initialiser"
                yield self.finding(item.span, text, subject=f"{item.function}:{name}")
