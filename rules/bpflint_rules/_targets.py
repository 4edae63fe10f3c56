"""What does a program attach to, by its section, and has a kernel that? What its BTF names; else it cannot be told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from weakref import WeakKeyDictionary

from bpflint.api import (
    Assign,
    CallExpr,
    Constant,
    Context,
    Expr,
    Function,
    Kernel,
    MapDef,
    Program,
    RecordDecl,
    Select,
    Unit,
    calls,
    contents,
    dataclass,
    facts,
    operations,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._links import loaded
from bpflint_rules._per_run import per_run

_SECTION = re.compile(
    r"(kprobe|kretprobe|fentry|fexit|fmod_ret|lsm|lsm_cgroup|tp_btf|raw_tp|raw_tracepoint|tp|tracepoint|iter)"
    r"(?:\.[sw])?/((?:\w+/)?\w+)$"
)
_PREFIX = {"lsm": "bpf_lsm_", "lsm_cgroup": "bpf_lsm_", "iter": "bpf_iter_", "tp_btf": "btf_trace_",
           "raw_tp": "btf_trace_", "raw_tracepoint": "btf_trace_", "tp": "btf_trace_",
           "tracepoint": "btf_trace_"}  # fmt: skip
"""How BTF calls what a section names: DEFINE_LSM_HOOK, DEFINE_BPF_ITER_FUNC and __BPF_DECLARE_TRACE of the kernel."""
_UNTOLD = re.compile(
    r"(?:__\w+_)?(?:sys|compat_sys|SyS)_|(?:trace_event_raw_event|perf_trace|__bpf_trace|__probestub|__traceiter)_"
)
"""Functions that macros make for each system call and tracepoint: other names on other architectures."""
_CHOICES = frozenset((
    "bpf_program__set_autoload", "bpf_program__set_autoattach", "bpf_program__set_attach_target", "set_autoload",
    "set_autoattach", "set_attach_target", "SetAutoload", "SetAutoattach", "SetAttachTarget",
))  # fmt: skip
"""libbpf's calls by which a loader leaves a program out or gives it another target; libbpf-rs' and libbpfgo's too."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a section names: its kind, the name as written, and the name to look for in BTF."""

    kind: str
    name: str
    symbol: str


def target_of(program: Program) -> Target | None:
    """Return what a program attaches to; None where it names nothing, or what a kernel's BTF does not tell."""
    found = _SECTION.match(program.section)
    return named_target(found[1], found[2]) if found is not None else None


def named_target(kind: str, name: str) -> Target | None:
    """Return the target of a kind by its name, a tracepoint's as `category/name`; None for what BTF does not tell."""
    group, _, event = name.rpartition("/")
    if (group == "") is (kind in ("tp", "tracepoint")) or group == "syscalls" or _UNTOLD.match(event):
        return None
    return Target(kind, name, _PREFIX.get(kind, "") + event)


def lacks_target(program: Program, unit: Unit, kernel: Kernel, ctx: Context) -> bool:
    """Tell whether a kernel's BTF does not have what a program attaches to, and another one's has."""
    if program.section.partition("/")[0].partition(".")[0] == "struct_ops":
        names = {name for _, name in operations_of(unit)}
        return bool(names) and all(ctx.catalogue.fields(kernel, name) is None for name in names)
    target = target_of(program)
    return target is not None and kernel in missing_on(target, ctx)


def operations_of(unit: Unit) -> list[tuple[MapDef, str]]:
    """Return the kernel's structs of functions that a unit fills with programs (`.struct_ops`), with their names."""
    named = [(item, item.value) for item in unit.maps if item.kind.startswith(".struct_ops")]
    return [(item, value.name) for item, value in named if isinstance(value, RecordDecl)]


_MISSING: WeakKeyDictionary[Context, dict[Target, frozenset[Kernel]]] = WeakKeyDictionary()


def missing_on(target: Target, ctx: Context) -> frozenset[Kernel]:
    """Return the kernels that lack a target.

    None where no kernel has it, for it may be in a module; nor of an architecture that never has what another always
    has. BTF leaves functions out that a kprobe still finds: those of modules, and those with a name such as
    `finish_task_switch.isra.0`. There only what is older or newer than every kernel that has it counts, and nothing
    where some kernel of those releases lacks it: its build decides, not its release.
    """
    known_targets = _MISSING.setdefault(ctx, {})
    if target not in known_targets:
        known_targets[target] = _missing_on(target, ctx)
    return known_targets[target]


def _missing_on(target: Target, ctx: Context) -> frozenset[Kernel]:
    known = {kernel: ctx.catalogue.has_function(kernel, target.symbol) for kernel in ctx.known_kernels}
    missing = frozenset(kernel for kernel, has in known.items() if has is False)
    there = sorted(facts.release(kernel.release) for kernel, has in known.items() if has)
    if not missing or not there:
        return frozenset()
    if target.kind in ("kprobe", "kretprobe"):
        having = {kernel.arch for kernel, has in known.items() if has}
        gaps = any(there[0] <= facts.release(item.release) <= there[-1] for item in missing if item.arch in having)
        missing = frozenset() if gaps else missing
    return common(missing, known)


def is_known(target: Target, ctx: Context) -> bool:
    """Tell whether some kernel's BTF has a target."""
    return any(ctx.catalogue.has_function(kernel, target.symbol) for kernel in ctx.known_kernels)


def common(missing: frozenset[Kernel], known: Collection[Kernel]) -> frozenset[Kernel]:
    """Return the kernels that lack something, but those of architectures that never have what another always has."""
    arches = {kernel.arch for kernel in known}
    never = {arch for arch in arches if all(item in missing for item in known if item.arch == arch)}
    always = {arch for arch in arches if not any(item in missing for item in known if item.arch == arch)}
    return frozenset(kernel for kernel in missing if not always or kernel.arch not in never)


def is_named(target: Target, ctx: Context) -> bool:
    """Tell whether the function of a kprobe is what the program is attached to: libbpf takes it from the section, the
    loaders of Go and Rust from their own call."""
    users = list(ctx.project.user_units())
    if any(unit.language == "c" for unit in users) or not any(unit.language in ("go", "rust") for unit in users):
        return True
    return any(
        isinstance(expr, Constant) and expr.value == target.name
        for unit in users for function in unit.functions for expr in contents(function)
    )  # fmt: skip


class Choices:
    """Which programs may a loader leave out, or attach elsewhere? As far as the user side of the project tells."""

    def __init__(self, ctx: Context) -> None:
        self._programs = list(ctx.project.bpf_units())
        self._chosen: list[tuple[frozenset[str], frozenset[str]]] = []
        """(BPF units, names of programs, empty: all of them)."""
        names = frozenset(item.name for unit in self._programs for item in unit.programs)
        for unit in ctx.project.user_units():
            for words in ctx.gathered(loader_choices, unit):
                self._chosen.append((self._loaded(unit), frozenset(words) & names))

    def left(self, program: Program, unit: Unit) -> bool:
        """Tell whether a program is optional (`?`), or the loader chooses."""
        return program.section.startswith("?") or any(
            unit.path in units and (not names or program.name in names) for units, names in self._chosen
        )

    def _loaded(self, unit: Unit) -> frozenset[str]:
        """The BPF units that a user-side file may load: in C by its skeleton or folder, elsewhere all of them."""
        if unit.language != "c":
            return frozenset(item.path for item in self._programs)
        folder = unit.path.rpartition("/")[0]
        near = [item for item in self._programs if item.path.rpartition("/")[0] == folder]
        return frozenset(item.path for item in loaded(unit, self._programs) or near or self._programs)


@per_run
def choices_of(ctx: Context) -> Choices:
    """Return what the loaders of the project choose."""
    return Choices(ctx)


def loader_choices(unit: Unit, ctx: Context) -> tuple[tuple[str, ...], ...]:
    """Gather the names that each choice of a user-side unit mentions."""
    functions = unit.functions if unit.side == "user" else ()
    return tuple(tuple(mentioned(choice)) for function in functions for choice in _choices(function))


def _choices(function: Function) -> Iterator[Expr]:
    for call, _ in calls(function):
        name = call.callee.rpartition(".")[2]
        if name in _CHOICES or (name == "delete" and takes_from(call, "Programs")):
            yield call
    for op in operations(function):
        match op:
            case Assign(target=Select(field="AttachTo")):
                yield op.target


def takes_from(call: CallExpr, field: str) -> bool:
    """Tell whether a call's first argument is a field: cilium/ebpf's `delete(spec.Programs, "name")`."""
    first = strip(call.args[0]) if call.args else None
    return isinstance(first, Select) and first.field == field


def mentioned(expr: Expr) -> Iterator[str]:
    """Yield the names that an expression mentions: fields of a skeleton, strings."""
    for item in walk(expr):
        if isinstance(item, Select):
            yield item.field
        elif isinstance(item, Constant) and isinstance(item.value, str):
            yield item.value
