"""Which Rust files make one program together?"""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.model.unit import Unit


def parts_of_programs(roots: Sequence[Unit], units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return the other Rust files that programs are made of, whose root files are given: modules and linked libraries.

    A map of a library that the program's crate depends on is in its object as well.
    """
    found = [root for root in roots if root.language == "rust"]
    linked = {link.name for root in found for link in root.links}
    tops = {*linked, *(root.path for root in found)}
    return tuple(
        unit for unit in units
        if unit.language == "rust" and unit not in found
        and (unit.path in linked or any(is_module(unit.path, top) for top in tops))
    )  # fmt: skip


def is_module(path: str, root: str) -> bool:
    """Return whether a file may be a module of the program whose root file is given.

    A root such as `src/bin/probe.rs` has its own beside it in `probe/`; what lies in `bin/` or in another crate's
    `src/` is another program.
    """
    folder, _, name = root.rpartition("/")
    if name not in ("main.rs", "lib.rs"):
        folder = root.removesuffix(".rs")
    below = path.removeprefix(folder + "/")
    return below != path and path != root and not {"bin", "src"}.intersection(below.split("/")[:-1])
