"""BPF513: is a flavor of a kernel struct named with two underscores where CO-RE asks for three?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    CallExpr,
    Context,
    Finding,
    Function,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    facts,
    operands,
    operations,
    parts,
)  # fmt: skip

_DOUBLED = re.compile(r"^([a-z]\w*?[a-z0-9])__([a-z0-9]\w*)$")


class CoreFlavorTypo(Rule):
    """A struct meant as a flavor of a kernel struct has two underscores before its suffix.

    ## What it does
    Finds structs such as `struct task_struct__old`, whose name is a kernel struct's and a suffix after two
    underscores, where CO-RE reads go through them.

    ## Why is this bad
    libbpf strips a suffix that starts with three underscores. With two, it looks for a kernel struct of that very
    name, finds none, and the program does not load, or `bpf_core_field_exists()` is always false.

    ## Example
    ```c
    struct task_struct__old {
        long state;
    } __attribute__((preserve_access_index));
    ```

    ## Use instead
    ```c
    struct task_struct___old {
        long state;
    } __attribute__((preserve_access_index));
    ```

    ## Known limits
    What counts as a kernel struct is a table, and every struct of vmlinux.h that the same file reads.
    """

    meta = RuleMeta(
        code="BPF513", name="core-flavor-typo", summary="a CO-RE flavor with two underscores names no kernel struct",
        severity=Severity.ERROR, references=("https://docs.kernel.org/bpf/libbpf/libbpf_overview.html",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each such struct at its definition."""
        suspects = {
            item.name: (item, found) for item in unit.records
            if unit.side == "bpf" and "___" not in item.name and (found := _DOUBLED.match(item.name))
        }  # fmt: skip
        if not suspects:
            return
        read = {item.owner for function in unit.functions for item in _relocated(function)}
        kernel = facts.kernel_structs().internal | facts.kernel_structs().common | (read - suspects.keys())
        for name, (record, found) in suspects.items():
            if name in read and found[1] in kernel and record.span is not None:
                yield self.finding(
                    record.span, f"no kernel has a `struct {name}`: a flavor of `{found[1]}` needs three underscores, "
                    f"`{found[1]}___{found[2]}`",
                    subject=f"struct {name}",
                )  # fmt: skip


def _relocated(function: Function) -> Iterator[Select]:
    """Each member access that asks the loader for a relocation."""
    stack = [(item, False) for op in operations(function) for item in operands(op)]
    while stack:
        item, asked = stack.pop()
        asked |= isinstance(item, CallExpr) and item.callee.startswith("__builtin_preserve_")
        if isinstance(item, Select) and (asked or item.relocated):
            yield item
        stack.extend((part, asked) for part in parts(item))
