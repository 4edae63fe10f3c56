"""Which code may several CPUs run at the same time, and where does a race between them hardly matter?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bpflint.api import CallExpr, Context, Function, Name, Program, Severity, Span, Unit, walk
from bpflint_rules._maps import MapCall, Maps, is_shared, maps_of

_FIXTURES = re.compile(r"(?:^|/)(?:testdata|tests?|testing|selftests?|fixtures?|e2e|benchmarks?)/")
"""Programs of these folders are loaded by a test alone, or to be refused, or to be measured: races are told as info."""
_WHO = ("bpf_get_current_pid_tgid", "bpf_get_current_task", "bpf_get_current_task_btf", "bpf_get_ns_current_pid_tgid")
_ALONE = ("iter", "syscall")
"""Programs that user space runs one at a time, on its own request."""


def run_alone(function: Function, maps: Maps) -> bool:
    """Return whether one CPU at a time runs a body: user space starts its programs, or they set a scheduler up."""
    programs = maps.running.get(function.name, ())
    return bool(programs) and all(map(_is_alone, programs))


def _is_alone(program: Program) -> bool:
    kind = program.section.split("/")[0].removesuffix(".s")
    return kind in _ALONE or (kind == "struct_ops" and program.name.endswith("_init"))  # sched_ext's init


def asks_for_task(function: Function, maps: Maps) -> bool:
    """Return whether a body asks which task it runs in, and so may serve a single one."""
    tests = (edge.test for block in function.blocks for edge in block.edges if edge.test is not None)
    tested = [item for test in tests for item in walk(test.value)]
    known = maps.origins(function)
    given = [known[item.decl].values for item in tested if isinstance(item, Name) and item.decl in known]
    asked = (item for group in (tested, *given) for value in group for item in walk(value))
    return any(isinstance(item, CallExpr) and item.callee in _WHO for item in asked)


def mildly(place: Span) -> Severity | None:
    """Return the severity of a race in a folder of tests, None elsewhere: that of the rule."""
    return Severity.INFO if _FIXTURES.search(place.path) else None


def shared_updates(unit: Unit, ctx: Context) -> Iterator[MapCall]:
    """Yield each update of a map that several CPUs share, in bodies that they may run at the same time."""
    if unit.side != "bpf":
        return
    maps = maps_of(unit, ctx)
    for function in filter(maps.is_live, unit.functions):
        for call in maps.direct(function) if not run_alone(function, maps) else ():
            if call.op == "update" and call.map is not None and is_shared(call.map):
                yield call
