"""BPF708: does anybody learn of events that did not fit into the perf buffer?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import PurePosixPath

from bpflint.api import (
    CallExpr,
    Constant,
    Context,
    Finding,
    Function,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    calls,
    contents,
    strip,
)  # fmt: skip

_GO_READ = ("github.com/cilium/ebpf/perf.Reader.Read", "github.com/cilium/ebpf/perf.Reader.ReadInto")


class LostEventsUncounted(Rule):
    """A perf buffer is read without a look at the samples that were lost.

    ## What it does
    Finds Go packages that read a `perf.Reader` and never look at `LostSamples`, and `perf_buffer__new` with no callback
    for lost samples.

    ## Why is this bad
    A perf buffer that is full drops events. The kernel counts them and tells the reader, who is the only one that can
    know: an audit log with holes looks like a quiet machine.

    ## Example
    ```go
    record, err := reader.Read()
    handle(record.RawSample)
    ```

    ## Use instead
    ```go
    if record.LostSamples > 0 {
        lost.Add(float64(record.LostSamples))
        continue
    }
    ```

    ## Known limits
    Ring buffers tell nobody: there the program counts failed reservations itself, which is not judged. bcc prints lost
    samples where no callback is given.
    """

    meta = RuleMeta(
        code="BPF708", name="lost-events-uncounted", summary="nobody counts the samples that a perf buffer lost",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report one reader a Go package, and each buffer opened without a callback."""
        units = [unit for unit in ctx.project.user_units() if not unit.path.endswith("_test.go")]
        units.sort(key=lambda unit: (str(PurePosixPath(unit.path).parent), unit.path))
        for _, files in groupby(units, key=lambda unit: PurePosixPath(unit.path).parent):
            package = list(files)
            yield from self._go([unit for unit in package if unit.language == "go"])
            for unit in package:
                if unit.language == "c":
                    yield from self._opened(unit)

    def _go(self, units: list[Unit]) -> Iterator[Finding]:
        functions = [function for unit in units for function in unit.functions]
        if any(_counts(function) for function in functions):
            return
        for function in functions:
            for call, op in calls(function):
                if call.callee in _GO_READ:
                    yield self.finding(
                        call.span or op.span, "nothing in this package looks at `LostSamples`: events that the perf "
                        "buffer drops go unnoticed",
                        subject=f"{function.name}:{call.callee}",
                    )  # fmt: skip
                    return

    def _opened(self, unit: Unit) -> Iterator[Finding]:
        for function in unit.functions:
            for call, op in calls(function):
                if _lacks_callback(call):
                    yield self.finding(
                        call.span or op.span,
                        f"{call.callee}() is given no callback for lost samples: events that do not fit go unnoticed",
                        subject=f"{function.name}:{call.callee}",
                    )  # fmt: skip


def _counts(function: Function) -> bool:
    return any(isinstance(item, Select) and item.field == "LostSamples" for item in contents(function))


def _lacks_callback(call: CallExpr) -> bool:
    """`perf_buffer__new(fd, pages, sample_cb, NULL, …)`: libbpf drops the count then."""
    if call.callee != "perf_buffer__new" or len(call.args) < 4:
        return False
    lost = strip(call.args[3])
    return isinstance(lost, Constant) and lost.value == 0
