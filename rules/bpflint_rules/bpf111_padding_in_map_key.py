"""BPF111: does an initialiser list leave padding of a map key to the compiler?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Confidence,
    Context,
    Finding,
    Reach,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    holes,
    show_bytes,
)
from bpflint_rules._claims import padding_claim
from bpflint_rules._padding_fix import padding_fix
from bpflint_rules._unset import Unset, is_hashed, unset


class PaddingInMapKey(Rule):
    """A key that is built by an initialiser list has a hole or a tail that the list cannot name.

    ## What it does
    Follows the keys that the program builds, byte by byte, and reports a key type whose padding is left to an
    initialiser list (`= { .pid = pid }`). Padding that no list covers, and no code writes, is BPF112's. Where the user
    side is known, a fix writes the padding out on both.

    ## Why is this bad
    The kernel hashes and compares all bytes of the key. C leaves padding undefined after designated initialisers,
    and clang writes the members one by one unless most of a larger struct is zero: equal keys may not meet. Linux
    5.10.218 refuses to read such a key from the stack at all; 5.10.223 and later kernels take it.

    ## Example
    ```c
    struct key { __u32 pid; __u8 kind; };     // 3 bytes of tail
    struct key k = { .pid = pid, .kind = kind };
    bpf_map_lookup_elem(&counts, &k);
    ```

    ## Use instead
    ```c
    struct key { __u32 pid; __u8 kind; __u8 pad[3]; };
    ```

    ## Known limits
    Silent where every key that the program builds is cleared (`memset`, `= {}`), copied from another, or so large and
    empty that clang clears it first; silent about keys of LPM tries. User space must clear them as well.
    """

    meta = RuleMeta(
        code="BPF111", name="padding-in-map-key", summary="a map key has padding that takes part in the hash",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM,
        references=("https://github.com/sched-ext/scx/pull/3693",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report keys with padding, each type once."""
        seen: set[object] = set()
        for item in unset(unit, ctx, lambda reach: is_hashed(reach, unit), _left):
            key = item.reach.object.type
            if isinstance(key, RecordDecl) and key.key() not in seen and holes(ctx.layout(key, "bpfel")):
                seen.add(key.key())
                yield self._report(item, key, unit, ctx)

    def _report(self, item: Unset, key: RecordDecl, unit: Unit, ctx: Context) -> Finding:
        padding = holes(ctx.layout(key, "bpfel"))
        hole, size = padding[0], sum(item.size for item in padding)
        after = hole.after.split(".")[0].split("[")[0]
        member = next((item for item in key.members if item.name == after), None)
        what = "of tail" if hole.tail else f"before `{hole.before}`"
        map_ = next(map_ for map_ in unit.maps if map_.name == item.reach.map)
        return self.finding(
            (member.span if member is not None else None) or key.span or item.place,
            f"`{key.name or 'the key'}`, key of {map_.kind} map `{map_.name}`, has {show_bytes(size)} "
            f"{'byte' if size == 8 else 'bytes'} of padding (first {what}); `{item.name}` in "
            f"`{item.reach.function.name}()` is set by an initialiser list",
            subject=f"{key.name or map_.name}:{after}",
            related=[Related(item.declared, "key", "the key is built here"), Related(map_.span, "map", "the map"),
                     Related(item.place, "use", "its bytes are hashed here")],
            claim=padding_claim(item.reach, item.bits, unit, always=item.always),
            fixes=padding_fix(key, ctx.project.pairs, ctx),
        )  # fmt: skip


def _left(reach: Reach) -> int:
    """Padding that a list leaves open, where that is all that is missing."""
    local = reach.object.kind == "local"
    return reach.loose if local and not reach.sometimes & ~reach.loose else 0
