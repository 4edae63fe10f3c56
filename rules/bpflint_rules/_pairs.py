"""How do the layout rules speak of a pair? One finding a pair, both sides byte by byte, targets merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    CONDITIONAL,
    Array,
    Cause,
    Codec,
    Comparison,
    Confidence,
    Context,
    EvidenceKind,
    Finding,
    LayoutClaim,
    Leaf,
    Mismatch,
    MismatchKind,
    Pair,
    Record,
    RecordDecl,
    Related,
    Rule,
    Severity,
    Type,
    leaves,
    show_bytes,
)  # fmt: skip

_CONFIDENCE = {
    EvidenceKind.CONFIG: Confidence.CERTAIN, EvidenceKind.COMMENT: Confidence.CERTAIN,
    EvidenceKind.GENERATED: Confidence.CERTAIN, EvidenceKind.SAME_HEADER: Confidence.CERTAIN,
    EvidenceKind.MAP_USE: Confidence.HIGH, EvidenceKind.NAMED_IN_COMMENT: Confidence.MEDIUM,
    EvidenceKind.NAME: Confidence.MEDIUM, EvidenceKind.FIELDS: Confidence.MEDIUM,
    EvidenceKind.SIMILARITY: Confidence.LOW,
}  # fmt: skip
_MOST_ROWS = 40


def confidence_of(pair: Pair) -> Confidence:
    """Return how sure a pair is: its strongest evidence decides (DESIGN section 4)."""
    return _CONFIDENCE[pair.evidence[0].kind]


def led_by(
    pair: Pair, ctx: Context, kinds: Iterable[MismatchKind], causes: Iterable[Cause] = (Cause.NONE,)
) -> list[tuple[Comparison, Mismatch]]:
    """Return the comparisons whose first difference is of one of `kinds` and whose cause is one of `causes`."""
    if pair.user.codec is Codec.HAND:
        return []  # offsets written by hand are BPF123's
    if pair.evidence[0].kind is EvidenceKind.GENERATED:
        return []  # what a generator wrote is right or out of date: BPF117
    if _has_variant(pair):
        return []
    wanted, why = frozenset(kinds), frozenset(causes)
    return [
        (comparison, lead)
        for comparison in ctx.comparisons(pair)
        if (lead := comparison.leading) is not None and lead.kind in wanted and comparison.cause in why
        and not _left_out(comparison, lead)
    ]  # fmt: skip


def _left_out(comparison: Comparison, lead: Mismatch) -> bool:
    """Whether the user side has more than a BPF record of which this build may have left a member out."""
    if lead.kind not in (MismatchKind.SIZE, MismatchKind.MISSING):
        return False
    longer = (comparison.user_size or 0) > (comparison.bpf_size or 0)
    return longer and _is_conditional(comparison.pair.bpf.type)


def _is_conditional(type_: Type) -> bool:
    """Whether the build decides on members of a record, or of one inside it."""
    while isinstance(type_, Array):
        type_ = type_.element
    return isinstance(type_, RecordDecl) and (
        CONDITIONAL in type_.attributes or any(_is_conditional(item.type) for item in type_.members)
    )


def _has_variant(pair: Pair) -> bool:
    """Whether user space hands over a C union of which one member is the BPF side's own type."""
    theirs = pair.user.type
    if pair.user.codec is not Codec.C or not isinstance(theirs, RecordDecl) or theirs.kind != "union":
        return False
    ours = pair.bpf.type.key() if isinstance(pair.bpf.type, RecordDecl) else pair.bpf.type
    return any((item.type.key() if isinstance(item.type, RecordDecl) else item.type) == ours for item in theirs.members)


def pair_finding(
    rule: Rule, pair: Pair, hits: list[tuple[Comparison, Mismatch]], message: str,
    *, severity: Severity | None = None,
) -> Iterator[Finding]:
    """Yield the one finding of a pair: primary place on the user side, the BPF side related, both sides as a table."""
    if not hits:
        return
    comparison, lead = hits[0]
    span = pair.user.span
    if lead.user is not None and lead.user.field.span is not None:
        span = lead.user.field.span
    ours = pair.bpf.span
    if lead.bpf is not None and lead.bpf.field.span is not None:
        ours = lead.bpf.field.span
    related = [Related(ours, "bpf-side", f"the BPF side: {subject_name(pair.bpf.name) or 'here'}")]
    if pair.user.use is not None and pair.user.use != span:
        related.append(Related(pair.user.use, "use", pair.evidence[0].text))
    for declared, name in ((pair.user.span, pair.user.name), (pair.bpf.span, pair.bpf.name)):
        if name and declared not in (span, *(item.span for item in related)):
            related.append(Related(declared, "declaration", f"`{name}` is declared here"))
    field = lead.user_path or lead.bpf_path
    yield rule.finding(
        span, message, subject=f"{pair.map or pair.role}:{pair.bpf.name or '?'}:{pair.user.name or '?'}:{field}",
        severity=severity, confidence=confidence_of(pair),
        targets=[item.target for item, _ in hits], related=related, table=both_sides(comparison),
        claim=LayoutClaim(pair),
    )  # fmt: skip


def subject_name(name: str) -> str:
    """Return a type name as it reads in a message."""
    return f"`{name}`" if name else ""


def where(pair: Pair) -> str:
    """Return `value of map `events`` or what the pair shares."""
    match (pair.role, pair.map):
        case ("event", map_) if map_:
            return f"event of `{map_}`"
        case (role, map_) if map_:
            return f"{role} of map `{map_}`"
        case (role, _):
            return role


def both_sides(comparison: Comparison) -> str:
    """Return both layouts side by side, one field a row, offsets and sizes in bytes, differing rows marked."""
    if comparison.bpf is None or comparison.user is None:
        return ""
    left, right = list(_rows(comparison.bpf)), list(_rows(comparison.user))
    by_offset = {leaf.offset: leaf for leaf in right}
    marked = {leaf.path for item in comparison.mismatches for leaf in (item.bpf, item.user) if leaf is not None}
    title = f"{'BPF: ' + _size(comparison.bpf):<38}   {comparison.target}: {_size(comparison.user)}"
    rows = [title]
    offsets = sorted({leaf.offset for leaf in left} | set(by_offset))
    ours = {leaf.offset: leaf for leaf in left}
    for offset in offsets[:_MOST_ROWS]:
        one, other = ours.get(offset), by_offset.get(offset)
        names = {leaf.path for leaf in (one, other) if leaf is not None}
        mark = "≠" if names & marked or one is None or other is None else " "
        rows.append(f"{_cell(one):<38} {mark} {_cell(other)}".rstrip())
    if len(offsets) > _MOST_ROWS:
        rows.append(f"… {len(offsets) - _MOST_ROWS} more")
    return "\n".join(rows)


def _rows(record: Record) -> Iterator[Leaf]:
    return (leaf for leaf in leaves(record) if leaf.field.record is None)


def _size(record: Record) -> str:
    return f"{record.name or 'struct'}, {show_bytes(record.size)} bytes"


def _cell(leaf: Leaf | None) -> str:
    if leaf is None:
        return ""
    return f"{show_bytes(leaf.offset):>5} {show_bytes(leaf.size):>4}  {leaf.path}"
