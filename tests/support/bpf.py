"""What does the running kernel make of a BPF program? Objects through libbpf, and a program that poisons the stack."""

from __future__ import annotations

import ctypes as ct
import os
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import TracebackType

import pytest

XDP, XDP_ATTACH, PROG_ARRAY, ARRAY = 6, 37, 3, 2
MISSED = 99
"""What the poisoner returns where its tail call did not happen."""
_TAIL_CALL, _STACK = 12, 512
_PRINT = ct.CFUNCTYPE(ct.c_int, ct.c_int, ct.c_char_p, ct.c_void_p)


class _TestRun(ct.Structure):
    """struct bpf_test_run_opts (bpf.h of libbpf 1.1)."""

    _fields_ = (
        ("sz", ct.c_size_t), ("data_in", ct.c_void_p), ("data_out", ct.c_void_p), ("data_size_in", ct.c_uint32),
        ("data_size_out", ct.c_uint32), ("ctx_in", ct.c_void_p), ("ctx_out", ct.c_void_p),
        ("ctx_size_in", ct.c_uint32), ("ctx_size_out", ct.c_uint32), ("retval", ct.c_uint32), ("repeat", ct.c_int),
        ("duration", ct.c_uint32), ("flags", ct.c_uint32), ("cpu", ct.c_uint32), ("batch_size", ct.c_uint32),
    )  # fmt: skip


@_PRINT
def _quiet(level: int, text: bytes, arguments: int) -> int:
    return 0


class Rejected(Exception):
    """The verifier takes a program not; the text is the end of its log."""


@cache
def libbpf() -> ct.CDLL:
    """Return libbpf with the types of what we call; OSError where it is not installed."""
    lib = ct.CDLL("libbpf.so.1", use_errno=True)
    for name in ("bpf_object__open_file", "bpf_object__find_program_by_name", "bpf_object__find_map_by_name"):
        getattr(lib, name).restype = ct.c_void_p
    lib.bpf_object__open_file.argtypes = (ct.c_char_p, ct.c_void_p)
    for name in ("bpf_object__find_program_by_name", "bpf_object__find_map_by_name"):
        getattr(lib, name).argtypes = (ct.c_void_p, ct.c_char_p)
    lib.bpf_object__next_program.argtypes = (ct.c_void_p, ct.c_void_p)
    lib.bpf_object__next_program.restype = ct.c_void_p
    lib.bpf_program__name.argtypes = (ct.c_void_p,)
    lib.bpf_program__name.restype = ct.c_char_p
    lib.bpf_program__set_autoload.argtypes = (ct.c_void_p, ct.c_bool)
    lib.bpf_program__set_log_buf.argtypes = (ct.c_void_p, ct.c_char_p, ct.c_size_t)
    for name in ("bpf_object__load", "bpf_object__close", "bpf_program__fd", "bpf_map__fd"):
        getattr(lib, name).argtypes = (ct.c_void_p,)
    lib.bpf_map_update_elem.argtypes = (ct.c_int, ct.c_void_p, ct.c_void_p, ct.c_uint64)
    lib.bpf_map_get_next_key.argtypes = (ct.c_int, ct.c_void_p, ct.c_void_p)
    lib.bpf_map_delete_elem.argtypes = (ct.c_int, ct.c_void_p)
    lib.bpf_map_create.argtypes = (ct.c_int, ct.c_char_p, ct.c_uint32, ct.c_uint32, ct.c_uint32, ct.c_void_p)
    lib.bpf_prog_load.argtypes = (ct.c_int, ct.c_char_p, ct.c_char_p, ct.c_void_p, ct.c_size_t, ct.c_void_p)
    lib.bpf_prog_test_run_opts.argtypes = (ct.c_int, ct.POINTER(_TestRun))
    lib.libbpf_set_print(_quiet)
    return lib


def require() -> None:
    """Skip, with the reason, where BPF programs cannot be loaded."""
    if os.geteuid() != 0:
        pytest.skip("not root: the kernel loads no BPF program for us")
    try:
        libbpf()
    except OSError as error:
        pytest.skip(f"libbpf.so.1 is not installed: {error}")
    try:
        os.close(_checked(libbpf().bpf_map_create(ARRAY, b"probe", 4, 4, 1, None), "map create"))
    except OSError as error:
        pytest.skip(f"the kernel refuses bpf(2): {error}")


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ct.get_errno() or -result
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def run(fd: int) -> int:
    """Run an XDP program once on an empty packet and return its result."""
    packet = ct.create_string_buffer(64)
    options = _TestRun(sz=ct.sizeof(_TestRun), data_in=ct.addressof(packet), data_size_in=64, repeat=1)
    _checked(libbpf().bpf_prog_test_run_opts(fd, ct.byref(options)), "test run")
    return int(options.retval)


class Objects:
    """One program of a compiled object, loaded; raises Rejected with the verifier's words."""

    def __init__(self, path: Path, program: str) -> None:
        self._lib = lib = libbpf()
        self._object = lib.bpf_object__open_file(os.fsencode(path), None)
        if not self._object:
            raise OSError(f"libbpf cannot read {path}")
        log = ct.create_string_buffer(1 << 20)
        item = lib.bpf_object__next_program(self._object, None)
        while item:
            lib.bpf_program__set_autoload(item, lib.bpf_program__name(item) == program.encode())
            lib.bpf_program__set_log_buf(item, log, len(log))
            item = lib.bpf_object__next_program(self._object, item)
        if lib.bpf_object__load(self._object) < 0:
            self.close()
            raise Rejected(log.value.decode(errors="replace")[-500:])

    def close(self) -> None:
        """Give everything back to the kernel."""
        self._lib.bpf_object__close(self._object)

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def program(self, name: str) -> int:
        """Return a program's descriptor; it belongs to the object."""
        return int(self._lib.bpf_program__fd(self._lib.bpf_object__find_program_by_name(self._object, name.encode())))

    def map(self, name: str) -> int:
        """Return a map's descriptor; it belongs to the object."""
        return int(self._lib.bpf_map__fd(self._lib.bpf_object__find_map_by_name(self._object, name.encode())))


def store(fd: int, key: bytes, value: bytes) -> None:
    """Set one entry of a map."""
    _checked(libbpf().bpf_map_update_elem(fd, key, value, 0), "update")


def take_keys(fd: int, size: int) -> list[bytes]:
    """Remove every entry of a map and return the keys."""
    found: list[bytes] = []
    key = ct.create_string_buffer(size)
    while libbpf().bpf_map_get_next_key(fd, None, key) == 0:
        found.append(key.raw)
        _checked(libbpf().bpf_map_delete_elem(fd, key), "delete")
    return found


class Poisoner:
    """Programs that fill their stack with one byte and tail-call whatever is put into their slot."""

    def __init__(self, *patterns: int) -> None:
        lib = libbpf()
        self._slot = _checked(lib.bpf_map_create(PROG_ARRAY, b"slot", 4, 4, 1, None), "map create")
        self._programs = {item: self._load(item) for item in patterns}

    def _load(self, pattern: int) -> int:
        code = b"".join(_instructions(pattern, self._slot))
        # struct bpf_prog_load_opts: size, attempts, expected attach type (a tail call needs an equal one)
        options = struct.pack("=Qii", 16, 0, XDP_ATTACH)
        return _checked(libbpf().bpf_prog_load(XDP, b"poison", b"GPL", code, len(code) // 8, options), "poisoner")

    def results(self, program: int) -> Iterator[tuple[int, int]]:
        """Run a program after each pattern; yields (pattern, result)."""
        store(self._slot, struct.pack("=I", 0), struct.pack("=I", program))
        for pattern, fd in self._programs.items():
            yield pattern, run(fd)

    def close(self) -> None:
        """Close what was made."""
        for fd in (*self._programs.values(), self._slot):
            os.close(fd)


def _instructions(pattern: int, slot: int) -> Iterator[bytes]:
    """linux/bpf.h, struct bpf_insn: code, registers, offset, immediate."""
    word = int.from_bytes(bytes([pattern]) * 4, "little", signed=True)
    yield _insn(0xBF, 6, 1)  # r6 = ctx
    yield _insn(0x18, 1, 0, 0, word)
    yield _insn(0, 0, 0, 0, word)  # r1 = pattern, 64 bits
    for offset in range(8, _STACK + 1, 8):
        yield _insn(0x7B, 10, 1, -offset)  # *(u64 *)(r10 - offset) = r1
    yield _insn(0xBF, 1, 6)
    yield _insn(0x18, 2, 1, 0, slot)
    yield _insn(0, 0, 0, 0, 0)  # r2 = map
    yield _insn(0xB7, 3, 0, 0, 0)
    yield _insn(0x85, 0, 0, 0, _TAIL_CALL)
    yield _insn(0xB7, 0, 0, 0, MISSED)
    yield _insn(0x95)


def _insn(code: int, target: int = 0, source: int = 0, offset: int = 0, immediate: int = 0) -> bytes:
    return struct.pack("<BBhi", code, source << 4 | target, offset, immediate)


def differing(poisoner: Poisoner, program: int, seen: int, size: int) -> int | None:
    """Return the bits of the key a program stores that depend on the stack before it; None: it stored none."""
    keys: dict[int, bytes] = {}
    for pattern, result in poisoner.results(program):
        if result == MISSED:
            raise OSError("the tail call did not happen")
        found = take_keys(seen, size)
        if not found:
            return None
        keys[pattern] = found[0]
    first, *others = (int.from_bytes(item, "little") for item in keys.values())
    bits = 0
    for other in others:
        bits |= first ^ other
    return bits


