"""How is a table of ours read quickly? What TOML makes of it is kept beside Python's compiled modules, as those are.

The helpers alone take 40 ms to parse, in each process that asks for them.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, cast

from bpflint._whole import write_whole


def read_table(path: Path) -> dict[str, Any]:
    """Return a TOML file of this package, parsed anew only where it has changed; OSError and ValueError as from it."""
    place = cache_from_source(f"{path}.py")
    status = os.stat(path)
    stamp = (status.st_size, status.st_mtime_ns)
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError, EOFError), open(place, "rb") as stream:
        kept = marshal.load(stream)
        if kept[0] == stamp:
            return cast("dict[str, Any]", kept[1])
    import tomllib  # late: mostly there is nothing to parse

    table = tomllib.loads(path.read_text(encoding="utf-8"))
    if not sys.dont_write_bytecode:
        with contextlib.suppress(OSError, ValueError):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            write_whole(place, marshal.dumps((stamp, table)), 0o644)
    return table
