"""Which libraries load a BPF program? What user code calls tells; some take what the kernel would not."""

from __future__ import annotations

from bpflint.api import Context, Unit, calls
from bpflint_rules._links import loaded
from bpflint_rules._per_run import per_run

_LIBBPF = ("bpf_object__", "bpf_program__", "bpf_map__", "bpf_prog_load")


def loaders(unit: Unit, ctx: Context) -> frozenset[str]:
    """Return `libbpf` (also by libbpfgo or libbpf-rs), `go`, `rust`, `python`: what loads a BPF unit.

    Where no user code names it, that of the nearest folder around it: a repository may hold many small projects.
    """
    seen, folder = _seen(ctx), unit.path
    found = {name for name, _, programs in seen if unit.path in programs}
    while folder and not found:
        folder = folder.rpartition("/")[0]
        found = {name for name, path, _ in seen if path.startswith(f"{folder}/" if folder else "")}
    return frozenset(found)


@per_run
def _seen(ctx: Context) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """The user units that work with BPF: (library, path, the programs that it is known to load)."""
    programs = list(ctx.project.bpf_units())
    named = ((name, unit) for unit in ctx.project.user_units() if (name := _loader(unit)))
    return tuple(
        (name, unit.path, frozenset(item.path for item in loaded(unit, programs) or ())) for name, unit in named
    )  # fmt: skip


def _loader(unit: Unit) -> str:
    called = (call.callee for function in unit.functions for call, _ in calls(function))
    match unit.language:
        case "c":
            return "libbpf" if unit.links or any(name.startswith(_LIBBPF) for name in called) else ""
        case "go":
            names = [name for name in called if "bpf" in name]  # by their import paths
            return "libbpf" if any("libbpfgo" in name for name in names) else "go" if names else ""
        case "rust":
            return "libbpf" if "libbpf-rs" in unit.sources else "rust"
    return unit.language
