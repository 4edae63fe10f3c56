"""BPF506: does a program read a field with a width that it does not have on some kernel?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Kernel, Resolution, Rule, RuleMeta, Severity, Unit
from bpflint_rules._kernel_enums import differing, fixed_values
from bpflint_rules._kernels import (
    Judged,
    architectures,
    built_for_one,
    comes,
    core_answers,
    grid,
    judged,
    newest,
    severity_for,
    table,
    where,
)
from bpflint_rules._targets import Choices, choices_of


class CoreFieldChanged(Rule):
    """A field is wider or narrower on some kernel than the program reads it, or a number has another meaning there.

    ## What it does
    Compares the width of each number that is read through a CO-RE relocation with its width on every kernel. Reads by
    helper (`BPF_CORE_READ`, `bpf_core_read`) always take the program's own width; the width of a plain load is adjusted
    by the loader, but not that of a signed number. Numbers of the kernel's enumerations that a program compares with
    are compared with those of every kernel.

    ## Why is this bad
    Nothing fails: a wider read takes in the next members, a narrower one half of the number (on big endian the upper
    half). A plain load of a signed number whose width differs is made invalid, and the program is rejected. An
    enumerator is compiled in as the number that it has in the vmlinux.h of the build: `SKB_DROP_REASON_TCP_RESET` is 28
    in 6.1, 39 in 6.12 and 45 in 6.18.

    ## Example
    ```c
    unsigned int state;

    bpf_core_read(&state, sizeof(state), &dev->operstate);      // one byte until 6.9
    ```

    ## Use instead
    ```c
    if (bpf_core_field_size(dev->operstate) == 1)
        bpf_core_read(&state, 1, &dev->operstate);
    if (reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_TCP_RESET))
        …
    ```

    ## Known limits
    Without configured kernels (`targets`, `min-kernel`) a width or number that differs on the newest shipped kernels is
    a warning, and one that differs on older ones only is told as info. Signs alone, bitfields, arrays and records are
    not compared; enumerators only where a value of their enumeration's type is compared with them. Silent where a
    program asks the kernel, as with BPF505; the width of the field stands for that of the read.
    """

    meta = RuleMeta(
        code="BPF506", name="core-field-changed", summary="a field has another width on some kernel",
        severity=Severity.ERROR, references=("https://docs.ebpf.io/concepts/core/",),
    )  # fmt: skip
    gathers_in_bulk = (core_answers, differing)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each place that is read with another width than some kernel has."""
        yield from self._widths(ctx)
        choices = choices_of(ctx)
        for unit in ctx.project.bpf_units():
            if unit.language == "c" and unit.dialect != "bcc" and not unit.problems and not built_for_one(unit):
                yield from self._values(unit, choices, ctx)

    def _values(self, unit: Unit, choices: Choices, ctx: Context) -> Iterable[Finding]:
        """Report each enumerator whose number means something else on some kernel that a program comes to."""
        for fixed in fixed_values(unit, ctx):
            other = {kernel: name for kernel, (name, able) in fixed.other.items() if comes(able, unit, choices)}
            hit = other.keys() & frozenset(ctx.kernels)
            if not hit:
                continue
            severity, confidence = severity_for(ctx)
            if not ctx.chosen and not hit & newest(fixed.found):
                severity = Severity.INFO
            names = sorted({f"`{other[kernel]}`" for kernel in hit if other[kernel]})
            yield self.finding(
                fixed.span,
                f"`{fixed.name}` is {fixed.value} here, which in {where(hit)} is {' or '.join(names) or 'nothing'}: "
                f"take bpf_core_enum_value(enum {fixed.enum}, {fixed.name})",
                subject=f"{fixed.function}:{fixed.name}", severity=severity, confidence=confidence,
                targets=architectures(hit),
                table=grid({kernel: "-" if value is None else str(value) for kernel, value in fixed.found.items()}),
            )  # fmt: skip

    def _widths(self, ctx: Context) -> Iterable[Finding]:
        severity, confidence = severity_for(ctx)
        for place in judged(ctx):
            unlike = {kernel: found for kernel, found in place.found.items() if _differs(place, found)}
            hit = unlike.keys() & frozenset(ctx.kernels)
            if not hit:
                continue
            if not ctx.chosen:
                severity = Severity.WARNING if hit & newest(place.found) else Severity.INFO
            widths = {found.widths for kernel, found in unlike.items() if kernel in hit}
            for here, there in sorted(item for item in widths if item is not None):
                on = [kernel for kernel in hit if unlike[kernel].widths == (here, there)]
                yield self.finding(
                    place.relocation.span,
                    f"{place.shown} has {here} bytes here and {there} in {where(on)}: {_effect(place, here, there)}",
                    subject=f"{place.subject}:{there}", severity=severity, confidence=confidence,
                    targets=architectures(on), table=table(place, frozenset[Kernel]()),
                )  # fmt: skip


def _differs(place: Judged, found: Resolution) -> bool:
    return found.widths is not None and (found.unfit or not place.relocation.direct)


def _effect(place: Judged, here: int, there: int) -> str:
    if place.relocation.direct:
        return "the load of a signed number cannot be adjusted, and the program is rejected"
    return "what stands behind it is read as well" if here > there else "only a part of it is read"
