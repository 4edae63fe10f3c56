"""BPF130: does a Rust type cross the kernel boundary in Rust's own layout?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Codec,
    Confidence,
    Context,
    Finding,
    Opaque,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    Use,
)  # fmt: skip
from bpflint_rules._rust import OWN_LAYOUT, Held, held_types, is_own_enum, rust_uses, where

_PROMISES = ("aya::Pod", "plain::Plain")
"""Traits whose only purpose is that bytes of the kernel become the type, or the reverse."""


class RustMissingReprC(Rule):
    """A struct or enum that the kernel side shares is laid out by Rust's own rules.

    ## What it does
    Looks at every type that Rust code gives to a map or decodes from one, and at the types inside of it, and reports
    those without `repr(C)`. A type that is promised to be plain data (`unsafe impl aya::Pod`) counts as shared.

    ## Why is this bad
    Without `repr(C)` the compiler may reorder fields, and does so to save padding; two builds may differ. The bytes of
    the kernel then land in other fields. `repr(C)` on the outer struct does not reach the structs inside of it.

    ## Example
    ```rust
    struct Event { kind: u8, ts: u64, pid: u32 }
    unsafe impl aya::Pod for Event {}
    ```

    ## Use instead
    ```rust
    #[repr(C)]
    #[derive(Clone, Copy)]
    struct Event { kind: u8, ts: u64, pid: u32 }
    ```

    ## Known limits
    A struct with one field that takes bytes is laid out as that field and is not reported. Types behind generic
    parameters are judged where the parameter is known. An `Option` inside of a `repr(C)` type is a warning where the
    programs are Rust as well: both sides have one declaration, and one compiler lays it out alike.
    """

    meta = RuleMeta(
        code="BPF130", name="rust-missing-repr-c", summary="a shared type in Rust's own layout",
        severity=Severity.ERROR,
        references=("https://github.com/foniod/redbpf/issues/58",
                    "https://doc.rust-lang.org/reference/type-layout.html#the-rust-representation"),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the types of a unit's uses, then promises that no use was seen of."""
        seen: set[object] = set()
        for use in rust_uses(unit):
            outer = use.type if isinstance(use.type, RecordDecl) else None
            for held in held_types(use.type):
                for finding in self._judge(held, outer, use, ctx):
                    if finding.subject not in seen:
                        seen.add(finding.subject)
                        yield finding
        for record in unit.records if unit.language == "rust" else ():
            if _plain(record) not in seen:
                yield from self._promised(record)

    def _judge(self, held: Held, outer: RecordDecl | None, use: Use, ctx: Context) -> Iterator[Finding]:
        type_ = held.type
        if isinstance(type_, RecordDecl) and type_.codec is Codec.RUST and type_.span is not None:
            inside = outer is not None and outer is not type_
            place = f"inside of `{outer.name}`, {where(use)}" if inside and outer is not None else where(use)
            yield self._finding(type_.span, f"`{type_.name}`", place, _plain(type_), use, "may reorder its fields")
        elif is_own_enum(type_) and isinstance(type_, Opaque):
            span = held.member.span if held.member is not None else use.span
            what = f"enum `{type_.spelling}`"
            yield self._finding(span or use.span, what, where(use), type_.spelling, use, "chooses its size and values")
        elif isinstance(type_, Opaque) and type_.reason == OWN_LAYOUT and held.member is not None:
            span, owner = held.member.span, held.owner.name if held.owner is not None else ""
            message = f"`{owner}.{held.member.name}`, {where(use)}, is `{type_.spelling}`: it has no layout to rely on"
            alone = all(unit.language == "rust" for unit in ctx.project.bpf_units())
            yield self.finding(
                span or use.span, message, subject=f"{owner}.{held.member.name}", related=[_shared(use)],
                severity=Severity.WARNING if alone else None,
            )  # fmt: skip

    def _finding(self, span: Span, what: str, place: str, subject: str, use: Use, why: str) -> Finding:
        message = f"{what} has no `repr` but crosses the kernel boundary ({place}): the compiler {why}"
        return self.finding(span, message, subject=subject, related=[_shared(use)])

    def _promised(self, record: RecordDecl) -> Iterator[Finding]:
        promise = next((item for item in _PROMISES if f"trait {item}" in record.attributes), "")
        if record.codec is not Codec.RUST or not promise or record.span is None:
            return
        yield self.finding(
            record.span,
            f"`{record.name}` has no `repr`, yet `unsafe impl {promise.rpartition('::')[2]}` promises that its bytes "
            "are the kernel's: the compiler may reorder its fields",
            subject=_plain(record), severity=Severity.WARNING, confidence=Confidence.MEDIUM,
        )  # fmt: skip


def _plain(record: RecordDecl) -> str:
    """The name without generic arguments: one declaration is one fault."""
    return record.names[0] if record.names else record.name


def _shared(use: Use) -> Related:
    return Related(use.span, "use", f"{use.op}, {where(use)}")
