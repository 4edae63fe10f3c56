"""BPF101: do both sides disagree about how many bytes there are?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, MismatchKind, Pair, Rule, RuleMeta, Scalar, Severity
from bpflint_rules._pairs import led_by, pair_finding, where


class SizeMismatch(Rule):
    """Both declarations of shared bytes have different sizes.

    ## What it does
    Lays out the BPF type and the user's type for each target, under the codec that turns the bytes into the user's
    type, and compares the totals. It speaks where every field that both sides have agrees, so that only the end
    differs; a field that moved is BPF102.

    ## Why is this bad
    The kernel copies `value_size` bytes whatever the user passes: a type that is too short is overrun on a lookup and
    read past its end on an update. A shorter event loses its tail.

    ## Example
    ```c
    struct flow { __u64 bytes; __u32 packets; };      // 16 bytes
    ```
    ```python
    struct.unpack("<QI", sample)                      # 12 bytes
    ```

    ## Use instead
    Spell the tail out on both sides: `__u32 pad;` in C, `"<QI4x"` in Python.

    ## Known limits
    A flexible array at the end of either side makes the total the sender's choice: nothing is said.
    """

    meta = RuleMeta(
        code="BPF101", name="size-mismatch", summary="both sides have different sizes", severity=Severity.ERROR,
        witness="layout", cross_file=True, references=("https://github.com/canyonroad/agentsh/issues/349",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a pair whose first difference is its size."""
        hits = led_by(pair, ctx, (MismatchKind.SIZE,))
        if not hits:
            return ()
        message = f"{where(pair)} has {hits[0][1].detail}"
        comparison = hits[0][0]
        longer = (comparison.user_size or 0) > (comparison.bpf_size or 0)
        if longer and isinstance(pair.user.type, Scalar) and isinstance(pair.bpf.type, Scalar):
            # The kernel takes the first bytes: the low ones on a little-endian machine, so a small number arrives.
            message += "; only a little-endian machine passes the low bytes"
            return pair_finding(self, pair, hits, message, severity=Severity.WARNING)
        return pair_finding(self, pair, hits, message)
