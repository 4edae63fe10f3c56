"""Where does a `vmlinux.h` come from that the project lacks? From the configured kernel's types, else the embedded.

Of the embedded ones only what the project's sources name is written at first: the whole takes ten times as long. A
program that does not parse with it, and has words that it was not made for, is read with the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from bpflint import headers
from bpflint._aside import aside
from bpflint.model.errors import BpflintError, ConfigError
from bpflint.model.patterns import pattern
from bpflint.reading import Loaded, Settings, SourceFile

_NAME = "vmlinux.h"
_GENERATED = "vmlinux"
"""How the name of a header begins that spells all that a kernel has."""
_SOURCES = (".c", ".h", ".py")
_APART = bytes(at if chr(at).isalnum() or at == ord("_") else ord(" ") for at in range(128)) + b" " * 128
"""Each byte that is in no word as a blank: to split at them takes a fifth of the time of a pattern for words."""
_PASTED = pattern(rb"([A-Za-z_]\w+)[ \t]*##")
_DIALECT = pattern(
    rb"#\s*include\s*<(?:net|trace|block|crypto)/|<linux/(?:skbuff|sched|netdevice|fs|blkdev|mm_types)\.h>|"
    rb"\bimport\s+BPF\b|\bfrom\s+bcc\b|\bBPF_(?:HASH|TABLE|ARRAY|HISTOGRAM|PERF_OUTPUT)\s*\("
)
"""bcc puts kernel headers in front of every text itself; a kernel-internal include needs the kernel's types too."""


@contextmanager
def vmlinux_ready(
    settings: Settings, files: Sequence[SourceFile], meanwhile: Callable[[], object] = lambda: None
) -> Iterator[Settings]:
    """Give settings whose `vmlinux_dir` holds the header, where a program asks for it and the project has none.

    `meanwhile` is called while another process makes the header, and not at all where it is there.

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
            made = _made(settings, settings.cache_dir, files, meanwhile)
        except OSError:
            import tempfile  # late: there is nearly always a cache

            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpflint-")))
            made = _made_for_once(settings, folder, files, meanwhile)
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
        if file.path.endswith(_SOURCES)
    )


def _made_for_once(
    settings: Settings, folder: Path, files: Sequence[SourceFile], meanwhile: Callable[[], object]
) -> Path | None:
    try:
        return _made(settings, folder, files, meanwhile)
    except OSError as error:
        raise ConfigError(
            f"{folder}: cannot keep {_NAME} there: {error.strerror or error}; set BPFLINT_CACHE_DIR"
        ) from None


def _made(
    settings: Settings, cache: Path, files: Sequence[SourceFile], meanwhile: Callable[[], object]
) -> Path | None:
    from bpflint.kernels.vmlinux import (  # late: 20 ms
        is_cached,
        is_made,
        part_of_vmlinux_h,
        part_path,
    )

    btf = _configured(settings)
    if btf is not None or is_cached(cache, btf):
        return _whole(cache, btf)
    owner = str(settings.root)
    try:
        part = part_path(cache, owner)
        if not is_made(part):
            # 60 MB that workers would inherit
            aside(lambda: part_of_vmlinux_h(cache, owner, *_words(settings, files)), meanwhile)
        return part.parent if is_made(part) else part_of_vmlinux_h(cache, owner, *_words(settings, files)).parent
    except BpflintError:
        return None  # the embedded types are missing: every program that includes the header says so itself


def _whole(cache: Path, btf: bytes | None) -> Path:
    from bpflint.kernels.vmlinux import cached_vmlinux_h, is_cached

    if not is_cached(cache, btf):
        aside(lambda: cached_vmlinux_h(cache, btf))  # 80 MB
    return cached_vmlinux_h(cache, btf).parent


def whole_for(settings: Settings, loaded: Loaded) -> Settings | None:
    """Return settings with the whole header for a program that did not parse and may need more of it than it had."""
    failed = any(problem.code == "BPF002" for unit in loaded.units if unit.side == "bpf" for problem in unit.problems)
    if settings.vmlinux_dir is None or not failed:
        return None
    from bpflint.kernels.vmlinux import is_part, whole_of, words_of

    part = settings.vmlinux_dir
    if not is_part(part):
        return None
    paths = loaded.reads.files if loaded.reads is not None else ()
    texts = [file.read() for file in sources(settings.root, paths) if _is_written(file.path)]
    if not any(b"##" in text for text in texts) and _words_in(texts) <= words_of(part):
        return None
    try:
        return replace(settings, vmlinux_dir=_whole(whole_of(part).parent, None))
    except OSError:
        return None  # no room for it: what the part lacks is reported as the program's errors


def _words(settings: Settings, files: Iterable[SourceFile]) -> tuple[frozenset[str], list[str]]:
    """(every word that a source of the project, a header of ours or a macro of the configuration may say, the
    beginnings of words that their macros paste together)."""
    ours = [path.read_bytes() for path in sorted(headers.ROOT.rglob("*.h"))]
    own = [file.read() for file in files if file.path.endswith(_SOURCES) and _is_written(file.path)]
    texts = [*ours, *own, *(item.encode() for item in settings.defines)]
    pasting = (line for text in texts if b"##" in text for line in text.split(b"\n") if b"##" in line)
    begins = {found.decode("ascii") for line in pasting for found in _PASTED.findall(line)}
    return _words_in(texts), sorted(begins)


def _is_written(path: str) -> bool:
    return not path.rpartition("/")[2].startswith(_GENERATED)


def _words_in(texts: Iterable[bytes]) -> frozenset[str]:
    found: set[bytes] = set()
    for text in texts:
        found.update(text.translate(_APART).split())
    return frozenset(word.decode("ascii") for word in found if not word[:1].isdigit())


def _configured(settings: Settings) -> bytes | None:
    if settings.vmlinux_btf is None:
        return None
    try:
        return settings.vmlinux_btf.read_bytes()
    except OSError as error:
        raise ConfigError(f"{settings.vmlinux_btf}: kernel types cannot be read: {error.strerror or error}") from None
