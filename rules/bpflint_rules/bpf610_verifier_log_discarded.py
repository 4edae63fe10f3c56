"""BPF610: is the verifier's log cut off where a load error is printed?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    Call,
    CallExpr,
    Constant,
    Context,
    Edit,
    Finding,
    Fix,
    Function,
    Name,
    Op,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    expressions,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._flow import error_of

_LOADS = re.compile(
    r"cilium/ebpf\.(?:CollectionSpec\.LoadAndAssign|NewCollection\w*|NewProgram\w*|LoadCollection)$|"
    r"(?:^|\.)[lL]oad\w+Objects$"
)
_PRINTS = re.compile(r"(?:^|\.)(?:Fatal|Panic|Print|Error|Warn|Warning|Info|Errorf?|Fprint)(?:f|ln)?$")
_VERB = re.compile(r"%[vsq]")


class VerifierLogDiscarded(Rule):
    """The error of loading a BPF program is printed in a form that leaves out the verifier's log.

    ## What it does
    Finds errors of `LoadAndAssign`, `NewCollection`, `NewProgram` and generated `Load…Objects` that are printed with
    `%v`, `%s` or as they are, in functions that do not look for an `ebpf.VerifierError`.

    ## Why is this bad
    `Error()` of a `VerifierError` gives the last line or two. What the verifier objected to, and at which instruction,
    is in the log before; a user who meets the error on a kernel of their own cannot send it.

    ## Example
    ```go
    if err := spec.LoadAndAssign(&objs, nil); err != nil {
        log.Fatalf("load: %v", err)
    }
    ```

    ## Use instead
    ```go
    var ve *ebpf.VerifierError
    if errors.As(err, &ve) {
        log.Fatalf("load: %+v", ve)
    }
    ```

    ## Known limits
    An error that is wrapped with `%w` or returned is its caller's. `%+v` prints the whole log only of the
    `VerifierError` itself: of a wrapped one, take it out with `errors.As` first.
    """

    meta = RuleMeta(
        code="BPF610", name="verifier-log-discarded", summary="a load error is printed without the verifier's log",
        severity=Severity.WARNING,
        references=("https://pkg.go.dev/github.com/cilium/ebpf#VerifierError",),
    )  # fmt: skip

    def check_function(self, function: Function, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the first printing of each load error."""
        if unit.language != "go" or unit.path.endswith("_test.go"):
            return
        loads: dict[int, Call] = {}
        for op in operations(function):
            name = error_of(op) if isinstance(op, Call) else None
            if isinstance(op, Call) and name is not None:
                loads.pop(name.decl, None)
                if _LOADS.search(op.call.callee):
                    loads[name.decl] = op
            if loads and _looks_inside(op):
                return
            for call in _printing(op):
                printed = next((decl for decl in loads if _prints(call, decl)), None)
                if printed is not None:
                    yield self._report(call, op, function, loads.pop(printed))

    def _report(self, call: CallExpr, op: Op, function: Function, load: Call) -> Finding:
        return self.finding(
            call.span or op.span,
            f"{call.callee.rpartition('.')[2]}() prints the end of the verifier's log only: take the "
            "`ebpf.VerifierError` out with errors.As and print it with `%+v`",
            subject=f"{function.name}:{call.callee}", related=[Related(load.span, "load", "the error comes from here")],
            fixes=_fixes(call) if ".NewProgram" in load.call.callee else [],
        )  # fmt: skip


def _looks_inside(op: Op) -> bool:
    """`errors.As(err, &ve)`: whatever it looks for, the function means to see more."""
    return any(isinstance(item, CallExpr) and item.callee == "errors.As" for item in expressions(op))


def _printing(op: Op) -> Iterator[CallExpr]:
    for item in expressions(op):
        if not isinstance(item, CallExpr) or item.callee == "fmt.Errorf" or not _PRINTS.search(item.callee):
            continue
        if not any("%+v" in text for text in _texts(item)):
            yield item


def _texts(call: CallExpr) -> list[str]:
    return [arg.value for arg in map(strip, call.args) if isinstance(arg, Constant) and isinstance(arg.value, str)]


def _prints(call: CallExpr, decl: int) -> bool:
    """Whether the error, or its text, is an argument."""
    for arg in map(strip, call.args):
        inner = strip(arg.receiver) if isinstance(arg, CallExpr) and arg.callee == "Error" and arg.receiver else arg
        if isinstance(inner, Name) and inner.decl == decl:
            return True
    return False


def _fixes(call: CallExpr) -> list[Fix]:
    """`%v` becomes `%+v` where it is the only verb of a plain literal. NewProgram's error is the VerifierError itself;
    what wraps one prints its message only, whatever the verb.
    """
    for arg in map(strip, call.args):
        if not isinstance(arg, Constant) or not isinstance(arg.value, str) or arg.span is None:
            continue
        span, text = arg.span, arg.value
        verbs = list(_VERB.finditer(text))
        plain = span.line == span.end_line and span.end_column - span.column == len(text) + 2
        if len(verbs) == 1 and text.count("%") == 1 and verbs[0][0] == "%v" and plain:
            start = span.column + 1 + verbs[0].start()
            edit = Span(span.path, span.line, start, span.line, start + 2)
            return [Fix("print the error with `%+v`", "safe", (Edit(edit, "%+v"),))]
    return []
