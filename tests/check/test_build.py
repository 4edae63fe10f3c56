"""Is a program compiled for each architecture with the types and registers of its kernels?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.api import Settings, Unit
from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.check.build import Builder, NotBuilt, compiler
from bpflint.engine.vmlinux import sources, vmlinux_ready
from bpflint.kernels.extract import elf_section

_PROGRAM = """\
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
SEC("kprobe/do_unlinkat") int BPF_KPROBE(on_unlink, int dfd) { return dfd; }
"""
_OTHERS = "typedef int __s32; struct pt_regs { unsigned long di; } __attribute__((preserve_access_index));\n"
_REGISTERS = {"x86_64": "di", "arm64": "regs", "s390x": "gprs"}
"""A member of what each kernel calls a task's registers (arch/*/include/asm/ptrace.h)."""


@pytest.mark.parametrize("own", ["", "x86/vmlinux.h"])
def test_registers_are_those_of_the_architecture(tmp_path: Path, own: str) -> None:
    try:
        compiler()
    except NotBuilt as error:
        pytest.skip(str(error))
    (tmp_path / "a.bpf.c").write_text(_PROGRAM)
    files = ["a.bpf.c"]
    if own:
        (tmp_path / own).parent.mkdir()
        (tmp_path / own).write_text(
            "typedef int __s32; struct pt_regs { unsigned long di; } __attribute__((preserve_access_index));\n"
        )
        files.append(own)
    with vmlinux_ready(Settings(root=tmp_path, cache_dir=tmp_path / "cache"), sources(tmp_path, files)) as settings:
        builder = Builder([Unit("a.bpf.c", "c", "bpf")], settings, files)
        found = {arch: _members(builder.built("a.bpf.c", arch)) for arch in ("arm64", "s390x")}
        if not own:
            found["x86_64"] = _members(builder.built("a.bpf.c", "x86_64"))
    assert {arch: _REGISTERS[arch] in names for arch, names in found.items()} == dict.fromkeys(found, True)


def _members(data: bytes) -> set[str]:
    btf = Btf(elf_section(data, ".BTF", "a.o"))
    return {member.name for _, one in btf.types() if isinstance(one, t.Composite) for member in one.members}
