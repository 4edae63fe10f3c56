"""BPF803: a map does not behave as one of its kind; check mode says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class MapFuzzFailure(Rule):
    """A map of the project does not behave like a bounded dictionary.

    ## What it does
    `bpflint check --fuzz N` creates each map on every kernel and runs N operations with seeded keys, values and flags
    against a model of its type, after trying its definition at the boundaries.

    ## Why is this bad
    What the program relies on does not hold on that kernel.

    ## Example
    ```console
    $ bpflint check . --fuzz 100000
    ```

    ## Use instead
    A definition that this kernel supports; the message names the first operation that differs, and the seed.

    ## Known limits
    Hash and array maps with plain values. LRU maps evict, LPM tries match prefixes and per-CPU maps hold many values:
    they are created and tried at the boundaries only.
    """

    meta = RuleMeta(
        code="BPF803", name="map-fuzz-failure", summary="a map does not behave like a map of its kind",
        severity=Severity.ERROR, confidence=Confidence.CERTAIN,
    )  # fmt: skip
