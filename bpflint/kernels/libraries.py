"""Which files does an executable need to run elsewhere? Its interpreter and every library it asks for, by soname."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_FOLDERS = ("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib")
_MACHINES = {"EM_X86_64": "x86_64", "EM_AARCH64": "arm64", "EM_S390": "s390x", "EM_RISCV": "riscv64"}
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


def machine_of(data: bytes) -> str:
    """Return the architecture of an ELF file in our spelling, "" for anything else."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        return _MACHINES.get(ELFFile(io.BytesIO(data))["e_machine"], "")
    except (ELFError, *_DAMAGE):
        return ""


def closure(starts: Iterable[Path]) -> Mapping[Path, bytes]:
    """Return files by absolute path: those given, and what they are linked against; what is not there is left out."""
    found: dict[Path, bytes] = {}
    wanted = list(starts)
    while wanted:
        path = wanted.pop()
        if path in found or not path.is_file():
            continue
        found[path] = path.read_bytes()
        wanted += _asked_by(path, found[path])
    return found


def _asked_by(path: Path, data: bytes) -> Iterator[Path]:
    if data[:4] != b"\x7fELF":
        return
    interpreter, names, folders = needs(data)
    if interpreter:
        yield Path(interpreter)
    own = [folder.replace("$ORIGIN", str(path.parent)).replace("${ORIGIN}", str(path.parent)) for folder in folders]
    for name in names:
        yield from _places(name, own)


def needs(data: bytes) -> tuple[str, list[str], list[str]]:
    """Return (interpreter, sonames, folders to look in first) of an ELF file; nothing for one that cannot be read."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.dynamic import DynamicSection
    from elftools.elf.elffile import ELFFile
    from elftools.elf.segments import InterpSegment

    try:
        elf = ELFFile(io.BytesIO(data))
        interpreter = next((str(item.get_interp_name()) for item in elf.iter_segments() if
                            isinstance(item, InterpSegment)), "")  # fmt: skip
        tags = [tag for section in elf.iter_sections() if isinstance(section, DynamicSection)
                for tag in section.iter_tags()]  # fmt: skip
        texts = {kind: [str(getattr(tag, kind)) for tag in tags if tag.entry.d_tag == f"DT_{kind.upper()}"]
                 for kind in ("needed", "rpath", "runpath")}  # fmt: skip
    except (ELFError, *_DAMAGE):
        return "", [], []
    folders = [folder for text in (*texts["rpath"], *texts["runpath"]) for folder in text.split(":") if folder]
    return interpreter, texts["needed"], folders


def _places(name: str, own: Iterable[str]) -> Iterator[Path]:
    """Where the loader finds a soname (ld.so(8)): the file's own folders, the usual ones, an architecture's below."""
    for folder in (*own, *_FOLDERS):
        base = Path(folder)
        candidates = [base / name, *base.glob(f"*-linux-gnu*/{name}")] if base.is_dir() else []
        for path in candidates:
            if path.is_file():
                yield path
                return
