"""BPF005: a compiled object no longer matches its source; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class StaleObject(Rule):
    """A compiled object no longer matches its source.

    ## What it does
    Compares the records and maps of a compiled object with those of its source, by content, never by time.

    ## Why is this bad
    What is loaded is not what was reviewed: a user side that was adapted to the source decodes the object's old bytes.

    ## Example
    ```console
    $ bpflint scan . --object 'build/*.o'
    ```

    ## Use instead
    Build the object again.

    ## Known limits
    Records of one name whose sizes or offsets differ, and maps whose key or value sizes do.
    """

    meta = RuleMeta(
        code="BPF005",
        name="stale-object",
        summary="a compiled object no longer matches its source",
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
    )
