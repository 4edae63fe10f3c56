"""On which kernels does something hold? What rules over several kernels share: the judged set, words and tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from bpflint.api import (
    Availability,
    Confidence,
    Context,
    Kernel,
    Program,
    Relocation,
    Resolution,
    Severity,
    Unit,
    dataclass,
    facts,
)
from bpflint_rules._per_run import per_run
from bpflint_rules._targets import Choices, choices_of, common, lacks_target


@dataclass(frozen=True, slots=True)
class Judged:
    """A place where a program asks for a kernel's type, and what each kernel makes of it."""

    unit: Unit
    relocation: Relocation
    found: Mapping[Kernel, Resolution]
    """Only kernels on which a program comes there: one whose attach target is missing never does."""

    @property
    def words(self) -> str:
        """The path as C would write it."""
        return next(iter(self.found.values())).words


    @property
    def shown(self) -> str:
        """The path in quotes; where only the object is known, with the function that asks."""
        alone = self.relocation.span.path == self.unit.path and self.unit.language == "object"
        return f"`{self.words}`" + (f" in {self.relocation.function}()" if alone and self.relocation.function else "")

    @property
    def subject(self) -> str:
        """What findings name: the function and the path."""
        return f"{self.relocation.function}:{self.words}"

    @property
    def question(self) -> str:
        """The macro that asks the running kernel for it."""
        kind = next(iter(self.found.values())).kind
        return "bpf_core_enum_value_exists" if kind.startswith("enumval") else "bpf_core_field_exists"


@per_run
def judged(ctx: Context) -> tuple[Judged, ...]:
    """Return each place that runs whatever the kernel answers, and where some kernel has something else, once; an
    object's where its source was not read."""
    return tuple(_judged(ctx))


def _judged(ctx: Context) -> Iterator[Judged]:
    seen: set[tuple[str, int]] = set()
    choices = choices_of(ctx)
    for unit in sorted(ctx.project.bpf_units(), key=lambda item: item.language == "object"):
        if built_for_one(unit):
            continue
        places, rows = ctx.gathered(core_answers, unit)
        for relocation, answers in rows:
            place = (relocation.span.path, relocation.span.line)
            if unit.language == "object" and place in seen and place[0] != unit.path:
                continue
            found = {kernel: answer for kernel, answer, names in answers if comes(names, unit, choices)}
            if found:
                yield Judged(unit, relocation, found)
        seen.update(places)


_Answers = tuple[tuple[Kernel, Resolution, tuple[str, ...] | None], ...]


def core_answers(
    unit: Unit, ctx: Context
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[Relocation, _Answers], ...]]:
    """Gather (path, line) of every relocation of a unit, and of those that some kernel has nothing or something else
    for: what each kernel makes of it, and which programs come there."""
    results = {kernel: ctx.resolutions(unit, kernel) for kernel in ctx.known_kernels}
    programs = {item.name: item for item in unit.programs}
    places: dict[tuple[str, int], None] = {}
    told: list[tuple[Relocation, _Answers]] = []
    for number, (relocation, _) in enumerate(next(iter(results.values()), ())):
        places[relocation.span.path, relocation.span.line] = None
        found = {kernel: rows[number][1] for kernel, rows in results.items() if rows}
        if relocation.guarded or not any(item.missing or item.widths is not None for item in found.values()):
            continue
        coming = [programs[name] for name in relocation.programs if name in programs]
        told.append((relocation, tuple(
            (kernel, item, able(coming, kernel, unit, ctx)) for kernel, item in found.items()
        )))  # fmt: skip
    return tuple(places), tuple(told)


def built_for_one(unit: Unit) -> bool:
    """Tell whether a source is built anew for each kernel: it takes that kernel's headers, or branches by release."""
    return "kernel-headers" in unit.sources or "kernel-version" in unit.sources


def able(programs: Sequence[Program], kernel: Kernel, unit: Unit, ctx: Context) -> tuple[str, ...] | None:
    """Return those of some programs whose target a kernel has, by name; None where no program is known."""
    return tuple(item.name for item in programs if not lacks_target(item, unit, kernel, ctx)) if programs else None


def comes(names: Collection[str] | None, unit: Unit, choices: Choices) -> bool:
    """Tell whether some of `able` programs is loaded: not one that the loader may leave out."""
    return names is None or any(item.name in names and not choices.left(item, unit) for item in unit.programs)


def lacking(place: Judged) -> frozenset[Kernel]:
    """Return the kernels that have nothing of what is asked for; none where no kernel has the type, or where it is
    one architecture's: there on all of its kernels, and on none of another's."""
    missing = frozenset(kernel for kernel, found in place.found.items() if found.missing)
    if all(found.outcome == "missing-type" for found in place.found.values()):
        return frozenset()
    return common(missing, place.found)


def newest(kernels: Iterable[Kernel]) -> frozenset[Kernel]:
    """Return the newest kernel of each architecture."""
    found: dict[str, Kernel] = {}
    for kernel in sorted(kernels, key=lambda item: facts.release(item.release)):
        found[kernel.arch] = kernel
    return frozenset(found.values())


def severity_for(ctx: Context) -> tuple[Severity, Confidence]:
    """Return how bad and how sure: whoever names no kernel may not mean those that were asked."""
    return (Severity.ERROR, Confidence.HIGH) if ctx.chosen else (Severity.WARNING, Confidence.MEDIUM)


def series(kernel: Kernel) -> str:
    """Return a release without its last numbers: `6.12`."""
    return ".".join(map(str, facts.release(kernel.release)))


def where(kernels: Iterable[Kernel]) -> str:
    """Return kernels in words: `Linux 6.18, 7.3 (arm64, x86_64)`."""
    by_arch: dict[str, list[str]] = {}
    for kernel in sorted(kernels, key=lambda item: (item.arch, facts.release(item.release))):
        by_arch.setdefault(kernel.arch, []).append(series(kernel))
    by_releases: dict[str, list[str]] = {}
    for arch, releases in by_arch.items():
        by_releases.setdefault(", ".join(dict.fromkeys(releases)), []).append(arch)
    return "Linux " + "; ".join(f"{releases} ({', '.join(arches)})" for releases, arches in by_releases.items())


def table(place: Judged, missing: Collection[Kernel]) -> str:
    """Return what each kernel has of what is asked for."""
    return grid({kernel: "missing" if kernel in missing else _cell(found) for kernel, found in place.found.items()})


def offered(ctx: Context, ask: Callable[[Availability], bool | None]) -> Mapping[Kernel, bool]:
    """Return which kernels have something, as measured on them; one that was not measured for it is not there."""
    tables = {kernel: ctx.catalogue.availability(kernel) for kernel in ctx.known_kernels}
    found = {kernel: ask(table) for kernel, table in tables.items() if table is not None}
    return {kernel: there for kernel, there in found.items() if there is not None}


def presence(has: Mapping[Kernel, bool]) -> str:
    """Return a table of which kernels have something."""
    return grid({kernel: "has it" if there else "missing" for kernel, there in has.items()})


def grid(cells: Mapping[Kernel, str]) -> str:
    """Return a table with one line a release and one column an architecture."""
    arches = sorted({kernel.arch for kernel in cells})
    rows = sorted({facts.release(kernel.release) for kernel in cells})
    by_cell = {(facts.release(kernel.release), kernel.arch): text for kernel, text in cells.items()}
    texts = [["", *arches], *([".".join(map(str, row)), *(by_cell.get((row, arch), "") for arch in arches)]
                              for row in rows)]  # fmt: skip
    widths = [max(len(line[column]) for line in texts) for column in range(len(arches) + 1)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in texts)
    return "\n".join(line.rstrip() for line in lines)


def _cell(found: Resolution) -> str:
    if found.missing:
        return "-"
    return f"{found.widths[1]} bytes" if found.widths is not None else "as here"


def architectures(kernels: Iterable[Kernel]) -> tuple[str, ...]:
    """Return the architectures of kernels, each once."""
    return tuple(sorted({kernel.arch for kernel in kernels}))
