"""BPF118: would the project's own field-alignment fixer take a shared struct apart?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import (
    Codec,
    Context,
    Field,
    Finding,
    Member,
    Pair,
    Record,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    abi,
    lay_out,
)  # fmt: skip
from bpflint_rules._pairs import confidence_of, subject_name, where


class ReorderHazard(Rule):
    """The project runs a field-alignment fixer, which would reorder a struct that BPF shares.

    ## What it does
    Where the linters' configuration or a `go:generate` line names `fieldalignment`, lays out each shared Go struct with
    its fields sorted as the fixer sorts them, and reports those that would get smaller and are not protected.

    ## Why is this bad
    The fixer moves fields to save padding. It knows nothing of the C side: afterwards every field is read from the
    wrong place, and the change looks like a tidy-up.

    ## Example
    ```go
    type event struct { Kind uint8; _ [7]byte; Ts uint64; Flags uint8; _ [7]byte; Pid uint64 }
    ```

    ## Use instead
    Say so at the struct, or let the compiler know:
    ```go
    type event struct { //nolint:govet // shared with BPF
        _ structs.HostLayout
    ```

    ## Known limits
    Silent in projects that do not name the fixer.
    """

    meta = RuleMeta(
        code="BPF118", name="reorder-hazard", summary="a field-alignment fixer would break a shared struct",
        severity=Severity.INFO, cross_file=True,
        references=("https://github.com/elastic/go-libaudit/pull/118",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at the Go structs of all pairs."""
        fixer = next((found for unit in ctx.project.user_units() if (found := unit.sources.get("fieldalignment"))), "")
        seen: set[object] = set()
        for pair in ctx.project.pairs if fixer else ():
            decl = pair.user.type
            if not isinstance(decl, RecordDecl) or decl.language != "go" or decl.key() in seen:
                continue
            seen.add(decl.key())
            saved = _saved(decl, ctx)
            if saved and not _protected(decl):
                yield self._finding(pair, decl, saved, fixer)

    def _finding(self, pair: Pair, decl: RecordDecl, saved: int, fixer: str) -> Finding:
        return self.finding(
            decl.span or pair.user.span,
            f"fieldalignment ({fixer}) would reorder `{decl.name}`, {where(pair)}, to save {saved} bytes: protect it",
            subject=decl.name, confidence=confidence_of(pair),
            related=[Related(pair.bpf.span, "bpf-side", f"the BPF side: {subject_name(pair.bpf.name)}")],
        )  # fmt: skip


def _saved(decl: RecordDecl, ctx: Context) -> int:
    """The bytes that sorting the fields by alignment, then size, saves on a 64-bit target; 0 where unknown."""
    record: Record = ctx.layout(decl, "x86_64", Codec.GO)
    if record.opaque is not None:
        return 0
    fields = [item for item in record.fields if item.size]
    end = 0
    largest = 8
    for item in sorted(fields, key=lambda item: (-_align(item), -item.size)):
        align = _align(item)
        end = -(-end // align) * align + item.size
        largest = max(largest, align)
    best = -(-end // largest) * largest
    return max(record.size - best, 0) // 8


def _align(item: Field) -> int:
    if item.record is not None:
        return int(item.record.align)
    alone = RecordDecl("", "struct", (Member("x", item.type),), "go", Codec.GO)
    return int(lay_out(alone, abi("x86_64")).align)


def _protected(decl: RecordDecl) -> bool:
    return "HostLayout" in decl.attributes or "nolint" in decl.comment or any(
        item.startswith("generated:") for item in decl.attributes
    )
