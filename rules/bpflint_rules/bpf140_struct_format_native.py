"""BPF140: is a `struct` format left to native sizes and alignment?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Cause, Codec, Context, Finding, MismatchKind, Pair, RecordDecl, Rule, RuleMeta, Severity
from bpflint_rules._pairs import led_by, pair_finding, where


class StructFormatNative(Rule):
    """A `struct` format without `<`, `>` or `=` decodes shared bytes by the rules of the machine it runs on.

    ## What it does
    Finds native formats that meet a BPF type. Where the bytes differ from BPF's it is an error and both sides are
    shown; where they agree only on some targets the finding names the others.

    ## Why is this bad
    Native mode aligns fields but adds no padding at the end: `"QI"` is 12 bytes where C has 16. `l`, `L`, `n`, `P` have
    the width of the machine's `long` or pointer.

    ## Example
    ```python
    struct.unpack("QI", sample)      # 12 bytes; the C struct {u64; u32} has 16
    ```

    ## Use instead
    ```python
    struct.unpack("<QI4x", sample)   # the byte order of the BPF target, the padding spelled out
    ```

    ## Known limits
    A native format whose bytes agree with BPF on every configured target is no finding.
    """

    meta = RuleMeta(
        code="BPF140", name="struct-format-native", summary="a `struct` format with native alignment or sizes",
        severity=Severity.WARNING, cross_file=True,
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a native format whose bytes are not BPF's."""
        type_ = pair.user.type
        if not isinstance(type_, RecordDecl) or type_.codec is not Codec.STRUCT or "native" not in type_.attributes:
            return ()
        hits = led_by(pair, ctx, tuple(MismatchKind), (Cause.NATIVE_FORMAT,))
        if not hits:
            return ()
        message = f"native format {type_.name} does not fit {where(pair)}: {hits[0][1].detail}"
        return pair_finding(self, pair, hits, message, severity=Severity.ERROR)
