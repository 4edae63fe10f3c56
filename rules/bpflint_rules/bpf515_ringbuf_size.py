"""BPF515: is a ring buffer's size one that the kernel takes?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, MapDef, Rule, RuleMeta, Severity, Unit
from bpflint_rules._loaders import loaders

_PAGE = 4096
_LARGE_PAGE = 65536
_LARGE_PAGES = frozenset(("ppc64le",))
"""Targets whose kernels have pages of 64 KiB in every distribution; arm64's have in few."""


class RingbufSize(Rule):
    """A ring buffer's `max_entries` is not a power of two times the page size.

    ## What it does
    Checks `max_entries` of ring buffers, which is their size in bytes: a power of two, at least a page.

    ## Why is this bad
    The kernel answers -EINVAL, and so does cilium/ebpf. libbpf 1.0 and aya round the number up, and the buffer is
    larger than written. A size of 4 KiB fails alike on a kernel with pages of 64 KiB.

    ## Example
    ```c
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 10000);
    ```

    ## Use instead
    ```c
    __uint(max_entries, 256 * 1024);
    ```

    ## Known limits
    A size of 0 is set by the loader, and not judged. A size that is good for pages of 4 KiB alone is info, and so is
    one that the program's loader is seen to round up; where no loader is seen, a wrong size is a warning.
    """

    meta = RuleMeta(
        code="BPF515", name="ringbuf-size", summary="a ring buffer whose size no kernel takes",
        severity=Severity.ERROR,
        references=("https://docs.kernel.org/bpf/ringbuf.html",),
    )  # fmt: skip

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report sizes that are no power of two times a page, or one of small pages only."""
        size = map_.max_entries
        if unit.side != "bpf" or map_.kind not in ("ringbuf", "user_ringbuf") or not size:
            return
        if size % _PAGE or size & (size - 1):
            severity = _severity(loaders(unit, ctx))
            good = max(_PAGE, 1 << (size - 1).bit_length())
            what = "the loader makes it" if severity is Severity.INFO else "for instance"
            yield self.finding(
                map_.span, f"`{map_.name}` has {size} bytes: the kernel takes a power of two times the page size, "
                f"{what} {good}",
                subject=map_.name, severity=severity,
            )  # fmt: skip
        elif size < _LARGE_PAGE and (large := sorted(_LARGE_PAGES & set(ctx.settings.targets))):
            yield self.finding(
                map_.span, f"`{map_.name}` has {size} bytes: too small for kernels with pages of 64 KiB, which "
                f"{', '.join(large)} may have; libbpf 1.0 rounds it up, other loaders fail",
                subject=map_.name, severity=Severity.INFO, targets=large,
            )  # fmt: skip


def _severity(found: frozenset[str]) -> Severity:
    """cilium/ebpf hands the number to the kernel as it is (map.go); libbpf's adjust_ringbuf_sz and aya's
    adjust_to_page_size round it up.
    """
    if "go" in found:
        return Severity.ERROR
    return Severity.INFO if found else Severity.WARNING
