"""Which Rust files make one program together?"""

from __future__ import annotations


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
