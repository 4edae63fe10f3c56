"""Do our UAPI structs, enums and macros have the values of the machine's own kernel headers?"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import clang.cindex as ci
import pytest

from bpflint import headers

CLANG = next((c for c in ("clang-19", "clang") if shutil.which(c)), None)
SYSTEM = [Path("/usr/include/x86_64-linux-gnu"), Path("/usr/include")]
UAPI = headers.ROOT / "uapi"
FLAGS = [
    "-target",
    "x86_64-linux-gnu",
    "-std=gnu11",
    "-nostdinc",
    "-Wno-everything",
    "-ferror-limit=0",
    "-x",
    "c",
]
pytestmark = [
    pytest.mark.skipif(CLANG is None, reason="no clang on this machine"),
    pytest.mark.skipif(not (SYSTEM[1] / "linux" / "bpf.h").exists(), reason="no kernel headers in /usr/include/linux"),
    pytest.mark.skipif(not SYSTEM[0].exists(), reason="kernel headers of another machine than x86_64"),
]
# Grows with every release: the headers compared may be of different ones.
GROWS = re.compile(
    r"MAX\b|_MAX_|^MAX_|^BPF_F_REDIRECT_FLAGS|_MAX$|^__MAX|^NUM_|_END$|_LAST$|^__NR_syscalls$|_CNT$|^LINUX_VERSION"
)
# The kernel appends to the syscall's arguments and answers, and to this context (skb_hwtstamp in 6.2): a newer copy
# may only be larger.
EXTENSIBLE = re.compile(r"sizeof\(.*(union bpf_attr|struct bpf_(link|map|prog|btf)_info|struct bpf_sock_ops)\b")
PRELUDE = "#include <stddef.h>\n#include <stdint.h>\n#include <sys/socket.h>\n#include <sys/time.h>\n"


def includes(system: bool) -> list[str]:
    folders = [headers.ROOT / "freestanding", *SYSTEM] if system else list(headers.include_dirs("user"))
    return [a for d in folders for a in ("-isystem", str(d))]


def expressions(name: str) -> list[str]:
    """Every number that our header promises: sizes, offsets, enumerators, macros."""
    unit = ci.Index.create().parse(
        "/virtual/t.c", args=[*FLAGS[:-2], *includes(system=False)],
        unsaved_files=[("/virtual/t.c", f"{PRELUDE}#include <{name}>\n")],
        options=ci.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD,
    )  # fmt: skip
    out = []
    for c in unit.cursor.get_children():
        if c.location.file is None or c.location.file.name != str(UAPI / name):
            continue
        if (
            c.kind in (ci.CursorKind.STRUCT_DECL, ci.CursorKind.UNION_DECL)
            and c.is_definition()
            and not c.is_anonymous()
        ):
            out.append(f"sizeof({c.type.spelling})")
            for f in c.type.get_fields():
                if f.spelling and not f.is_bitfield() and "unnamed" not in f.spelling:
                    out.append(f"__builtin_offsetof({c.type.spelling}, {f.spelling})")
                    out.append(f"sizeof((({c.type.spelling} *)0)->{f.spelling})")
        elif c.kind == ci.CursorKind.ENUM_DECL:
            out += [e.spelling for e in c.get_children() if e.kind == ci.CursorKind.ENUM_CONSTANT_DECL]
        elif c.kind == ci.CursorKind.MACRO_DEFINITION and not ci.conf.lib.clang_Cursor_isMacroFunctionLike(c):
            out.append(c.spelling)
    return [e for e in dict.fromkeys(out) if not GROWS.search(e) and not e.startswith("BPFLINT")]


def values(name: str, wanted: list[str], system: bool) -> dict[str, int]:
    """The value of each expression that compiles."""
    assert CLANG is not None
    alive = dict(enumerate(wanted))
    for _ in range(3):
        rows = [f"const long long bpflint_v{i} = (long long)({e});" for i, e in alive.items()]
        text = f'{PRELUDE}#include <{name}>\n#line 1 "probe"\n' + "\n".join(rows) + "\n"
        command = [CLANG, *FLAGS, *includes(system), "-S", "-emit-llvm", "-o", "-", "-"]
        run = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        bad = {int(n) - 1 for n in re.findall(r"^probe:(\d+):\d+: error", run.stderr, re.M)}
        if not run.returncode:
            found = re.findall(r"^@bpflint_v(\d+) = .*constant i64 (-?\d+)", run.stdout, re.M)
            return {alive[int(i)]: int(v) for i, v in found}
        if not bad and system:
            pytest.skip("the system's header does not stand beside its own libc")
        if not bad:
            pytest.fail(f"{name}, {'system' if system else 'ours'}: {run.stderr[:300]}")
        keys = list(alive)
        alive = {k: alive[k] for i, k in enumerate(keys) if i not in bad}
    return {}


NAMES = sorted(str(p.relative_to(UAPI)) for p in (UAPI / "linux").rglob("*.h"))


@pytest.mark.parametrize("name", NAMES)
def test_same_numbers(name: str, record_property: pytest.FixtureRequest) -> None:
    if not any((d / name).exists() for d in SYSTEM):
        pytest.skip("a kernel-internal name, not in the system's UAPI headers")
    wanted = expressions(name)
    if not wanted:
        pytest.skip("defines no numbers")
    ours, theirs = values(name, wanted, system=False), values(name, wanted, system=True)
    both = ours.keys() & theirs.keys()
    record_property("compared", len(both))  # type: ignore[operator]
    different = {e: (ours[e], theirs[e]) for e in both if ours[e] != theirs[e]}
    assert {e: v for e, v in different.items() if not (EXTENSIBLE.match(e) and v[0] > v[1])} == {}
