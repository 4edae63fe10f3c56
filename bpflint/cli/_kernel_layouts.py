"""How does a kernel struct lie in every shipped kernel? One table: fields down, kernels across, changes marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpflint.cli._output import print_text
from bpflint.kernels.members import Member, members_of
from bpflint.kernels.pack import Line, Pack, shipped
from bpflint.model.errors import ConfigError
from bpflint.model.verdict import Kernel

_ABSENT = "-"


def print_kernels(names: Sequence[str], machine: str) -> int:
    """Print the table of one struct or field over the shipped kernels, of one architecture where it is named."""
    if len(names) != 1:
        raise ConfigError("layout --kernels: name one struct, or STRUCT.FIELD")
    arch = ""
    if machine:
        from bpflint.analysis.abi import canonical_target  # late: the model

        arch = canonical_target(machine)
    kernels = [item for item in shipped().kernels if not arch or item.arch == arch]
    print_text(kernel_table(shipped(), names[0].removeprefix("struct ").removeprefix("union "), kernels))
    return 0


def kernel_table(pack: Pack, name: str, kernels: Sequence[Kernel]) -> str:
    """Return the table of `STRUCT` or of one field, `STRUCT.FIELD`; ConfigError where no kernel has it.

    Offsets are in bytes, `B:b` for bit b of byte B. `*` marks a field whose offset or size is not the same everywhere.
    """
    struct, _, field = name.partition(".")
    lines = [line for line in pack.lookup(struct) if line.kind in "su"]
    found = {kernel: line for line in reversed(lines) for kernel in line.kernels if kernel in kernels}
    if not found:
        raise ConfigError(f"layout: no kernel of the pack has a struct or union '{struct}'")
    columns = [kernel for kernel in kernels if kernel in found]
    laid = {kernel: {member.path: member for member in members_of(found[kernel])} for kernel in columns}
    paths = _in_order([list(items) for items in laid.values()])
    if field:
        paths = [path for path in paths if path == field or path.startswith(f"{field}.")]
        if not paths:
            raise ConfigError(f"layout: no kernel of the pack has a field '{field}' in '{struct}'")
    return "\n".join(_rows(struct, columns, found, laid, paths)) + "\n"


def _rows(
    struct: str, columns: Sequence[Kernel], found: dict[Kernel, Line], laid: dict[Kernel, dict[str, Member]],
    paths: Sequence[str],
) -> Iterator[str]:  # fmt: skip
    heads = [str(kernel) for kernel in columns]
    cells = [["size", *(found[kernel].text.partition(" ")[0] for kernel in columns)]]
    cells += [[path, *(_cell(laid[kernel].get(path)) for kernel in columns)] for path in paths]
    first = max(len(row[0]) for row in cells) + 2
    widths = [max(len(head), *(len(row[at]) for row in cells)) for at, head in enumerate(heads, 1)]
    yield f"{struct:<{first}}  " + "  ".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
    for row in cells:
        mark = "*" if len(set(row[1:])) > 1 else " "
        yield (f"{mark} {row[0]:<{first}}" + "  ".join(f"{cell:>{width}}" for cell, width in
                                                     zip(row[1:], widths, strict=True))).rstrip()  # fmt: skip


def _cell(member: Member | None) -> str:
    if member is None:
        return _ABSENT
    byte, bit = divmod(member.offset, 8)
    return f"{byte}:{bit}" if bit or member.bits else str(byte)


def _in_order(columns: Sequence[Sequence[str]]) -> list[str]:
    """Every path once, in the order of the newest kernel that has it, the others behind what they follow."""
    merged: list[str] = []
    for column in reversed(columns):
        at = -1
        for path in column:
            if path in merged:
                at = merged.index(path)
            else:
                merged.insert(at + 1, path)
                at += 1
    return merged
