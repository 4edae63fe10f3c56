"""BPF101: do both sides disagree about how many bytes there are?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Array,
    Codec,
    Comparison,
    Context,
    Finding,
    MismatchKind,
    Pair,
    RecordDecl,
    Rule,
    RuleMeta,
    Scalar,
    Severity,
    Type,
)  # fmt: skip
from bpflint_rules._entries import is_set
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
    Where BPF programs only ask whether a key is there, a value that is too short is a warning.
    """

    meta = RuleMeta(
        code="BPF101", name="size-mismatch", summary="both sides have different sizes", severity=Severity.ERROR,
        cross_file=True, references=("https://github.com/canyonroad/agentsh/issues/349",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a pair whose first difference is its size."""
        hits = led_by(pair, ctx, (MismatchKind.SIZE,))
        if not hits:
            return ()
        message = f"{where(pair)} has {hits[0][1].detail}"
        comparison = hits[0][0]
        if _as_the_kernel_copies(pair, comparison):
            return ()
        longer = (comparison.user_size or 0) > (comparison.bpf_size or 0)
        if longer and isinstance(pair.user.type, Scalar) and isinstance(pair.bpf.type, Scalar):
            # The kernel takes the first bytes: the low ones on a little-endian machine, so a small number arrives.
            message += "; only a little-endian machine passes the low bytes"
            return pair_finding(self, pair, hits, message, severity=Severity.WARNING)
        if not longer and pair.role == "value" and is_set(pair.map, ctx):
            message += ": the kernel reads past it, and programs only ask whether the key is there"
            return pair_finding(self, pair, hits, message, severity=Severity.WARNING)
        return pair_finding(self, pair, hits, message)


def _as_the_kernel_copies(pair: Pair, comparison: Comparison) -> bool:
    """A size that suits what the kernel copies: a per-CPU value padded to 8 bytes, a union or bytes with room for more.

    User space hands the kernel an address: what lies behind the map's own size is neither read nor written.
    """
    ours, theirs = comparison.bpf_size or 0, comparison.user_size or 0
    if pair.role == "value" and pair.map_kind.startswith("percpu_") and theirs == -(-ours // 64) * 64:
        return True
    roomy = (isinstance(pair.user.type, RecordDecl) and pair.user.type.kind == "union") or _is_bytes(pair.user.type)
    return pair.user.codec is Codec.C and pair.role in ("key", "value") and theirs > ours and roomy


def _is_bytes(type_: Type) -> bool:
    return isinstance(type_, Array) and isinstance(type_.element, Scalar) and type_.element.width == 8
