"""Where does a `vmlinux.h` come from that the project lacks? From the configured kernel's types, else the embedded."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from bpflint._aside import aside
from bpflint.api import BpflintError, ConfigError, Settings, SourceFile

_NAME = "vmlinux.h"
_DIALECT = re.compile(
    rb"#\s*include\s*<(?:net|trace|block|crypto)/|<linux/(?:skbuff|sched|netdevice|fs|blkdev|mm_types)\.h>|"
    rb"\bimport\s+BPF\b|\bfrom\s+bcc\b|\bBPF_(?:HASH|TABLE|ARRAY|HISTOGRAM|PERF_OUTPUT)\s*\("
)
"""bcc puts kernel headers in front of every text itself; a kernel-internal include needs the kernel's types too."""


@contextmanager
def vmlinux_ready(settings: Settings, files: Sequence[SourceFile]) -> Iterator[Settings]:
    """Give settings whose `vmlinux_dir` holds the header, where a program asks for it and the project has none.

    Without a cache folder, or with one that cannot be written and lacks the header, it is made in a temporary one that
    goes away with the block: the run is slower, and its results are the same.
    """
    if not _needed(files):
        yield settings
        return
    with ExitStack() as stack:
        try:
            if settings.cache_dir is None:
                raise OSError("nothing is kept")
            made = _made(settings, settings.cache_dir)
        except OSError:
            made = _made_for_once(settings, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpflint-"))))
        yield replace(settings, vmlinux_dir=made)


def sources(root: Path, paths: Sequence[str]) -> list[SourceFile]:
    """Return files of a project by their relative paths, read when asked; one that is gone is empty."""

    def read(path: str) -> bytes:
        try:
            return (root / path).read_bytes()
        except OSError:
            return b""

    return [SourceFile(path, partial(read, path)) for path in paths]


def _needed(files: Sequence[SourceFile]) -> bool:
    """A header of the project's own wins at its include; bcc texts and folders far from it still need ours."""
    wanted = _NAME.encode()
    return any(
        wanted in (data := file.read()) or _DIALECT.search(data) is not None
        for file in files
        if file.path.endswith((".c", ".h", ".py"))
    )


def _made_for_once(settings: Settings, folder: Path) -> Path | None:
    try:
        return _made(settings, folder)
    except OSError as error:
        raise ConfigError(
            f"{folder}: cannot keep {_NAME} there: {error.strerror or error}; set BPFLINT_CACHE_DIR"
        ) from None


def _made(settings: Settings, cache: Path) -> Path | None:
    from bpflint.kernels.vmlinux import cached_vmlinux_h, is_cached  # late: the BTF reader, 20 ms

    btf = _configured(settings)
    if not is_cached(cache, btf):
        aside(lambda: cached_vmlinux_h(cache, btf))  # 80 MB that every worker would inherit
    try:
        return cached_vmlinux_h(cache, btf).parent
    except BpflintError:
        if settings.vmlinux_btf is not None:
            raise
        return None  # the embedded types are missing: every program that includes the header says so itself


def _configured(settings: Settings) -> bytes | None:
    if settings.vmlinux_btf is None:
        return None
    try:
        return settings.vmlinux_btf.read_bytes()
    except OSError as error:
        raise ConfigError(f"{settings.vmlinux_btf}: kernel types cannot be read: {error.strerror or error}") from None
