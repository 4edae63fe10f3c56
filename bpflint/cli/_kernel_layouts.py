"""How does a kernel struct lie in every shipped kernel? One table: fields down, kernels across, changes marked.

One struct is a quick question, so `answer` comes before the parser of command lines, and nothing here imports what the
rows of the pack do not need.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from bpflint._hot import show
from bpflint.kernels.members import fields_in
from bpflint.kernels.rows import FILE, TYPES, Rows
from bpflint.model.errors import BpflintError, ConfigError

_ABSENT = "-"


def answer(words: Sequence[str]) -> int | None:
    """Print what `layout STRUCT --kernels [ARCH]` asks for and return 0; None for any other words, and where it fails.

    argparse takes 10 ms to load, and what it understands more, or has to complain about, is the command's own affair.
    """
    at = words.index("--kernels")
    names, arch = [*words[:at], *words[at + 2 :]], "".join(words[at + 1 : at + 2])
    if len(names) != 1 or any(word.startswith("-") for word in (*names, arch)) or sys.stdout is None:
        return None
    try:
        return show(([], kernel_table(Rows(FILE), names[0], arch).encode(), 0))
    except (BpflintError, OSError):
        return None


def print_kernels(names: Sequence[str], machine: str) -> int:
    """Print the table of one struct or field over the shipped kernels, of one architecture where it is named.

    `--kernels sk_buff` names the struct: what stands behind the option is an architecture only beside a name.
    """
    from bpflint.analysis.abi import canonical_target  # late: the model
    from bpflint.cli._output import print_text

    if not names and machine:
        names, machine = [machine], ""
    if len(names) != 1:
        raise ConfigError("layout --kernels: name one struct, or STRUCT.FIELD")
    print_text(kernel_table(Rows(FILE), names[0], canonical_target(machine) if machine else ""))
    return 0


def kernel_table(rows: Rows, name: str, arch: str = "") -> str:
    """Return the table of `STRUCT` or of one field, `STRUCT.FIELD`; ConfigError where no kernel has it.

    Offsets are in bytes, `B:b` for bit b of byte B. `*` marks a field whose offset or size is not the same everywhere.
    """
    struct, _, field = name.removeprefix("struct ").removeprefix("union ").partition(".")
    columns = _columns(rows, struct, arch)
    if not columns:
        raise ConfigError(_no_struct(rows, struct, arch))
    paths = _in_order([cells for _, cells in columns])
    if field:
        known, paths = paths, [path for path in paths if path == field or path.startswith(f"{field}.")]
        if not paths:
            hint = _did_you_mean(field, known)
            raise ConfigError(f"layout: no shipped kernel has a field '{field}' in '{struct}'{hint}")
    return "\n".join(_rows(struct, columns, ["", *paths])) + "\n"


def _no_struct(rows: Rows, struct: str, arch: str) -> str:
    archs = sorted({kernel.partition(":")[0] for kernel in rows.kernels})
    if arch and arch not in archs:
        return f"layout: no kernel of {arch} is shipped: there are {' '.join(archs)}"
    kernels = [kernel for kernel in rows.kernels if not arch or kernel.startswith(f"{arch}:")]
    names = {name for kernel in kernels for kind in "su" for *_, name, _ in rows.of_letter(TYPES, kind, kernel)}
    return f"layout: no shipped kernel has a struct or union '{struct}'{_did_you_mean(struct, names)}"


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    from bpflint.engine.nearest import did_you_mean  # late: only an error needs it

    return did_you_mean(name, known)


def _columns(rows: Rows, struct: str, arch: str) -> list[tuple[str, dict[str, str]]]:
    """Each kernel that has the struct, and what its column shows by path; of two structs of one name the first."""
    found = [(mask, _cells(text)) for mask, kind, _, text in rows.find(TYPES, struct) if kind in "su"]
    columns = []
    for bit, kernel in enumerate(rows.kernels):
        own = next((cells for mask, cells in found if mask >> bit & 1), None)
        if own is not None and (not arch or kernel.startswith(f"{arch}:")):
            columns.append((kernel, own))
    return columns


def _cells(record: str) -> dict[str, str]:
    cells = {"": record.partition(" ")[0]}
    for path, offset, bits in fields_in(record):
        cells[path] = f"{offset // 8}:{offset % 8}" if bits or offset % 8 else str(offset // 8)
    return cells


def _rows(struct: str, columns: Sequence[tuple[str, dict[str, str]]], paths: Sequence[str]) -> Iterator[str]:
    heads = [head for head, _ in columns]
    table = [[path or "size", *(cells.get(path, _ABSENT) for _, cells in columns)] for path in paths]
    first = max(len(row[0]) for row in table) + 2
    widths = [max(len(head), *(len(row[at]) for row in table)) for at, head in enumerate(heads, 1)]
    yield f"{struct:<{first}}  " + "  ".join(head.rjust(width) for head, width in zip(heads, widths, strict=True))
    for path, *row in table:
        mark = "*" if len(set(row)) > 1 else " "
        shown = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{mark} {path:<{first}}{shown}".rstrip()


def _in_order(columns: Sequence[dict[str, str]]) -> list[str]:
    """Every path once, in the order of the newest kernel that has it, the others behind what they follow."""
    after = {"": ""}
    for column in reversed(columns):
        at = ""
        for path in column:
            if path not in after:
                after[path], after[at] = after[at], path
            at = path
    merged, path = [], after[""]
    while path:
        merged.append(path)
        path = after[path]
    return merged
