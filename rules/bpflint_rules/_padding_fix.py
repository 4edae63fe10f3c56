"""How is padding written out as a member of its own, on both sides at once?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Edit, Fix, Hole, Pair, RecordDecl, Span, holes

_LINES = {"c": "\t__u8 {name}[{size}];\n", "go": "\t_ [{size}]byte\n", "rust": "    pub {name}: [u8; {size}],\n"}


def padding_fix(decl: RecordDecl, pairs: Iterable[Pair], ctx: Context) -> list[Fix]:
    """Return one fix that gives every declaration of a shared struct the same explicit padding.

    None where a side is not known, has other holes, is declared in another language, or is not written a member a line.
    It is unsafe: initialiser lists without names, and struct literals that must be complete, have to follow.
    """
    mine = [pair for pair in pairs if isinstance(pair.bpf.type, RecordDecl) and pair.bpf.type.key() == decl.key()]
    users = {item.key(): item for pair in mine if isinstance(item := pair.user.type, RecordDecl)}
    if not users or len(users) < len({pair.user.path for pair in mine}):
        return []
    wanted = [(hole.offset, hole.size) for hole in holes(ctx.layout(decl, "bpfel"))]
    edits: list[Edit] = []
    for item in {decl.key(): decl, **users}.values():
        target = "bpfel" if item is decl else ctx.settings.targets[0]
        found = holes(ctx.layout(item, target))
        made = [_edit(item, hole, number) for number, hole in enumerate(found)]
        if [(hole.offset, hole.size) for hole in found] != wanted or None in made:
            return []
        edits += [edit for edit in made if edit is not None]
    return [Fix(f"write the padding of `{decl.name}` out on both sides", "unsafe", tuple(edits))]


def _edit(decl: RecordDecl, hole: Hole, number: int) -> Edit | None:
    """The line of padding before the next member, or behind the last one; None where members share lines."""
    line = _LINES.get(decl.language)
    spans = [item.span for item in decl.members if item.span is not None]
    names = [item.name for item in decl.members]
    lines = [span.line for span in spans]
    apart = decl.span is not None and len({decl.span.line, *lines}) == len(decl.members) + 1 == len(lines) + 1
    if line is None or not apart or hole.size % 8 or "." in hole.after + hole.before:
        return None
    wanted = hole.after if hole.tail else hole.before
    if wanted not in names:
        return None
    place = spans[names.index(wanted)]
    at = place.end_line + 1 if hole.tail else place.line
    return Edit(Span(place.path, at, 1, at, 1), line.format(name=f"__pad{number}", size=hole.size // 8))
