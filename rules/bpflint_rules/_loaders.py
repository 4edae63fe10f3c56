"""Which libraries load a project's programs? What user code calls tells; some take what the kernel would not."""

from __future__ import annotations

from bpflint.api import Context, Unit, calls
from bpflint_rules._per_run import per_run

_LIBBPF = ("bpf_object__", "bpf_program__", "bpf_map__", "bpf_prog_load")


@per_run
def loaders(ctx: Context) -> frozenset[str]:
    """Return `libbpf` (also by libbpfgo or libbpf-rs), `go`, `rust`, `python`: by whom user code works with BPF."""
    return frozenset(name for unit in ctx.project.user_units() if (name := _loader(unit)))


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
