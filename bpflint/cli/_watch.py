"""When does a watched project have to be scanned again? Whenever a file's time or size changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from bpflint.engine.discover import discover
from bpflint.engine.plugins import Plugins
from bpflint.engine.request import Request
from bpflint.engine.run import wanted_of

_PAUSE = 0.5


def watch(request: Request, plugins: Plugins, scan: Callable[[], int]) -> int:
    """Scan, then again after every change, until Ctrl-C (exit 130 by the caller)."""
    seen: dict[str, tuple[int, int]] | None = None
    while True:
        now = snapshot(request, plugins)
        if now != seen:
            seen = now
            if sys.stdout.isatty():
                sys.stdout.write("\x1b[2J\x1b[H")
            scan()
            sys.stdout.flush()
        time.sleep(_PAUSE)


def snapshot(request: Request, plugins: Plugins) -> dict[str, tuple[int, int]]:
    """Return (time, size) of every file a scan would read."""
    found = discover(request.root.path, request.paths, wanted_of(request, plugins))
    stats: dict[str, tuple[int, int]] = {}
    for item in found.files:
        try:
            info = os.stat(request.root.path / item.path)
        except OSError:
            continue
        stats[item.path] = (info.st_mtime_ns, info.st_size)
    return stats
