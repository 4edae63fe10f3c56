"""BPF103: does a field have another width on the user side?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, MismatchKind, Pair, Rule, RuleMeta, Severity
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
        severity=Severity.ERROR, witness="layout", cross_file=True,
        references=("https://github.com/iovisor/bcc/issues/1642",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report the first field whose width differs."""
        hits = led_by(pair, ctx, (MismatchKind.TYPE,))
        if not hits:
            return ()
        lead = hits[0][1]
        return pair_finding(self, pair, hits, f"`{lead.user_path}` of {where(pair)} has {lead.detail}")
