"""BPF102: does a field stand at another offset on the user side?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, MismatchKind, Pair, Rule, RuleMeta, Severity, show_bytes
from bpflint_rules._pairs import led_by, pair_finding, where


class FieldOffsetMismatch(Rule):
    """A field has another offset on the user side than in BPF.

    ## What it does
    Lays out both declarations of shared bytes for each target, under the codec that turns the bytes into the user's
    type, and compares the offset of each field. Sizes may be equal and offsets still differ.

    ## Why is this bad
    Every read of that field, and of all after it, takes other bytes than BPF wrote. The kernel checks sizes only.

    ## Example
    ```c
    struct event { __u8 argnum; __s64 retval; };      // retval at byte 8
    ```
    ```python
    class Event(ctypes.Structure):
        _pack_ = 4
        _fields_ = [("argnum", ctypes.c_uint8), ("retval", ctypes.c_int64)]   # retval at byte 4
    ```

    ## Use instead
    Declare the padding on both sides, so that no compiler has to add any:
    ```c
    struct event { __u8 argnum; __u8 pad[7]; __s64 retval; };
    ```

    ## Known limits
    A field that only the user side renames is matched by place, not by name. Records with a type that could not be
    resolved are not compared; the run says so.
    """

    meta = RuleMeta(
        code="BPF102", name="field-offset-mismatch", summary="a field has another offset on the user side",
        severity=Severity.ERROR, cross_file=True,
        references=("https://github.com/cilium/ebpf/issues/821",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report the first field that moved."""
        hits = led_by(pair, ctx, (MismatchKind.OFFSET,))
        if not hits:
            return ()
        comparison, lead = hits[0]
        later = sum(1 for item in comparison.mismatches if item.kind is MismatchKind.OFFSET) - 1
        more = f", and {later} more after it" if later else ""
        sizes = ""
        if comparison.bpf_size is not None and comparison.user_size is not None:
            same = comparison.bpf_size == comparison.user_size
            sizes = "; both sides have the same size" if same else (
                f"; {show_bytes(comparison.bpf_size)} bytes against {show_bytes(comparison.user_size)}"
            )  # fmt: skip
        message = f"`{lead.user_path}` of {where(pair)} is {lead.detail}{more}{sizes}"
        return pair_finding(self, pair, hits, message)
