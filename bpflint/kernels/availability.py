"""What can programs use on a kernel: its program types, map types and helpers? Tables measured by loading on it.

Version tables lie, as distributions backport and leave options out: each table here is what one kernel said of itself
(`bpflint kernels probe`). Those of the shipped kernels are in `data/availability.toml`; a user's own win.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from bpflint._tables import read_table
from bpflint.facts import program_types
from bpflint.kernels.pack import SHIPPED
from bpflint.kernels.store import data_folder, filling
from bpflint.model.availability import Availability
from bpflint.model.errors import ConfigError
from bpflint.model.verdict import Kernel

_FILE: Final = "availability.toml"
_MOST: Final = 4096


def of_answer(kernel: Kernel, answer: Mapping[str, Any], measured: str) -> Availability:
    """Return the table that a kernel's answer to the `probe` job gives."""
    names = {str(item.id): item.name for item in program_types().values()}
    helpers = {names.get(key, key): frozenset(numbers) for key, numbers in answer["helpers"].items()}
    return Availability(kernel, frozenset(answer["program_types"]), frozenset(answer["map_types"]), helpers,
                        frozenset(answer["gpl"]), measured)  # fmt: skip


def availability_of(kernel: Kernel) -> Availability | None:
    """Return a kernel's table, the user's own first; None where nobody measured it. ConfigError for a damaged file."""
    own = place_of(kernel)
    if own.is_file():
        return next((item for item in read(own) if item.kernel == kernel), None)
    return _shipped().get(kernel)


def keep(table: Availability) -> Path:
    """Write a user's table where `availability_of` looks first, and return its path; BpflintError where it cannot."""
    path = place_of(table.kernel)
    with filling(path.parent) as folder:
        (folder / path.name).write_text(text_of([table]), encoding="utf-8")
    return path


def place_of(kernel: Kernel) -> Path:
    """Return where a user's own table of a kernel lies, if there is one."""
    return data_folder() / "available" / f"{kernel.arch}-{kernel.release}" / _FILE


@cache
def _shipped() -> Mapping[Kernel, Availability]:
    return {item.kernel: item for item in map(_parsed, read_table(SHIPPED.with_name(_FILE))["kernel"])}


def read(path: Path) -> tuple[Availability, ...]:
    """Return the tables of a file; ConfigError names it and what is wrong."""
    import tomllib  # late: 10 ms, and few have measured a kernel

    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["kernel"]
        return tuple(_parsed(row) for row in rows)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: is no table of `bpflint kernels probe`: {error}") from None


def _parsed(row: Mapping[str, Any]) -> Availability:
    arch, _, release = row["name"].partition(":")
    helpers = {name: _numbers(text) for name, text in row["helpers"].items()}
    return Availability(Kernel(arch, release), _numbers(row["program-types"]), _numbers(row["map-types"]), helpers,
                        _numbers(row["gpl"]), str(row["measured"]))  # fmt: skip


def text_of(tables: Iterable[Availability]) -> str:
    """Return the file of tables, in the order of their kernels' names."""
    return "\n".join("".join(_rows(item)) for item in sorted(tables, key=lambda item: str(item.kernel)))


def _rows(item: Availability) -> Iterator[str]:
    yield "[[kernel]]\n"
    yield f"name = {json.dumps(str(item.kernel))}\n"
    yield f"measured = {json.dumps(item.measured)}\n"
    for name, numbers in (("program-types", item.program_types), ("map-types", item.map_types), ("gpl", item.gpl)):
        yield f'{name} = "{_ranges(numbers)}"\n'
    yield "[kernel.helpers]\n"
    for name, numbers in sorted(item.helpers.items()):
        yield f'{json.dumps(name) if "." in name else name} = "{_ranges(numbers)}"\n'


def _ranges(numbers: Iterable[int]) -> str:
    """Return `1-3,7` for 1, 2, 3 and 7."""
    groups = groupby(enumerate(sorted(numbers)), lambda item: item[1] - item[0])
    runs = [[number for _, number in group] for _, group in groups]
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _numbers(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        start, end = int(first), int(last or first)
        if not 0 <= start <= end <= _MOST:
            raise ValueError(f"'{part}' is no range of numbers up to {_MOST}")
        found.update(range(start, end + 1))
    return frozenset(found)
