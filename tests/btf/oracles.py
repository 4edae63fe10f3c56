"""What do clang, bpftool and an ELF reader say? The other opinions the tests compare with."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.c_layout import Layouts

KERNEL_BTF = Path("/sys/kernel/btf/vmlinux")


def tool(*names: str) -> str:
    """Return the first tool that is installed, or skip with the reason."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"none of these is installed: {', '.join(names)}")


def clang() -> str:
    return tool("clang-19", "clang-18", "clang")


def kernel_btf() -> bytes:
    if not KERNEL_BTF.exists():
        pytest.skip(f"the running kernel has no {KERNEL_BTF}")
    return KERNEL_BTF.read_bytes()


def bpftool_json(path: Path) -> list[dict[str, Any]]:
    done = subprocess.run([tool("bpftool"), "btf", "dump", "-j", "file", path, "format", "raw"], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    types: list[dict[str, Any]] = json.loads(done.stdout)["types"]
    return types


def compile_bpf(source: str, out: Path, target: str = "bpfel", *flags: str) -> bytes:
    """Compile C for BPF with debug information; return the object's bytes."""
    path = out.with_suffix(".c")
    path.write_text(source)
    command = [clang(), "-target", target, "-g", "-O1", "-c", "-std=gnu17", *flags, str(path), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]
    return out.read_bytes()


def section(data: bytes, name: str) -> bytes:
    from elftools.elf.elffile import ELFFile

    found = ELFFile(io.BytesIO(data)).get_section_by_name(name)
    return found.data() if found else b""


def signature(btf: Btf, layouts: Layouts, type_id: int) -> tuple[object, ...]:
    """Return size and members of a record: (name, bit offset, width) with unnamed records nested."""
    one = btf.type(type_id)
    assert isinstance(one, t.Composite)
    members = []
    for member in one.members:
        if member.name.startswith(("__gap", "__size")):
            continue  # added by the writer
        offset, width = layouts.place_of(member)
        inner = btf.resolve(member.type)
        found = btf.type(inner) if inner else None
        if not member.name or (isinstance(found, t.Composite) and not found.name):
            members.append((member.name, offset, width, signature(btf, layouts, inner)))
        else:
            members.append((member.name, offset, width, btf.size(member.type)))
    return one.keyword, one.size, tuple(members)


def plain(name: str) -> str:
    return name.split("___", 1)[0]


def signatures(btf: Btf) -> Counter[tuple[str, object]]:
    """Return every named record's layout, counted, without `___2` suffixes."""
    layouts = Layouts(btf)
    found: Counter[tuple[str, object]] = Counter()
    for type_id, one in btf.types():
        if isinstance(one, t.Composite) and one.name:
            found[plain(one.name), signature(btf, layouts, type_id)] += 1
    return found
