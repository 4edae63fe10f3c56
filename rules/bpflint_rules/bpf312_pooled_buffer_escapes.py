"""BPF312: does a view of a pooled buffer live on when the pool has the buffer back?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Escape, Finding, Related, Rule, RuleMeta, Severity, Unit, escapes

_TOLD = {
    "sent": "is sent to a channel", "returned": "is returned", "stored": "is stored beyond the call",
    "goroutine": "goes to a goroutine",
}  # fmt: skip


class PooledBufferEscapes(Rule):
    """A view of a buffer from `sync.Pool` is handed on by the function that puts the buffer back.

    ## What it does
    Follows what `Get` gives through reslices, `unsafe.Slice`, `append`, `Bytes()` and struct literals to a channel, a
    goroutine, a `return` or a field, and looks for a `Put` of the same buffer, deferred or not, on the same path.

    ## Why is this bad
    `Put` lends the memory to the next `Get`. Whoever holds the view reads the bytes of another event, or half of one:
    samples get mixed up under load only, and the race detector sees it only when both sides run at once.

    ## Example
    ```go
        buf := pool.Get().([]byte)
        defer pool.Put(buf)
        n := copy(buf, record.RawSample)
        events <- buf[:n]
    ```

    ## Use instead
    ```go
        events <- bytes.Clone(buf[:n])
    ```

    ## Known limits
    One function at a time: a helper that keeps what it is given is not seen. A function that waits (`wg.Wait()`, a
    receive) before it puts the buffer back is believed.
    """

    meta = RuleMeta(
        code="BPF312", name="pooled-buffer-escapes", summary="a pooled buffer is handed on and put back",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each place where a view gets away."""
        functions = {item.name: item for item in unit.functions} if unit.language == "go" else {}
        for function in functions.values():
            for found in escapes(function, functions):
                yield self._report(found)

    def _report(self, found: Escape) -> Finding:
        line = found.put.span.line
        message = (
            f"memory of `{found.buffer}` {_TOLD[found.how]}, but line {line} puts it back into the pool, which lends "
            f"it again: hand on a copy"
        )
        related = [Related(found.put.span, "put", "the pool gets it back here")]
        subject = f"{found.function.name}:{found.buffer}:{found.how}"
        return self.finding(found.op.span, message, subject=subject, related=related)
