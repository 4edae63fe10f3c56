"""How does a report leave? As UTF-8 to stdout, or whole into a file."""

from __future__ import annotations

import sys
from pathlib import Path

from bpflint.engine.files import write_atomically
from bpflint.model.errors import ConfigError, StdoutError


def encoded(text: str) -> bytes:
    """Return a report as the bytes that are printed."""
    return text.encode("utf-8", "backslashreplace")


def print_text(text: str) -> None:
    """Print a whole report as UTF-8 whatever the locale is; a lone surrogate of a path becomes an escape."""
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
        return
    try:
        binary.write(encoded(text))
        binary.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StdoutError(f"the output cannot be written: {error.strerror or error}") from error


def require_folder(path: Path) -> None:
    """Raise ConfigError for a file that cannot be written, before the work is done that it is for."""
    if not path.parent.is_dir():
        raise ConfigError(f"{path}: cannot be written: there is no folder {path.parent}")
    if path.is_dir():
        raise ConfigError(f"{path}: cannot be written: it is a folder")


def write_file(path: Path, text: str) -> None:
    """Write a whole file at once: whoever reads it sees the old one or the new one."""
    try:
        write_atomically(path, encoded(text))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from None
