"""BPF104: are fields swapped, or known to one side only?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Comparison, Context, Finding, Mismatch, MismatchKind, Pair, Rule, RuleMeta, Severity
from bpflint_rules._pairs import led_by, pair_finding, where


class FieldMissingOrReordered(Rule):
    """Fields trade places, or a field of one side has no counterpart on the other.

    ## What it does
    Finds fields of equal names that only trade places, user fields that cut across BPF fields or lie past their end,
    and BPF fields that no byte of the user's type models.

    ## Why is this bad
    Sizes agree, every check passes, and source and destination are mixed up.

    ## Example
    ```c
    struct flow { __be32 saddr; __be32 daddr; };
    ```
    ```python
    _fields_ = [("daddr", ct.c_uint32), ("saddr", ct.c_uint32)]
    ```

    ## Use instead
    The order of the BPF side, and a padding field for what is not of interest.

    ## Known limits
    A renamed field in the same place is no finding. A user type that ends early is reported unless it reads a prefix
    on purpose (`struct.unpack_from`).
    """

    meta = RuleMeta(
        code="BPF104", name="field-missing-or-reordered", summary="fields are swapped or missing on one side",
        severity=Severity.ERROR, cross_file=True,
        references=("https://github.com/cilium/cilium/issues/5538",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report the first field that has no counterpart in its place."""
        hits = led_by(pair, ctx, (MismatchKind.ORDER, MismatchKind.MISSING))
        if not hits:
            return ()
        return pair_finding(self, pair, hits, _message(pair, *hits[0]))


def _message(pair: Pair, comparison: Comparison, lead: Mismatch) -> str:
    if lead.kind is MismatchKind.ORDER:
        names = [item.user_path for item in comparison.mismatches if item.kind is MismatchKind.ORDER]
        shown = ", ".join(f"`{name}`" for name in names[:4])
        return f"{shown} of {where(pair)} trade places: `{lead.user_path}` is {lead.detail}"
    return f"{where(pair)}: {lead.detail}"
