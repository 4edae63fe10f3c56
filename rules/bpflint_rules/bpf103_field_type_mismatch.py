"""BPF103: does a field have another width on the user side?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Array,
    Comparison,
    Context,
    Finding,
    Mismatch,
    MismatchKind,
    Pair,
    Rule,
    RuleMeta,
    Scalar,
    Severity,
)
from bpflint_rules._pairs import led_by, pair_finding, where


class FieldTypeMismatch(Rule):
    """A field stands at the same offset on both sides, but has another width or array length.

    ## What it does
    Compares the width of each field that has one name and one offset on both sides.

    ## Why is this bad
    The wider side takes in bytes that belong to padding or to the next field: right by luck while they are zero on a
    little-endian machine, wrong at once on a big-endian one.

    ## Example
    ```c
    struct data { u32 pid; u64 delta; };              // 4 bytes, then a hole
    ```
    ```python
    _fields_ = [("pid", ct.c_ulonglong), ("delta", ct.c_ulonglong)]   # 8 bytes
    ```

    ## Use instead
    The type of the same width: `("pid", ct.c_uint32)`.

    ## Known limits
    Signs are not compared: reading a `pid_t` as unsigned is everywhere and harmless. An array that is split into
    parts, or parts that are read as one array, are equal as long as their ends meet.
    """

    meta = RuleMeta(
        code="BPF103", name="field-type-mismatch", summary="a field has another width on the user side",
        severity=Severity.ERROR, cross_file=True,
        references=("https://github.com/iovisor/bcc/issues/1642",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report each field whose width differs: at equal offsets one does not follow from another."""
        found: dict[str, list[tuple[Comparison, Mismatch]]] = {}
        for comparison, _ in led_by(pair, ctx, (MismatchKind.TYPE,)):
            for item in comparison.mismatches:
                if item.kind is not MismatchKind.TYPE:
                    break
                found.setdefault(item.user_path, []).append((comparison, item))
        for path, hits in found.items():
            message = f"`{path}` of {where(pair)} has {hits[0][1].detail}"
            lenient = Severity.WARNING if _longer_text_at_the_end(pair, *hits[0]) else None
            yield from pair_finding(self, pair, hits, message, severity=lenient)


def _longer_text_at_the_end(pair: Pair, comparison: Comparison, item: Mismatch) -> bool:
    """An event's last field, text that BPF ends with a zero byte: the user side reads on, but stops at the zero."""
    if pair.role != "event" or comparison.user is None or item.user is None or item.bpf is None:
        return False
    type_ = item.user.field.type
    text = isinstance(type_, Array) and isinstance(type_.element, Scalar) and type_.element.kind == "char"
    return text and item.user.size > item.bpf.size and comparison.user.fields[-1] is item.user.field
