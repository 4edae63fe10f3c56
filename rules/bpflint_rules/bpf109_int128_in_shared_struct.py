"""BPF109: does a shared struct hold a 128-bit integer?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Array,
    Bits,
    Cause,
    Confidence,
    Context,
    Finding,
    MapDef,
    Member,
    MismatchKind,
    Pair,
    RecordDecl,
    Rule,
    RuleMeta,
    Scalar,
    Severity,
    Type,
    Unit,
    Use,
    Width,
    abi,
    lay_out,
)  # fmt: skip
from bpflint_rules._pairs import led_by, pair_finding, where

_NARROW = ("arm", "i386")


class Int128InSharedStruct(Rule):
    """A struct that BPF and user space share has an `__int128` member.

    ## What it does
    Finds `__int128` in map keys, values and events: where the user side lays it out otherwise (an error, both sides
    shown); where no user type was seen and its 16-byte alignment opens a hole that a mirror made of two 64-bit integers
    would lack (info); and in a header that user space includes, where 32-bit targets have no such type.

    ## Why is this bad
    clang aligns it to 16 bytes for BPF, ctypes and generated mirrors to 8: every field from there on is shifted. Six
    tools of one project read ports as zero for that reason.

    ## Example
    ```c
    struct ipv6_event { __u64 ts; unsigned __int128 saddr; };   // saddr at byte 16, not 8
    ```

    ## Use instead
    ```c
    struct ipv6_event { __u64 ts; __u8 saddr[16]; };
    ```

    ## Known limits
    Without a user type that reads the bytes, an `__int128` at a multiple of 16 is not reported: both alignments agree.
    In a shared header it is info unless a 32-bit target is configured.
    """

    meta = RuleMeta(
        code="BPF109", name="int128-in-shared-struct", summary="`__int128` in shared bytes is laid out in two ways",
        severity=Severity.WARNING, references=("https://github.com/iovisor/bcc/issues/3044",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a mirror that disagrees because of the alignment, and a shared header that 32-bit users include."""
        hits = led_by(pair, ctx, tuple(MismatchKind), (Cause.INT128,))
        if hits:
            lead = hits[0][1]
            message = (
                f"`__int128` in {where(pair)} is aligned to 16 bytes in BPF and to 8 on the user side: "
                f"`{lead.user_path or lead.bpf_path}` is {lead.detail}"
            )
            yield from pair_finding(self, pair, hits, message, severity=Severity.ERROR)
        elif pair.bpf.span == pair.user.span and isinstance(pair.bpf.type, RecordDecl):
            narrow = any(target in _NARROW for target in ctx.settings.targets)
            for member in _int128(pair.bpf.type):
                yield self.finding(
                    member.span or pair.bpf.span,
                    f"`{member.name}` of {where(pair)} {_verb(member)} an `__int128` in a header both sides include: "
                    "32-bit user space has no such type",
                    subject=f"{pair.bpf.name}.{member.name}", targets=_NARROW, confidence=Confidence.HIGH,
                    severity=Severity.WARNING if narrow else Severity.INFO,
                )  # fmt: skip
                break

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Note an `__int128` whose alignment opens a hole, in bytes for which no user type was seen."""
        if unit.side != "bpf" or unit.language != "c":
            return
        seen: set[object] = set()
        for decl, what in _shared(unit):
            if decl.key() in seen or decl.span is None:
                continue
            seen.add(decl.key())
            for member in _misaligned(decl):
                if any(pair.bpf.span == decl.span for pair in ctx.project.pairs):
                    break
                yield self.finding(
                    member.span or decl.span,
                    f"`{member.name}` of `{decl.name}` ({what}) {_verb(member)} an `__int128`: clang opens a hole "
                    "to align it to 16 bytes, mirrors that align it to 8 have none",
                    subject=f"{decl.name}.{member.name}", severity=Severity.INFO,
                )  # fmt: skip
                break


def _verb(member: Member) -> str:
    return "is" if isinstance(member.type, Scalar) else "holds"


def _shared(unit: Unit) -> Iterator[tuple[RecordDecl, str]]:
    maps: tuple[MapDef, ...] = unit.maps
    for item in maps:
        for type_, role in ((item.key, "key"), (item.value, "value")):
            if isinstance(type_, RecordDecl) and item.style != "global":
                yield type_, f"{role} of map `{item.name}`"
    uses: tuple[Use, ...] = unit.uses
    for use in uses:
        if use.role == "event" and isinstance(use.type, RecordDecl):
            yield use.type, f"event of `{use.map}`"


def _int128(decl: RecordDecl) -> Iterator[Member]:
    """The members that are one, those of anonymous structs and unions by their own names."""
    for member in decl.members:
        if not member.name and isinstance(member.type, RecordDecl):
            yield from _int128(member.type)
        elif _is_int128(member.type):
            yield member


def _is_int128(type_: Type) -> bool:
    match type_:
        case Scalar(width=width):
            return width is Width.INT128
        case Array(element=element):
            return _is_int128(element)
        case RecordDecl(members=members):
            return any(_is_int128(member.type) for member in members)
        case _:
            return False


def _misaligned(decl: RecordDecl) -> Iterator[Member]:
    """Members whose offset is another when `__int128` is aligned to 8 bytes."""
    from dataclasses import replace

    target = abi("bpfel")
    ours = lay_out(decl, target)
    theirs = lay_out(decl, replace(target, int128_align=Bits(64)))
    if ours.opaque or theirs.opaque:
        return
    for member, one, other in zip(decl.members, ours.fields, theirs.fields, strict=False):
        if one.offset != other.offset and _is_int128(member.type):
            yield member
