"""BPF713: is a constant that user space sets before the load compiled into the program?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Confidence, Context, Enum, Finding, MapDef, Pointer, Related, Rule, RuleMeta, Scalar, Severity
from bpflint_rules._links import loaded


class RodataNotVolatile(Rule):
    """A global is `const` without `volatile`, and user space sets it before the program is loaded.

    ## What it does
    Looks at the globals that user space writes through a skeleton's `rodata` (in C), and reports those that the BPF
    source declares `const` without `volatile`.

    ## Why is this bad
    clang takes the value of such a constant from the source and folds it into the code: the program is loaded with the
    new value in `.rodata` and never reads it. The option of the tool has no effect, and no error says so.

    ## Example
    ```c
    const pid_t target_pid = 0;
    …
    if (target_pid && pid != target_pid)      // compiled away
    ```

    ## Use instead
    ```c
    const volatile pid_t target_pid = 0;
    ```

    ## Known limits
    An array or a struct may be read from memory all the same, by an index that is not constant: there the finding is
    less sure. Silent where the loaded program was not found.
    """

    meta = RuleMeta(
        code="BPF713", name="rodata-not-volatile", summary="a constant that user space sets is compiled in",
        severity=Severity.WARNING, cross_file=True,
        references=("https://docs.ebpf.io/linux/concepts/global-variables/",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at the variables that each user-side file sets."""
        programs = list(ctx.project.bpf_units())
        seen: set[object] = set()
        for unit in ctx.project.user_units():
            named = [item for item in unit.references if item.kind == "variable"]
            linked = loaded(unit, programs) if named else None
            constants = {item.name: item for program in linked or () for item in program.maps if _folded(item)}
            for reference in named:
                found = constants.get(reference.name)
                if found is None or found.span in seen:
                    continue
                seen.add(found.span)
                plain = isinstance(found.value, Scalar | Enum | Pointer)
                yield self.finding(
                    found.span,
                    f"`{found.name}` is `const` without `volatile`: clang folds its value into the code, so that what "
                    f"{unit.path}:{reference.span.line} sets is never read",
                    subject=f"rodata:{found.name}", confidence=Confidence.HIGH if plain else Confidence.MEDIUM,
                    related=[Related(reference.span, "set", f"`{found.name}` is set here")],
                )  # fmt: skip


def _folded(item: MapDef) -> bool:
    return item.style == "global" and item.kind.startswith(".rodata") and not item.volatile and not item.external
