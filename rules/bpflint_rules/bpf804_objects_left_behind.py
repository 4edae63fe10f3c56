"""BPF804: a loader leaves kernel objects behind; check mode says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class ObjectsLeftBehind(Rule):
    """A loader leaves programs, maps or links in the kernel when it has ended, or more of them with each round.

    ## What it does
    `bpflint check --run CMD` runs the command in a guest, several times, and compares the ids of programs, maps,
    links and BTF objects before and after.

    ## Why is this bad
    What is pinned or attached outlives the loader: memory that nobody frees, probes that run for nobody.

    ## Example
    ```console
    $ bpflint check . --run 'build/loader --once'
    ```

    ## Use instead
    Remove pins and detach on the way out, or say that they are meant to stay.

    ## Known limits
    The command runs as root in a guest without network or disk: an executable with the libraries it asks for.
    """

    meta = RuleMeta(
        code="BPF804", name="objects-left-behind", summary="a loader leaves kernel objects behind",
        severity=Severity.WARNING, confidence=Confidence.CERTAIN,
    )  # fmt: skip
