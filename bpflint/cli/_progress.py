"""How does a person see that something happens? One line on stderr, on terminals only."""

from __future__ import annotations

import os
import sys
import time

_EVERY = 0.1


class Progress:
    """Shows the latest text on one line of the terminal, at most ten times a second."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._on = not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._last = 0.0
        self._width = 0

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if not self._on or now - self._last < _EVERY:
            return
        self._last = now
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)

    def clear(self) -> None:
        """Take the line away again."""
        if self._on and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0


def warn(text: str) -> None:
    """Say something that a person should know, on stderr."""
    print(f"bpflint: warning: {text}", file=sys.stderr)


def wants_color(flag: str | None, stream: object = None) -> bool:
    """Return whether to color: `--color always|never|auto`, NO_COLOR, FORCE_COLOR, else whether it is a terminal."""
    if flag in ("always", "never"):
        return flag == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    out = sys.stdout if stream is None else stream
    return bool(getattr(out, "isatty", lambda: False)()) and os.environ.get("TERM") != "dumb"
