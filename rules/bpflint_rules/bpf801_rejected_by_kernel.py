"""BPF801: a real kernel refuses the program; check mode says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class RejectedByKernel(Rule):
    """A real kernel refuses to load the program.

    ## What it does
    `bpflint check` loads each program alone on every kernel that was asked for, and maps the last instruction of the
    verifier's log to its source line. The class of the fault is told with it: bounds, nullable, uninitialised,
    reference, range, type, capability, helper, lock, context, loop, licence, instruction, map, object, or environment.

    ## Why is this bad
    The program does not start there. Kernels differ: newer ones refuse less, and some refuse what older ones took.

    ## Example
    ```c
    value = bpf_map_lookup_elem(&flows, &key);
    value->seen++;          // R0 invalid mem access 'map_value_or_null'
    ```

    ## Use instead
    What the verifier's words ask for; `bpflint check --output record=FILE` keeps the whole end of its log.

    ## Known limits
    The object is built with the compiler at hand, common flags, and the `-mcpu` of the nearest build file: what else a
    project's own build changes is not seen. Sizes of maps that are left to the loader are made up. Class `environment`
    (severity info) is what another configuration of the same kernel, or the program's own loader, would mend. A refusal
    before the verifier looked, for want of rights or memory, is none. A refusal that a confirmed finding explains is
    not told again.
    """

    meta = RuleMeta(
        code="BPF801", name="rejected-by-kernel", summary="a real kernel refuses the program",
        severity=Severity.ERROR, confidence=Confidence.CERTAIN,
        references=("https://docs.kernel.org/bpf/verifier.html",),
    )  # fmt: skip
