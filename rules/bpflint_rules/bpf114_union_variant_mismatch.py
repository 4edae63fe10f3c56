"""BPF114: do a Rust enum and the C union it mirrors put tag and payload at the same bytes?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bpflint.api import (
    Array,
    Bits,
    Codec,
    Context,
    Enum,
    Field,
    Finding,
    Pair,
    Record,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Scalar,
    Severity,
    Span,
    Type,
    dataclass,
    leaves,
    show_bytes,
)  # fmt: skip
from bpflint_rules._pairs import both_sides, confidence_of, where
from bpflint_rules._rust import held_types


class UnionVariantMismatch(Rule):
    """A Rust enum with payload and the tagged union of the BPF side disagree about tag or payload.

    ## What it does
    Finds the `repr` enum with fields in a Rust type and the union with an integer in front of it in the BPF type that
    it meets, lays both out, and compares where the tag and where the payload begin.

    ## Why is this bad
    `repr(C)` lays an enum out as a struct of tag and union (RFC 2195): a payload with a `u64` moves the tag to the next
    multiple of 8, while C keeps a `__u32 kind;` right behind the field before it. The tag is then read from other
    bytes.

    ## Example
    ```c
    struct event { __u64 ts; __u32 pid; __u32 kind; union { struct opened opened; struct exited exited; }; };
    ```
    ```rust
    #[repr(C)] struct Event { ts: u64, pid: u32, payload: Payload }     // enum Payload { Opened { inode: u64 }, … }
    ```

    ## Use instead
    ```c
    struct event { __u64 ts; __u32 pid; struct { __u32 kind; union { … }; }; };
    ```

    ## Known limits
    One enum and one tagged union a pair; the variants themselves are compared by BPF102 to BPF104.
    """

    meta = RuleMeta(
        code="BPF114", name="union-variant-mismatch", summary="a Rust enum and a C union differ in their places",
        severity=Severity.ERROR, cross_file=True,
        references=("https://rust-lang.github.io/rfcs/2195-really-tagged-unions.html",
                    "https://github.com/exein-io/pulsar"),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a pair whose tagged unions begin at different bytes."""
        if pair.user.codec is not Codec.RUST_C or not isinstance(pair.user.type, RecordDecl):
            return
        records = [held.type for held in held_types(pair.user.type) if isinstance(held.type, RecordDecl)]
        user = _ordered(pair.user.type) if any("enum" in item.attributes for item in records) else None
        if not isinstance(user, RecordDecl):
            return
        hits = [
            (item, found) for item in ctx.comparisons(pair)
            if (found := _difference(item.bpf, ctx.layout(user, item.target))) is not None
        ]  # fmt: skip
        if not hits:
            return
        comparison, (theirs, ours, text) = hits[0]
        yield self.finding(
            theirs.span or pair.user.span,
            f"`{theirs.name}` of {where(pair)} is a Rust enum: {text}",
            subject=f"{pair.user.name}.{theirs.name}", targets=[item.target for item, _ in hits],
            confidence=confidence_of(pair), table=both_sides(comparison),
            related=[Related(ours.span or pair.bpf.span, "bpf-side", "the tagged union of the BPF side")],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A tag and the union behind it, at absolute places."""

    name: str
    tag: Bits
    payload: Bits
    span: Span | None


def _ordered(type_: Type) -> Type:
    """The type with what Rust may reorder kept in order: where a tag and a payload begin rests on alignments alone."""
    match type_:
        case RecordDecl(members=members, codec=codec):
            kept = tuple(replace(item, type=_ordered(item.type)) for item in members)
            return replace(type_, members=kept, codec=Codec.RUST_C if codec is Codec.RUST else codec)
        case Array(element=element):
            return replace(type_, element=_ordered(element))
        case _:
            return type_


def _difference(bpf: Record | None, user: Record) -> tuple[_Tagged, _Tagged, str] | None:
    if bpf is None or bpf.opaque or user.opaque:
        return None
    theirs, ours = list(_enums(user, 0)), list(_unions(bpf, 0))
    if len(theirs) != 1 or len(ours) != 1:
        return None
    one, other = theirs[0], ours[0]
    tags = f"its tag is at byte {show_bytes(one.tag)}, that of the BPF side at {show_bytes(other.tag)}"
    if one.payload != other.payload:
        payloads = f"its payload begins at byte {show_bytes(one.payload)}, the union at {show_bytes(other.payload)}"
        return one, other, payloads if one.tag == other.tag else tags
    if one.tag != other.tag and not _number_at(bpf, one.tag):
        return one, other, tags
    return None


def _number_at(record: Record, offset: Bits) -> bool:
    """Another field than the one before the union may be the tag."""
    return any(leaf.offset == offset and isinstance(leaf.field.type, Scalar | Enum) for leaf in leaves(record))


def _enums(record: Record, base: int) -> Iterator[_Tagged]:
    """The `repr` enums with payload in a Rust type, those inside of variants left out."""
    if "enum" in record.decl.attributes and (found := _enum(record, base, record.decl.name, record.decl.span)):
        yield found
        return
    for field in record.fields:
        if field.record is None:
            continue
        at = base + field.offset
        if "enum" in field.record.decl.attributes:
            if found := _enum(field.record, at, field.name, field.span):
                yield found
        else:
            yield from _enums(field.record, at)


def _enum(record: Record, base: int, name: str, span: Span | None) -> _Tagged | None:
    if record.decl.kind == "struct" and len(record.fields) == 2:
        tag, payload = record.fields
        return _Tagged(name, Bits(base + tag.offset), Bits(base + payload.offset), span)
    inner = [item.record for item in record.fields if item.record is not None and item.record.fields]
    if not inner:
        return None
    places = [field.offset for variant in inner for field in variant.fields[1:]]
    return _Tagged(name, Bits(base), Bits(base + min(places, default=0)), span)


def _unions(record: Record, base: int) -> Iterator[_Tagged]:
    """The unions of a C type that have an integer right before them, in their own struct or the one around it."""
    before: Field | None = None
    for field in record.fields:
        inner, at = field.record, base + field.offset
        if inner is not None and inner.decl.kind == "union" and record.decl.kind == "struct":
            if before is not None and isinstance(before.type, Scalar | Enum) and not before.bitfield:
                yield _Tagged(field.name, Bits(base + before.offset), Bits(at), field.span or before.span)
        elif inner is not None and inner.decl.kind == "struct":
            yield from _unions(inner, at)
        before = field
