"""What does libbpf itself make of an object's CO-RE relocations? Its debug log, and our verdicts in its words.

No program and no map reaches the kernel: maps are not created, and programs lose their type, at which libbpf stops
once everything is relocated. It still wants the right to load programs, since it tries that before anything else.
"""

from __future__ import annotations

import ctypes as ct
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.core.apply import apply
from bpflint.btf.core.resolve import Resolution, Resolver
from bpflint.btf.core.spec import Spec
from bpflint.btf.ext import CoreRelo, read_ext
from bpflint.kernels.extract import elf_section
from bpflint.kernels.symbols import Symbol, functions

_PRINT = ct.CFUNCTYPE(ct.c_int, ct.c_int, ct.c_char_p, ct.c_void_p)
_LINE = re.compile(r"libbpf: prog '([^']*)': relo #(\d+): (.*)")
_PATCHED = re.compile(r"patched insn #\d+ \(\S+\) (imm|imm64|off|mem_sz) (\d+) -> (\d+)")
_CANDIDATE = re.compile(r"(non-)?matching candidate #\d+ (<\w+> \[(\d+)\].*)")
_SHORT = {
    "field_byte_offset": "byte_off", "field_byte_size": "byte_sz", "field_exists": "field_exists",
    "field_signed": "signed", "field_lshift_u64": "lshift_u64", "field_rshift_u64": "rshift_u64",
}  # fmt: skip
_said: list[str] = []
_libc = ct.CDLL(None)


class _OpenOptions(ct.Structure):
    """struct bpf_object_open_opts (libbpf.h of libbpf 1.1)."""

    _fields_ = (
        ("sz", ct.c_size_t), ("object_name", ct.c_char_p), ("relaxed_maps", ct.c_bool),
        ("pin_root_path", ct.c_char_p), ("unused", ct.c_uint32), ("kconfig", ct.c_char_p),
        ("btf_custom_path", ct.c_char_p), ("kernel_log_buf", ct.c_char_p), ("kernel_log_size", ct.c_size_t),
        ("kernel_log_level", ct.c_uint32),
    )  # fmt: skip


@dataclass
class Verdict:
    """One relocation: what is asked, each type tried (id, path in words or "" where it does not match), the end."""

    asked: str = ""
    tried: list[tuple[int, str]] = field(default_factory=list)
    end: str = "not reached"


Log = dict[tuple[str, int], Verdict]
"""By program and number of the relocation in its section."""


@_PRINT
def _hear(level: int, form: bytes, arguments: int) -> int:
    text = ct.create_string_buffer(2048)
    _libc.vsnprintf(text, len(text), form, ct.c_void_p(arguments))
    _said.append(text.value.decode(errors="backslashreplace").rstrip("\n"))
    return 0


@cache
def _libbpf() -> ct.CDLL:
    lib = ct.CDLL("libbpf.so.1", use_errno=True)
    for name in ("bpf_object__open_mem", "bpf_object__next_program", "bpf_object__next_map"):
        getattr(lib, name).restype = ct.c_void_p
    lib.bpf_object__open_mem.argtypes = (ct.c_char_p, ct.c_size_t, ct.c_void_p)
    lib.bpf_object__next_program.argtypes = lib.bpf_object__next_map.argtypes = (ct.c_void_p, ct.c_void_p)
    lib.bpf_program__name.argtypes, lib.bpf_program__name.restype = (ct.c_void_p,), ct.c_char_p
    lib.bpf_program__set_type.argtypes = (ct.c_void_p, ct.c_int)
    lib.bpf_program__set_autoload.argtypes = lib.bpf_map__set_autocreate.argtypes = (ct.c_void_p, ct.c_bool)
    lib.bpf_map__set_pin_path.argtypes = (ct.c_void_p, ct.c_char_p)
    lib.bpf_object__load.argtypes = lib.bpf_object__close.argtypes = (ct.c_void_p,)
    return lib


def require() -> None:
    """Skip, with the reason, where libbpf cannot be heard."""
    if os.geteuid() != 0:
        pytest.skip("not root: libbpf relocates only where it may load programs")
    try:
        _libbpf()
    except OSError as error:
        pytest.skip(f"libbpf.so.1 is not installed: {error}")


def lines(data: bytes, kernel: Path, kconfig: str = "", only: str = "") -> list[str]:
    """Return what libbpf says when it opens an object and relocates it, or its program `only`, for a kernel's BTF."""
    lib = _libbpf()
    lib.libbpf_set_print(_hear)
    del _said[:]
    options = _OpenOptions(sz=ct.sizeof(_OpenOptions), btf_custom_path=os.fsencode(kernel))
    if kconfig:
        options.kconfig = kconfig.encode()
    handle = lib.bpf_object__open_mem(data, len(data), ct.byref(options))
    if not handle:
        return list(_said)
    item = lib.bpf_object__next_map(handle, None)
    while item:
        lib.bpf_map__set_autocreate(item, False)
        lib.bpf_map__set_pin_path(item, None)
        item = lib.bpf_object__next_map(handle, item)
    item = lib.bpf_object__next_program(handle, None)
    while item:
        lib.bpf_program__set_type(item, 0)
        lib.bpf_program__set_autoload(item, not only or lib.bpf_program__name(item) == only.encode())
        item = lib.bpf_object__next_program(handle, item)
    assert lib.bpf_object__load(handle) < 0, "a program without a type was loaded"
    lib.bpf_object__close(handle)
    return list(_said)


def log(said: list[str]) -> Log:
    """Return the verdicts in libbpf's log."""
    found: Log = {}
    for line in said:
        match = _LINE.match(line)
        if match is None:
            continue
        one, text = found.setdefault((match[1], int(match[2])), Verdict()), match[3]
        if patched := _PATCHED.match(text):
            one.end = f"{one.end}, width {patched[3]}" if patched[1] == "mem_sz" else f"patched {patched[3]}"
        elif candidate := _CANDIDATE.match(text):
            one.tried.append((int(candidate[3]), "" if candidate[1] else candidate[2]))
        elif text.startswith("<") and not one.asked:
            one.asked = text
        elif text.startswith("substituting"):
            one.end = "poisoned"
        elif "ambiguity" in text:
            one.end = "ambiguous"
        elif text.startswith("failed to") and one.end != "ambiguous":
            one.end = "refused"
    return {key: one for key, one in found.items() if one.asked or one.end != "not reached"}


@dataclass(frozen=True)
class Asked:
    """A relocation with its program, its number in the section, and the 16 bytes at its instruction."""

    program: str
    number: int
    relo: CoreRelo
    code: bytes


def asked(data: bytes) -> tuple[Btf, list[Asked]]:
    """Return an object's types and relocations, in their order."""
    local = Btf(elf_section(data, ".BTF", "x.o"))
    relos = read_ext(elf_section(data, ".BTF.ext", "x.o"), local).relocations
    codes = {name: elf_section(data, name, "x.o") for name in {relo.section for relo in relos}}
    owners: dict[str, list[Symbol]] = {name: [] for name in codes}
    for symbol in functions(data):
        owners.setdefault(symbol.section, []).append(symbol)
    numbers, found = Counter[str](), []
    for relo in relos:
        owner = next(s.name for s in owners[relo.section] if 0 <= relo.offset - s.offset < s.size)
        code = codes[relo.section][relo.offset : relo.offset + 16]
        found.append(Asked(owner, numbers[relo.section], relo, code))
        numbers[relo.section] += 1
    return local, found


def ours(local: Btf, relos: list[Asked], kernel: Btf) -> tuple[Log, list[Resolution]]:
    """Return our verdicts in libbpf's words, and what they were made from."""
    resolver, found, made = Resolver(local, kernel), {}, []
    for item in relos:
        one = resolver.resolve(item.relo)
        done = apply(one, item.code, local.byte_order)
        state = "ambiguous" if one.outcome == "ambiguous" else done.state
        end = f"patched {done.number}" if done.state == "patched" else state
        found[item.program, item.number] = Verdict(
            spelled(local, one.spec, one.kind) if one.spec else "",
            [(i, spelled(kernel, spec, one.kind) if spec else "") for i, spec in one.candidates],
            f"{end}, width {done.width}" if done.width else end,
        )
        made.append(one)
    return found, made


def spelled(btf: Btf, spec: Spec, kind: str) -> str:
    """Return a path in the words of bpf_core_format_spec, which has room for 255 characters."""
    text = f"<{_SHORT.get(kind, kind)}> [{spec.root}] {_kind_word(btf, spec.root)} {btf.name(spec.root) or '<anon>'}"
    if kind.startswith("enumval"):
        values = btf.type(btf.resolve(spec.root))
        assert isinstance(values, t.Enum)
        value = values.values[spec.raw[0]]
        return f"{text}::{value.name} = {value.value}"[:255]
    if not spec.raw:
        return text[:255]
    for place, step in enumerate(spec.accessors):
        text += f".{step.name}" if step.name else f"[{step.number}]" if place or step.number else ""
    byte, bit = divmod(spec.bit_offset, 8)
    return f"{text} ({':'.join(map(str, spec.raw))} @ offset {byte}{f'.{bit}' if bit else ''})"[:255]


def _kind_word(btf: Btf, type_id: int) -> str:
    return t.kind_name(btf.kind(type_id)).lower()


def differences(libbpf: Log, our: Log) -> list[str]:
    """Return a line for each relocation that libbpf reached and that we see otherwise."""
    found = []
    for key, theirs in libbpf.items():
        mine = our.get(key, Verdict())
        if theirs.end == mine.end and mine.end in ("refused", "ambiguous"):
            continue  # libbpf says nothing of the candidates it had not looked at yet
        pairs = ((name, getattr(theirs, name), getattr(mine, name)) for name in ("asked", "tried", "end"))
        found += [f"{key[0]} #{key[1]} {name}: libbpf {a!r}, we {b!r}" for name, a, b in pairs if a != b]
    return found
