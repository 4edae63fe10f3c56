"""Which programs does a user-side file load, and what do they define? Only where every one of them was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bpflint.api import (
    Confidence,
    Context,
    Finding,
    Link,
    MapDef,
    Reference,
    Related,
    Rule,
    Span,
    Unit,
    calls,
    parts_of_programs,
)  # fmt: skip

_OBJECT_TAILS = (".bpf.o", "_bpf.o", "_kern.o", ".kern.o", ".o")
_SOURCE_TAILS = (".bpf.c", "_bpf.c", "_kern.c", ".kern.c", ".c")
_NOT_LINKED = re.compile(r"^_*(?:bpf_|scx_bpf_|builtin_|sync_|atomic_|mem(?:cpy|move|set|cmp)$)")
"""What a BPF program calls and no other source defines: helpers, the kernel's own functions, the compiler's."""


def loaded(unit: Unit, programs: Sequence[Unit], links: Sequence[Link] | None = None) -> list[Unit] | None:
    """Return the programs that a file loads, by all its links or by the given ones.

    None where one of them is missing or cannot be told from another.
    """
    found = [item for item in programs if item.origin == unit.path]
    for link in unit.links if links is None else links:
        if link.kind == "inline":
            continue
        base = link.name.rsplit("/", 1)[-1]
        match = [item for item in programs if item.path == link.name] if link.name.endswith(".rs") else []
        match = match or [item for item in programs if not item.origin and _is(item.path, base, link.kind)]
        folder = unit.path.rpartition("/")[0]
        near = [item for item in match if item.path.rpartition("/")[0] == folder] or match
        if len(near) != 1:
            return None
        found.extend(near)
    return [*found, *parts_of_programs(found, programs)] or None


def _is(path: str, base: str, kind: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    if kind == "source":
        return name == base
    stems = (base, _without(f"{base}.c", _SOURCE_TAILS)) if kind == "skeleton" else (_without(base, _OBJECT_TAILS),)
    return _without(name, _SOURCE_TAILS).replace("-", "_") in [stem.replace("-", "_") for stem in stems]


def _without(name: str, tails: Sequence[str]) -> str:
    return next((name.removesuffix(tail) for tail in tails if name.endswith(tail)), name)


def maps_met(unit: Unit, ctx: Context) -> dict[str, MapDef]:
    """Return the maps that a user-side file works on, by name: those of what it loads, else those it is paired with."""
    programs = list(ctx.project.bpf_units())
    linked = loaded(unit, programs)
    if linked is not None:
        return {item.name: item for program in linked for item in program.maps if item.style != "global"}
    paired = {(pair.bpf.path, pair.map) for pair in ctx.project.pairs if pair.user.path == unit.path and pair.map}
    return {item.name: item for program in programs for item in program.maps if (program.path, item.name) in paired}


def asked(unit: Unit, kind: str, programs: Sequence[Unit]) -> Iterator[tuple[list[Reference], list[Unit]]]:
    """Yield the names that a file asks for with the programs that they are looked up in, where these are known.

    In C each object has its own. One that any caller may pass, or whose file is not known, is passed over.
    """
    named = [item for item in unit.references if item.kind == kind]
    groups: dict[str, list[Reference]] = {}
    for item in named:
        if item.loader is not None and all(other.loader == item.loader for other in named if other.span == item.span):
            groups.setdefault(item.loader if unit.language == "c" else "", []).append(item)
    for loader, references in groups.items():
        links = [item for item in unit.links if item.name == loader][:1] or [Link("object", loader)]
        linked = loaded(unit, programs, links if loader else unit.links)
        if linked is not None and not any(item.problems for item in linked):
            yield references, linked


def unknown(
    rule: Rule, kind: str, references: Sequence[Reference], known: dict[str, Span], linked: Sequence[Unit], ctx: Context
) -> Iterator[Finding]:
    """Yield a finding for each name that no loaded program defines, with the nearest one that it does.

    Where text is put together at run time, only a name close to a known one is told.
    """
    made = len(linked) > 1 and any(item.origin for item in linked)
    absent = [item for item in references if item.name and item.name not in known and "." not in item.name]
    if not known or not absent or any(ctx.gathered(_is_part, item) for item in linked):
        return
    from difflib import get_close_matches  # late: most names are known

    for reference in absent:
        name = reference.name
        close = get_close_matches(name, sorted(known), 1, 0.85 if made else 0.75)
        if made and not close:
            continue
        listed = ", ".join(f"`{item}`" for item in sorted(known)[:4])
        hint = f"; did you mean `{close[0]}`?" if close else f"; it has {listed}"
        where = "the program in this file" if linked[0].origin else f"`{linked[0].path}`"
        related = [Related(known[close[0]], kind, f"`{close[0]}` is defined here")] if close else []
        yield rule.finding(
            reference.span, f"{where} defines no {kind} `{name}`{hint}", subject=f"{kind}:{name}", related=related,
            confidence=Confidence.HIGH if close else Confidence.MEDIUM,
        )  # fmt: skip


def _is_part(unit: Unit, _ctx: Context) -> bool:
    """Whether a program calls what it does not define: it is linked with others, whose maps are in the object too."""
    if unit.language != "c" or unit.dialect:
        return False
    own = {item.name for item in unit.functions}
    called = {call.callee for function in unit.functions for call, _ in calls(function)} - own
    return any(name and not _NOT_LINKED.match(name) for name in called)
