"""BPF010: a user type could meet several BPF types; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class AmbiguousPair(Rule):
    """A user type could meet several BPF types.

    ## What it does
    Says that a map carries events of several types and nothing tells which one the user's type is.

    ## Why is this bad
    A guess could be wrong, so nothing is compared.

    ## Example
    ```python
    event = ct.cast(data, ct.POINTER(Event)).contents   # the map carries `open_event` and `close_event`
    ```

    ## Use instead
    ```python
    class Event(ct.Structure):  # bpflint: pair=open_event
    ```

    ## Known limits
    Equal names or like fields settle it without a comment.
    """

    meta = RuleMeta(
        code="BPF010",
        name="ambiguous-pair",
        summary="a user type could meet several BPF types",
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
    )
