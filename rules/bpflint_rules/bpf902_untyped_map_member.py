"""BPF902: does a map say how large its keys and values are, but not what they are?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Context,
    Finding,
    MapDef,
    Rule,
    RuleMeta,
    Severity,
    Unit,
)  # fmt: skip
from bpflint_rules._modernise import allows_gate

_TYPED = frozenset(
    ("hash", "array", "percpu_hash", "percpu_array", "lru_hash", "lru_percpu_hash", "lpm_trie", "sk_storage",
     "task_storage", "inode_storage", "cgrp_storage")
)  # fmt: skip


class UntypedMapMember(Rule):
    """A map gives the sizes of its key and value, not their types.

    ## What it does
    Finds maps with `__uint(key_size, …)` or `__uint(value_size, …)` whose type can carry types in BTF.

    ## Why is this bad
    Without types bpftool prints bytes, and nothing can compare the program's types with the map's, or user space's.

    ## Example
    ```c
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(struct flow));
    ```

    ## Use instead
    ```c
    __type(key, __u32);
    __type(value, struct flow);
    ```

    ## Known limits
    Advice only: it is given where `min-kernel` is configured and new enough. Maps of maps, of programs, sockets and
    perf buffers take no types and are not reported.
    """

    meta = RuleMeta(
        code="BPF902", name="untyped-map-member", severity=Severity.INFO,
        summary="a map gives the sizes of its key and value, not their types",
        references=("https://docs.kernel.org/bpf/btf.html",),
    )  # fmt: skip

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report a map whose sizes are given and whose types are not."""
        if unit.side != "bpf" or map_.style != "btf" or map_.external or map_.kind not in _TYPED:
            return
        bare = [
            word for word, type_, size in (("key", map_.key, map_.key_size), ("value", map_.value, map_.value_size))
            if type_ is None and size
        ]  # fmt: skip
        if bare and allows_gate("typed-members", ctx):
            yield self.finding(
                map_.span, f"`{map_.name}` has no type for its {' and '.join(bare)}: `__type({bare[0]}, …)` names it",
                subject=map_.name,
            )  # fmt: skip
