"""BPF004: a paired struct is not in the object's BTF; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class StructMissingFromBtf(Rule):
    """A paired struct is not in the object's BTF.

    ## What it does
    Says that a struct which both sides share is absent from the types of the compiled object that was given.

    ## Why is this bad
    clang drops types that no map or program refers to: tools that take layouts from BTF do not see them.

    ## Example
    ```c
    struct event { __u32 pid; };   // only ever cast from bytes
    ```

    ## Use instead
    ```c
    struct event *unused_event __attribute__((unused));
    ```

    ## Known limits
    Only where an object is given (`--object`) and its source is in the project.
    """

    meta = RuleMeta(
        code="BPF004",
        name="struct-missing-from-btf",
        summary="a paired struct is not in the object's BTF",
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
    )
