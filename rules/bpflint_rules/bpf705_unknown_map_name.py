"""BPF705: does user space ask for a map that the loaded program does not define?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from bpflint.api import (
    Confidence,
    Constant,
    Context,
    Finding,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Unit,
    calls,
    strip,
)  # fmt: skip

_FINDERS = frozenset(("bpf_object__find_map_by_name", "bpf_object__find_map_fd_by_name"))
_OBJECT_TAILS = (".bpf.o", "_bpf.o", "_kern.o", ".kern.o", ".o")
_SOURCE_TAILS = (".bpf.c", "_bpf.c", "_kern.c", ".kern.c", ".c")


class UnknownMapName(Rule):
    """A string names a map that no program loaded by this file defines.

    ## What it does
    Compares the names in `b["name"]` and `bpf_object__find_map_by_name(obj, "name")` with the maps of the C text in the
    same file and of the sources and objects that the file names.

    ## Why is this bad
    The lookup fails at run time only: a KeyError, or a NULL that is used as a map.

    ## Example
    ```python
    b = BPF(text="BPF_HASH(counts, u32); …")
    for key, value in b["count"].items():
    ```

    ## Use instead
    ```python
    for key, value in b["counts"].items():
    ```

    ## Known limits
    Silent where some program of the file was not found or not fully parsed. Where the C text is put together at run
    time, only names close to a known one are reported.
    """

    meta = RuleMeta(
        code="BPF705", name="unknown-map-name", summary="user space names a map that no program defines",
        severity=Severity.ERROR, cross_file=True,
        references=("https://docs.ebpf.io/ebpf-library/libbpf/userspace/bpf_object__find_map_by_name/",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at the names of every user-side file."""
        programs = list(ctx.project.bpf_units())
        for unit in ctx.project.user_units():
            named = list(_names(unit))
            linked = _linked(unit, programs) if named else None
            if linked is None or any(item.problems for item in linked):
                continue
            known = {map_.name: map_.span for item in linked for map_ in item.maps if map_.style != "global"}
            for name, span in named:
                if known and name and name not in known and not name.startswith(".") and "." not in name:
                    yield from self._unknown(unit, name, span, known, linked)

    def _unknown(
        self, unit: Unit, name: str, span: Span, known: dict[str, Span], linked: Sequence[Unit]
    ) -> Iterator[Finding]:
        made = len(linked) > 1 and any(item.origin for item in linked)
        close = get_close_matches(name, sorted(known), 1, 0.85 if made else 0.75)
        if made and not close:
            return
        listed = ", ".join(f"`{item}`" for item in sorted(known)[:4])
        hint = f"; did you mean `{close[0]}`?" if close else f"; it has {listed}"
        where = "the program in this file" if linked[0].origin else f"`{linked[0].path}`"
        related = [Related(known[close[0]], "map", f"`{close[0]}` is defined here")] if close else []
        yield self.finding(
            span, f"{where} defines no map `{name}`{hint}", subject=f"map:{name}", related=related,
            confidence=Confidence.HIGH if close else Confidence.MEDIUM,
        )  # fmt: skip


def _names(unit: Unit) -> Iterator[tuple[str, Span]]:
    for reference in unit.references:
        if reference.kind == "map":
            yield reference.name, reference.span
    for function in unit.functions if unit.language == "c" else ():
        for call, op in calls(function):
            value = strip(call.args[1]) if call.callee in _FINDERS and len(call.args) > 1 else None
            if isinstance(value, Constant) and isinstance(value.value, str):
                yield value.value, value.span or op.span


def _linked(unit: Unit, programs: Sequence[Unit]) -> list[Unit] | None:
    """The programs that a file loads, None where one of them is missing or cannot be told from another."""
    found = [item for item in programs if item.origin == unit.path]
    for link in unit.links:
        if link.kind == "inline":
            continue
        base = link.name.rsplit("/", 1)[-1]
        match = [item for item in programs if not item.origin and _is(item.path, base, link.kind)]
        folder = unit.path.rpartition("/")[0]
        near = [item for item in match if item.path.rpartition("/")[0] == folder] or match
        if len(near) != 1:
            return None
        found.extend(near)
    return found or None


def _is(path: str, base: str, kind: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    if kind == "source":
        return name == base
    stem = base if kind == "skeleton" else _without(base, _OBJECT_TAILS)
    return _without(name, _SOURCE_TAILS).replace("-", "_") == stem.replace("-", "_")


def _without(name: str, tails: Sequence[str]) -> str:
    return next((name.removesuffix(tail) for tail in tails if name.endswith(tail)), name)
