"""BPF402: is a field changed atomically in one place and plainly in another?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, Related, Rule, RuleMeta, Severity, Unit, show
from bpflint_rules._sharing import by_field, touches


class MixedAtomicAndPlain(Rule):
    """A field of a shared value or global is changed with atomic operations and, elsewhere, without.

    ## What it does
    Compares all changes of one field (`v->n += x`, `__sync_fetch_and_add(&v->n, x)`) in an object: where some are
    atomic, it reports the plain ones that another CPU may meet.

    ## Why is this bad
    An atomic addition is safe only against other atomic ones. The plain change reads the old number, and writes it back
    over every atomic addition that came between.

    ## Example
    ```c
    if (is_reply)
        __sync_fetch_and_add(&v->packets, 1);
    else
        v->packets++;
    ```

    ## Use instead
    ```c
    __sync_fetch_and_add(&v->packets, 1);
    ```

    ## Known limits
    Plain stores (a reset to zero) and reads beside atomic changes are silent; so are changes under a BPF spin lock.
    """

    meta = RuleMeta(
        code="BPF402", name="mixed-atomic-and-plain", summary="a field is changed atomically here and plainly there",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report one plain change a function and field."""
        if unit.side != "bpf":
            return
        found = touches(unit, ctx)
        atomic = {(item.owner, item.path): item for item in reversed(found) if item.atomic}
        plain = [
            item for item in found
            if item.kind == "change" and item.bare and (item.owner, item.path) in atomic
        ]  # fmt: skip
        for touch, *_ in by_field(plain):
            other = atomic[touch.owner, touch.path]
            yield self.finding(
                touch.span,
                f"`{show(touch.place)}` is changed plainly here and atomically in `{other.function.name}`: "
                "the plain write undoes what was added in between",
                subject=touch.subject, confidence=Confidence.HIGH if touch.value else Confidence.MEDIUM,
                related=[Related(other.span, "atomic", "the atomic change")],
            )  # fmt: skip
