"""BPF309: does a pin outlive the type that made it?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, LeftPin, Related, Rule, RuleMeta, Severity, left_pins
from bpflint_rules._lifetimes import packages, short


class PinLeak(Rule):
    """A map, program or link is pinned, and the teardown of its type closes it without taking the pin away.

    ## What it does
    Looks for `Pin` (`bpf_map__pin`, `bpf_link__pin`, `bpf_object__pin`) of a field, or of a part of one, whose type
    has a Close, Stop or destroy function that closes the field, in a package that nowhere unpins or removes files.

    ## Why is this bad
    A pin is a reference of its own. Close gives up the descriptor only: the map keeps its memory, the link keeps its
    program attached, and the next start finds the name taken (`EEXIST`) or an old map of other size behind it.

    ## Example
    ```go
    func (t *tracer) start() error {
        return t.counts.Pin("/sys/fs/bpf/counts")
    }

    func (t *tracer) Close() error {
        return t.counts.Close()
    }
    ```

    ## Use instead
    ```go
    func (t *tracer) Close() error {
        return errors.Join(t.counts.Unpin(), t.counts.Close())
    }
    ```

    ## Known limits
    A pin may be meant to stay: a package that opens pinned objects (`LoadPinnedMap`, `bpf_obj_get`) is left alone, and
    so are `PinByName` maps and what one function both pins and closes, as loaders do that exit at once.
    """

    meta = RuleMeta(
        code="BPF309", name="pin-leak", summary="a pin stays behind when its type is closed",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM, cross_file=True,
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each field once, where it is pinned first."""
        for unit, functions in packages(ctx):
            told = set()
            for found in left_pins(functions, ctx.ownership(unit)):
                if found.place not in told:
                    told.add(found.place)
                    yield self._report(found)

    def _report(self, found: LeftPin) -> Finding:
        field, closer = ".".join(found.place), short(found.teardown.name).rpartition(".")[2]
        message = (
            f"`{field}` is pinned by {short(found.call.callee)}(), and `{closer}` closes it without unpinning it: the "
            f"pin keeps it in the kernel"
        )
        related = [Related(found.teardown.span, "close", f"`{closer}` closes it here")]
        span = found.call.span or found.function.span
        return self.finding(span, message, subject=f"{found.function.name}:{field}", related=related)
