"""BPF709: is an event read further than it was sent?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Related, Rule, RuleMeta, Severity
from bpflint_rules._events import Read, Sent, begin_alike, is_one, minds_size, reads


class EventLengthUnchecked(Rule):
    """User space reads more bytes of an event than the program sent.

    ## What it does
    Compares the bytes that a program sends through a ring or perf buffer with the struct that a callback in C, or
    an `unsafe` cast in Go, takes them for, where nobody looks at the size.

    ## Why is this bad
    Behind a short event lies the next one, or whatever the buffer held before: wrong data that looks right.

    ## Example
    ```c
    bpf_ringbuf_output(&events, &header, sizeof(header), 0);                  // 8 bytes
    …
    static int handle(void *ctx, void *data, size_t size) { struct event *e = data; … }   // reads 24
    ```

    ## Use instead
    ```c
    if (size < sizeof(*e))
        return 0;
    ```

    ## Known limits
    Lengths that are put together at run time are not compared. Types that begin with the same field are taken to be
    told apart by it. In Go, any `len` of a sample in the file counts as a look.
    """

    meta = RuleMeta(
        code="BPF709", name="event-length-unchecked", summary="an event is read further than it was sent",
        severity=Severity.ERROR, cross_file=True,
        references=("https://docs.ebpf.io/ebpf-library/libbpf/userspace/ring_buffer__new/",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at what is read in place."""
        for read in reads(ctx):
            short = next((item for item in read.sent if _is_short(item, read, ctx)), None)
            if short is None or minds_size(read):
                continue
            yield self.finding(
                read.use.span,
                f"`{read.use.map}` also carries {short.size} bytes of `{short.type.name}`, but this reads {read.size} "
                f"(`{read.type.name}`) without a look at the size",
                subject=f"{read.use.function}:{read.use.map}:{read.type.name}",
                related=[Related(short.span, "bpf-side", f"{short.size} bytes are sent here")],
            )  # fmt: skip


def _is_short(sent: Sent, read: Read, ctx: Context) -> bool:
    if sent.size is None or sent.size >= read.size:
        return False
    if is_one(sent.type, read.type):
        return True
    return read.alone and not begin_alike([sent.type, read.type], ctx)
