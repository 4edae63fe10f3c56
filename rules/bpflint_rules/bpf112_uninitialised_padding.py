"""BPF112: do bytes of a map key reach the kernel that the program never wrote?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Reach, Rule, RuleMeta, Severity, Unit
from bpflint_rules._claims import padding_claim
from bpflint_rules._unset import Unset, is_hashed, unset


class UninitialisedPadding(Rule):
    """A key, or other memory that a helper reads, has bytes that were never written: padding, or whole fields.

    ## What it does
    Follows each local whose address goes to a helper along every path, byte by byte: assignments, `memset`, copies,
    unions, loops with constant bounds, helpers that fill memory, functions of the unit. Padding counts.

    ## Why is this bad
    A hash map hashes and compares all bytes of its key. Those that were never written hold what the stack held: the
    entry is not found again, and is made twice. Linux 5.10.218 still rejects such a program (`invalid indirect read
    from stack`); 5.10.223 and every later kernel tried (6.1, 6.12, 6.18, 7.2) load it for a privileged user, and
    from 6.18 mostly for CAP_BPF alone too.

    ## Example
    ```c
    struct key { __u32 address; __u8 proto; };
    struct key key;                             // 3 bytes of tail
    key.address = address;
    key.proto = proto;
    bpf_map_lookup_elem(&flows, &key);
    ```

    ## Use instead
    ```c
    struct key key;
    __builtin_memset(&key, 0, sizeof(key));
    ```

    ## Known limits
    Padding that an initialiser list leaves to the compiler is BPF111's. Silent about keys of arrays and of LPM tries,
    about what a function outside the file may have written, and about writes through a pointer or index that is not
    known. Memory that a helper other than a map's reads is a warning.
    """

    meta = RuleMeta(
        code="BPF112", name="uninitialised-padding", summary="bytes that were never written are part of a map key",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report keys, then other memory that helpers read."""
        for item in unset(unit, ctx, lambda reach: is_hashed(reach, unit), _missing):
            yield self._report(item, unit, ctx, f"`{item.name}`, key of map `{item.reach.map}`,", Severity.ERROR,
                               "the entry is not found again")  # fmt: skip
        for item in unset(unit, ctx, lambda reach: reach.role == "input", _missing):
            yield self._report(item, unit, ctx, f"`{item.name}`, read by `{item.reach.reader.callee}()`,",
                               Severity.WARNING, "the helper reads what the stack held")  # fmt: skip

    def _report(self, item: Unset, unit: Unit, ctx: Context, what: str, severity: Severity, so: str) -> Finding:
        return self.finding(
            item.place, f"{what} {item.words(ctx, unit)}: {so}; {item.remedy()}", subject=item.subject,
            severity=severity, confidence=item.confidence, related=item.related(), flow=item.steps(),
            fixes=item.fixes(unit), claim=padding_claim(item.reach, item.bits, unit, always=item.always),
        )  # fmt: skip


def _missing(reach: Reach) -> int:
    return reach.sometimes & ~reach.loose if reach.object.kind == "local" else 0
