"""BPF315: is a closing method named but not called?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Assign,
    Context,
    Evaluate,
    Expr,
    Finding,
    Function,
    Name,
    Op,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    operations,
    show,
    strip,
)

_CLOSERS = frozenset((
    "Close", "Stop", "Detach", "Unpin", "Unlock", "RUnlock", "Cancel", "close", "cleanup", "stop", "detach",
))  # fmt: skip


class MethodValueNotCalled(Rule):
    """`_ = m.collection.Close` takes the method as a value and calls nothing: the parentheses are missing.

    ## What it does
    Looks for a closing method (`Close`, `Stop`, `Detach`, `Unpin`, `Unlock`, bcc's `cleanup`) that is assigned to `_`
    or stands alone as a statement.

    ## Why is this bad
    The line looks like a Close and does nothing; the compiler accepts it, and so do linters for ignored errors.

    ## Example
    ```go
    func (m *Monitor) Close() {
        _ = m.collection.Close
    }
    ```

    ## Use instead
    ```go
        m.collection.Close()
    ```

    ## Known limits
    A field with such a name that is read for nothing is taken for the method.
    """

    meta = RuleMeta(
        code="BPF315", name="method-value-not-called", summary="a closing method is named but not called",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_function(self, function: Function, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report closing methods that are evaluated for nothing."""
        if unit.side != "user" or unit.language not in ("go", "python"):
            return
        for op in operations(function):
            for value in _for_nothing(op):
                inner = strip(value)
                if isinstance(inner, Select) and inner.field in _CLOSERS and not inner.owner:
                    text = f"`{show(inner).replace('->', '.')}` is not called: the parentheses are missing"
                    yield self.finding(op.span, text, subject=f"{function.name}:{show(inner)}")


def _for_nothing(op: Op) -> Iterator[Expr]:
    match op:
        case Assign(target=Name(name="_"), value=value):
            yield value
        case Evaluate(value=value):
            yield value
