"""BPF107: does the platform decide the width or sign of a shared field?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Array,
    Binary,
    Cause,
    Codec,
    Comparison,
    Confidence,
    Constant,
    Context,
    Enum,
    Expr,
    Finding,
    Member,
    MismatchKind,
    Pair,
    Pointer,
    RecordDecl,
    Rule,
    RuleMeta,
    Scalar,
    Select,
    Severity,
    Type,
    Unit,
    Width,
    compare_pair,
    expressions,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._pairs import both_sides, confidence_of, led_by, pair_finding, where

_NARROW = ("arm", "i386")
_UNSIGNED_CHAR = ("arm", "arm64", "ppc64le", "riscv64", "s390x")
"""Plain `char` is unsigned there (AAPCS64 10.1.2 and its psABI siblings), signed on x86 and for BPF."""
_SIGNS = frozenset(("<", "<=", ">", ">=", "==", "!="))


class ArchDependentType(Rule):
    """A struct that BPF and C user space share has a `long`, a pointer, a `size_t` or a plain `char` with a sign.

    ## What it does
    Lays out each C type of the user side for the configured targets and for 32-bit ones, and reports where the width of
    such a member makes the bytes differ: an error on a configured target, a warning with the names of the others. A
    plain `char` is reported where user space compares it with a negative number.

    ## Why is this bad
    BPF has 64-bit `long` and pointers on every machine; 32-bit user space has 4 bytes. `char` is unsigned on arm64, so
    `-1` arrives as 255.

    ## Example
    ```c
    struct event { long retval; };      // event.h, included by both sides
    ```

    ## Use instead
    ```c
    struct event { __s64 retval; };
    ```

    ## Known limits
    Where all configured `targets` agree, what 32-bit ones would make of it is information. Types of ctypes mirrors are
    BPF142's, those of `struct` formats BPF140's, `dev_t` and its kind BPF116's.
    """

    meta = RuleMeta(
        code="BPF107", name="arch-dependent-type", summary="the platform decides the width of a shared field",
        severity=Severity.WARNING, cross_file=True,
        references=("https://github.com/libbpf/libbpf/issues/433", "https://github.com/libbpf/bpftool/pull/80"),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report the first member that a platform decides."""
        theirs = pair.user.type
        if pair.user.codec is not Codec.C or not isinstance(theirs, RecordDecl):
            return
        hits = led_by(pair, ctx, tuple(MismatchKind), (Cause.PLATFORM_TYPE,))
        if hits:
            lead = hits[0][1]
            message = f"`{lead.user_path or lead.bpf_path}` of {where(pair)} has a platform's width: {lead.detail}"
            yield from pair_finding(self, pair, hits, message, severity=Severity.ERROR)
            return
        if any(item.mismatches for item in ctx.comparisons(pair)):
            return  # they differ for another reason, which another rule tells
        differing = [item for item in compare_pair(pair, _NARROW) if item.cause is Cause.PLATFORM_TYPE]
        member = _first(theirs)
        if not differing or member is None:
            return
        owner, found, type_ = member
        yield self.finding(
            found.span or pair.user.span,
            f"`{found.name}` of {where(pair)} is `{_name(type_)}`: 8 bytes in BPF, 4 in user space on "
            f"{_names(differing)}",
            subject=f"{owner.name}.{found.name}", targets=[item.target for item in differing],
            confidence=confidence_of(pair), severity=Severity.INFO, table=both_sides(differing[0]),
        )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report plain `char` members of shared structs that user space compares with negative numbers."""
        shared = {
            pair.user.type.name: pair for pair in ctx.project.pairs
            if pair.user.codec is Codec.C and isinstance(pair.user.type, RecordDecl) and pair.user.type.name
        }  # fmt: skip
        seen: set[tuple[str, str]] = set()
        for unit in ctx.project.user_units():
            for place in _signed_reads(unit):
                pair = shared.get(place.owner)
                if pair is None or place.span is None or (place.owner, place.field) in seen:
                    continue
                seen.add((place.owner, place.field))
                yield self.finding(
                    place.span,
                    f"`{place.field}` of {where(pair)} is a plain `char`, unsigned on {', '.join(_UNSIGNED_CHAR)}: "
                    "it is never negative there",
                    subject=f"{place.owner}.{place.field}:sign", targets=_UNSIGNED_CHAR, confidence=Confidence.MEDIUM,
                )  # fmt: skip


def _first(decl: RecordDecl) -> tuple[RecordDecl, Member, Type] | None:
    """The first member whose width a platform decides, also of a nested record, with the record that declares it."""
    for member in decl.members:
        inner = member.type
        while isinstance(inner, Array):
            inner = inner.element
        if isinstance(inner, RecordDecl):
            found = _first(inner)
            if found is not None:
                return found
        elif isinstance(inner, Pointer) or (isinstance(inner, Scalar) and inner.width in (Width.LONG, Width.POINTER)):
            return decl, member, inner
    return None


def _name(type_: Type) -> str:
    match type_:
        case Scalar():
            return type_.name
        case Pointer(spelling=spelling):
            return spelling
        case Enum():
            return type_.name
        case _:
            return "a platform type"


def _names(items: list[Comparison]) -> str:
    return " and ".join(item.target for item in items)


def _signed_reads(unit: Unit) -> Iterator[Select]:
    """`e->state < 0`, `e->state == -1` where `state` is a plain char."""
    for function in unit.functions:
        for op in operations(function):
            for expr in expressions(op):
                if not isinstance(expr, Binary) or expr.op not in _SIGNS:
                    continue
                for one, other in ((expr.left, expr.right), (expr.right, expr.left)):
                    place = strip(one)
                    if isinstance(place, Select) and _plain_char(place.type) and _below_zero(expr.op, other):
                        yield place


def _plain_char(type_: Type | None) -> bool:
    return isinstance(type_, Scalar) and type_.kind == "char" and type_.signed is None


def _below_zero(op: str, expr: Expr) -> bool:
    inner = strip(expr)
    if not isinstance(inner, Constant) or not isinstance(inner.value, int):
        return False
    return inner.value < 0 or (inner.value == 0 and op in ("<", ">="))
