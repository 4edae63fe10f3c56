"""BPF711: does one buffer carry several kinds of event that nothing tells apart?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, Related, Rule, RuleMeta, Severity
from bpflint_rules._events import begin_alike, is_one, minds_size, reads


class AmbiguousEventType(Rule):
    """A buffer gets several structs without a common first field, and user space reads all as one of them.

    ## What it does
    Collects the structs that the loaded programs send through a ring or perf buffer, and what C callbacks read its data
    as. It speaks where there are several of the first, one of the second, no field at the start that all share, and
    where the callback does not look at the size either.

    ## Why is this bad
    The reader takes one kind of event for the other: a pid that is a port, a name that is a pointer.

    ## Example
    ```c
    struct opened { __u32 pid; char path[60]; };
    struct closed { __u64 inode; char path[60]; };      // both go to `events`; the callback knows struct opened
    ```

    ## Use instead
    A first field that says which it is, in every struct of the buffer; or a buffer for each.

    ## Known limits
    A field that all structs share at their start is taken to tell them apart, whatever its name.
    """

    meta = RuleMeta(
        code="BPF711", name="ambiguous-event-type", summary="several kinds of event in one buffer, read as one",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM, cross_file=True,
        references=("https://docs.kernel.org/bpf/ringbuf.html",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at what user-side C reads."""
        for read in reads(ctx):
            other = next((item for item in read.sent if not is_one(item.type, read.type)), None)
            known = any(is_one(item.type, read.type) for item in read.sent)
            if other is None or not known or not read.alone or begin_alike([other.type, read.type], ctx):
                continue
            if other.size is None or other.size < read.size or minds_size(read):
                continue  # a shorter one is BPF709's
            yield self.finding(
                read.use.span,
                f"`{read.use.map}` carries `{read.type.name}` and `{other.type.name}`, which begin differently: "
                f"this reads both as `{read.type.name}`",
                subject=f"{read.use.function}:{read.use.map}:{other.type.name}",
                related=[Related(other.span, "bpf-side", f"`{other.type.name}` is sent here")],
            )  # fmt: skip
