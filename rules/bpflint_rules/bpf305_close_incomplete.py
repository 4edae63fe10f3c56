"""BPF305: does a type's Close close all that the type opened?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Confidence,
    Context,
    Finding,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Teardown,
    closable_types,
    teardowns,
)
from bpflint_rules._lifetimes import packages, short


class CloseIncomplete(Rule):
    """A type holds several resources, and its Close (Stop, destroy function) closes only some of them, or none.

    ## What it does
    Collects, for each type, the fields into which something opened goes (`t.reader, err = ringbuf.NewReader(…)`,
    `spec.LoadAndAssign(&t.objs, nil)`, `append(t.links, l)`, `&T{coll: coll}`; in C members that take a skeleton or a
    descriptor), and the fields that its teardown and the functions it calls touch. It speaks of fields that nothing
    closes, and of a Close that is empty beside a Stop that is not.

    ## Why is this bad
    Whoever calls Close believes that all is released. Each forgotten field keeps maps, programs and descriptors in the
    kernel for every tracer that was ever started, and a forgotten link keeps its program attached.

    ## Example
    ```go
    func (t *Tracer) Close() {
        t.link.Close()
        t.objs.Close()        // and t.objsIter?
    }
    ```

    ## Use instead
    ```go
        t.objs.Close()
        t.objsIter.Close()
    ```

    ## Known limits
    A field that the teardown only looks at counts as closed. What a constructor was given belongs to somebody else,
    and so does what its maker closes with `defer`.
    """

    meta = RuleMeta(
        code="BPF305", name="close-incomplete", summary="a type's Close leaves some of its resources open",
        severity=Severity.ERROR, cross_file=True,
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each teardown once, at its name."""
        closable = closable_types(item for unit in ctx.project.user_units() for item in unit.functions)
        for unit, functions in packages(ctx):
            for found in teardowns(functions, ctx.ownership(unit), closable):
                yield self._report(found)

    def _report(self, found: Teardown) -> Finding:
        name = found.function.name.rpartition("/")[2].rpartition(".")[2]
        whole = f"{found.type}.{name}" if found.function.method_of else name
        fields = ", ".join(f"`{item.name}`" for item in found.missing)
        done = "does nothing" if found.empty else "closes " + ", ".join(f"`{item}`" for item in found.closed)
        opened = ((item, short(item.call.callee)) for item in found.missing)
        related = [Related(item.span, "opened", f"`{item.name}` is opened by {call}()") for item, call in opened]
        return self.finding(
            found.function.span, f"`{whole}` {done} and leaves {fields} open", subject=f"{whole}:{fields}",
            confidence=Confidence.MEDIUM if found.empty else None, related=related,
        )  # fmt: skip
