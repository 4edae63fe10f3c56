#!/usr/bin/python3 -I
"""What does this kernel do with these jobs? One file, on the host a process of its own and in a guest PID 1.

It needs Python's standard library and, for compiled objects, libbpf.so.1. It knows nothing of rules: each job is a
mechanism (`layout`, `race`, `order`, `create`, `buffer`, `load`, `poison`, `fuzz`, `command`, `probe`), and its answer
is facts. Answers leave as framed lines `@BL <crc32> <length> <base64 of JSON>`, so that a console full of kernel
messages cannot be taken for one. Numbers of commands, types and attributes: include/uapi/linux/bpf.h.
"""

from __future__ import annotations

import base64
import ctypes as ct
import errno
import hashlib
import json
import os
import platform
import random
import re
import select
import signal
import struct
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import takewhile
from typing import Any

Facts = dict[str, Any]

_SYSCALL = {"x86_64": 321, "aarch64": 280, "s390x": 351, "riscv64": 280, "ppc64le": 361, "loongarch64": 280}
_MAP_CREATE, _LOOKUP, _UPDATE, _DELETE, _NEXT_KEY, _PROG_LOAD, _TEST_RUN = 0, 1, 2, 3, 4, 5, 10
_HASH, _ARRAY, _PROG_ARRAY, _PERF_ARRAY, _PERCPU_HASH, _PERCPU_ARRAY, _RINGBUF = 1, 2, 3, 4, 5, 6, 27
_PER_CPU = frozenset((_PERCPU_HASH, _PERCPU_ARRAY, 10))
_STACKS, _RINGS = 7, (_RINGBUF, 31)
_COUNTED = frozenset((_HASH, _PERCPU_HASH, _STACKS, 9, 10, 11, 22, 23))
"""Maps of whose number of entries the verifier takes no notice: hashes, tries, stack traces, queues and stacks."""
_ROOM = 8 << 20
"""Bytes of one such map that is only loaded against; tools ask for hundreds of megabytes."""
_UNSIZED = frozenset((_PERF_ARRAY, 19, 21, 24, 26, 28, 29, 32))
"""Maps that have no number of entries (local storage), or get it from libbpf (perf arrays, struct_ops)."""
_KPROBE, _SCHED_CLS, _TRACEPOINT = 2, 3, 5
_RUNNABLE = frozenset((1, 3, 4, 6, 8, 10, 11, 12, 17))
"""Program types that BPF_PROG_TEST_RUN runs on a packet, or (17, raw tracepoint) on a context of arguments."""
_RAW_TRACEPOINT = 17
_SLEEPABLE = 1 << 4
"""BPF_F_SLEEPABLE: programs of type syscall are not loaded without."""
_CANARY = 0xCC
_GUARD = 256
_MOST_ENTRIES = 64
_LOG = 8 << 20
_STATS_LOG = 1 << 16
_TAIL = 24_000
_libc = ct.CDLL(None, use_errno=True)


class NotRun(Exception):
    """A job that cannot be done here: the text is the `why` of the answer."""


# -- bpf(2) -------------------------------------------------------------------------------------------------------


def bpf(command: int, attributes: bytes) -> int:
    """Call bpf(2); raises OSError. The caller keeps alive every buffer whose address is in the attributes."""
    number = _SYSCALL.get(platform.machine())
    if number is None:
        raise NotRun(f"no-kernel: bpf(2) has no known number on {platform.machine()}")
    buffer = ct.create_string_buffer(attributes.ljust(128, b"\0"), 128)
    result = int(_libc.syscall(number, command, buffer, len(buffer)))
    if result < 0:
        raise OSError(ct.get_errno(), os.strerror(ct.get_errno()))
    _answered[:] = buffer.raw
    return result


_answered = bytearray(128)
"""The attributes of the last call as the kernel left them (BPF_PROG_TEST_RUN returns its result there)."""


def create(kind: int, key: int, value: int, entries: int, flags: int = 0) -> int:
    """Create a map and return its descriptor."""
    return bpf(_MAP_CREATE, struct.pack("=IIIII", kind, key, value, entries, flags))


def update(fd: int, key: bytes, value: Any, flags: int = 0) -> None:
    """Set one entry; `value` is bytes or a ctypes buffer that the kernel reads as far as it likes."""
    held, data = ct.create_string_buffer(key, len(key)), _buffer(value)
    bpf(_UPDATE, struct.pack("=IxxxxQQQ", fd, ct.addressof(held), ct.addressof(data), flags))


def lookup(fd: int, key: bytes, into: Any) -> None:
    """Read one entry into a ctypes buffer."""
    held = ct.create_string_buffer(key, len(key))
    bpf(_LOOKUP, struct.pack("=IxxxxQQQ", fd, ct.addressof(held), ct.addressof(into), 0))


def delete(fd: int, key: bytes) -> None:
    """Remove one entry."""
    held = ct.create_string_buffer(key, len(key))
    bpf(_DELETE, struct.pack("=IxxxxQQQ", fd, ct.addressof(held), 0, 0))


def keys(fd: int, size: int) -> Iterator[bytes]:
    """Yield the keys of a map, as long as it is not changed."""
    last, following = None, ct.create_string_buffer(size)
    while True:
        held = ct.create_string_buffer(last, size) if last is not None else None
        address = ct.addressof(held) if held is not None else 0
        try:
            bpf(_NEXT_KEY, struct.pack("=IxxxxQQ", fd, address, ct.addressof(following)))
        except OSError:
            return
        last = following.raw
        yield last


def load(
    kind: int, code: Iterable[bytes], *, attach: int = 0, target: int = 0, licence: bytes = b"GPL", flags: int = 0
) -> int:
    """Load hand-assembled instructions, for the kernel's function with the BTF id `target` where one is given.

    Raises OSError with the last words of the verifier.
    """
    program = b"".join(code)
    text, name = ct.create_string_buffer(program, len(program)), ct.create_string_buffer(licence)
    log = ct.create_string_buffer(1 << 16)
    head = struct.pack("=IIQQIIQ", kind, len(program) // 8, ct.addressof(text), ct.addressof(name), 1, len(log),
                       ct.addressof(log))  # fmt: skip
    try:
        rest = struct.pack("=II16sII", 0, flags, b"bpflint", 0, attach)
        return bpf(_PROG_LOAD, head + rest + struct.pack("=IIQIIQII", 0, 0, 0, 0, 0, 0, 0, target))
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror}: {_words(log.value)[-300:]}") from None


def run(fd: int, packet: bytes = b"", *, repeat: int = 1, context: bytes = b"") -> int:
    """Run a program by BPF_PROG_TEST_RUN and return its result."""
    data, ctx = ct.create_string_buffer(packet, len(packet)), ct.create_string_buffer(context, len(context) or 1)
    head = struct.pack("=IIIIQQII", fd, 0, len(packet), 0, ct.addressof(data) if packet else 0, 0, repeat, 0)
    bpf(_TEST_RUN, head + struct.pack("=IIQQ", len(context), 0, ct.addressof(ctx) if context else 0, 0))
    return int(struct.unpack_from("=I", _answered, 4)[0])


def _buffer(value: Any) -> Any:
    return ct.create_string_buffer(value, len(value)) if isinstance(value, bytes) else value


# -- instructions: struct bpf_insn ------------------------------------------------------------------------------


def insn(code: int, target: int = 0, source: int = 0, offset: int = 0, immediate: int = 0) -> bytes:
    """Return one instruction; the register nibbles stand in the machine's own order."""
    registers = source << 4 | target if sys.byteorder == "little" else target << 4 | source
    return struct.pack("=BBhi", code, registers, offset, immediate)


def map_into(register: int, fd: int) -> bytes:
    """Return the two instructions that put a map into a register."""
    return insn(0x18, register, 1, 0, fd) + insn(0)


_SIZES = {1: 0x10, 2: 0x08, 4: 0x00, 8: 0x18}


def fetch(register: int, base: int, offset: int, size: int) -> bytes:
    """Return `register = *(size *)(base + offset)`."""
    return insn(0x61 | _SIZES[size], register, base, offset)


def store(base: int, offset: int, register: int, size: int) -> bytes:
    """Return `*(size *)(base + offset) = register`."""
    return insn(0x63 | _SIZES[size], base, register, offset)


def looked_up(fd: int, into: int) -> list[bytes]:
    """Return the look-up of key 0 (four bytes below the frame pointer) into a register; the program ends on NULL."""
    return [
        insn(0x62, 10, 0, -4, 0), map_into(1, fd), insn(0xBF, 2, 10), insn(0x07, 2, 0, 0, -4), insn(0x85, 0, 0, 0, 1),
        insn(0x55, 0, 0, 1, 0), insn(0x95), insn(0xBF, into, 0),
    ]  # fmt: skip


END = [insn(0xB7, 0, 0, 0, 0), insn(0x95)]


# -- jobs ---------------------------------------------------------------------------------------------------------


def _layout(job: Facts) -> Facts:
    """Which bytes of a value do both sides take for each field? Each byte carries its own number, in two rounds."""
    size, user_size, fields = job["value_size"], job["user_size"], job["fields"]
    rounds = [_layout_round(size, user_size, fields, shift) for shift in (0, 8)]
    low, high = rounds
    return {
        "kernel": [_numbers(a, b) for a, b in zip(low["kernel"], high["kernel"], strict=True)],
        "user": [_numbers(a, b) for a, b in zip(low["user"], high["user"], strict=True)],
        "overrun": max(low["overrun"], high["overrun"]),
        "overread": min(low["overread"], high["overread"]),
        "unset": min(low["unset"], high["unset"]),
    }


def _layout_round(size: int, user_size: int, fields: Sequence[Sequence[int]], shift: int) -> Facts:
    value = bytes((at >> shift) & 0xFF for at in range(size))
    with _closing(create(_ARRAY, 4, size, 1)) as fd:
        update(fd, bytes(4), value)
        kernel = _kernel_view(fd, size, [(at, width) for at, width, _, _ in fields])
        into = _canaries(max(size, user_size) + _GUARD)
        lookup(fd, bytes(4), into)
        seen = into.raw
        overrun = sum(1 for at in range(user_size, size) if seen[at] != _CANARY)
        given = ct.create_string_buffer(value[:user_size].ljust(user_size, b"\0") + bytes([_CANARY]) * (size + _GUARD))
        update(fd, bytes(4), given)
        back = ct.create_string_buffer(size)
        lookup(fd, bytes(4), back)
    return {
        "kernel": kernel, "user": [seen[at : at + width] for _, _, at, width in fields], "overrun": overrun,
        "unset": sum(1 for at in range(size, user_size) if seen[at] == _CANARY),
        "overread": sum(1 for at in range(user_size, size) if back.raw[at] == _CANARY),
    }  # fmt: skip


def _kernel_view(fd: int, size: int, places: Sequence[tuple[int, int]]) -> list[bytes]:
    """What a program reads at each (offset, width) of the value, by loads of the field's own width where it can."""
    total = sum(-(-width // 8) * 8 for _, width in places) or 8
    with _closing(create(_ARRAY, 4, total, 1)) as out:
        code, at = [*looked_up(fd, 6), *looked_up(out, 7)], 0
        starts = []
        for offset, width in places:
            starts.append(at)
            step = width if width in _SIZES and offset % width == 0 else 1
            for part in range(0, width, step):
                code += [fetch(1, 6, offset + part, step), store(7, at + part, 1, step)]
            at += -(-width // 8) * 8
        with _closing(load(_SCHED_CLS, [*code, *END])) as program:
            run(program, bytes(64))
        seen = ct.create_string_buffer(total)
        lookup(out, bytes(4), seen)
    return [seen.raw[at : at + width] for at, (_, width) in zip(starts, places, strict=True)]


def _numbers(low: bytes, high: bytes) -> list[int]:
    return [a | b << 8 for a, b in zip(low, high, strict=True)]


def _canaries(size: int) -> Any:
    """A buffer of canaries; made from bytes alone it would end with a NUL of ctypes' own."""
    return ct.create_string_buffer(bytes([_CANARY]) * size, size)


def _buffer_job(job: Facts) -> Facts:
    """How many bytes behind a buffer of `user_size` does a lookup write? Per-CPU maps copy one value for each CPU."""
    kind, size, user_size = job["map"], job["value_size"], job["user_size"]
    cpus = possible_cpus()
    wanted = -(-size // 8) * 8 * cpus if kind in _PER_CPU else size
    user = user_size * (cpus if job.get("each_cpu") else 1)
    with _closing(create(kind, 4, size, 1)) as fd:
        if kind not in (_ARRAY, _PERCPU_ARRAY):
            update(fd, bytes(4), bytes(wanted))
        into = _canaries(max(wanted, user) + _GUARD)
        lookup(fd, bytes(4), into)
    return {"overrun": sum(1 for byte in into.raw[user:] if byte != _CANARY), "copied": wanted, "cpus": cpus}


def _race(job: Facts) -> Facts:
    """How many additions of two CPUs are lost, by load and store, and by an atomic add (or one CPU alone)?"""
    cpus = _two_cpus()
    plain = _raced(job, cpus, atomic=False)
    for _ in range(job.get("tries", 1) - 1):
        if plain[0] != plain[1]:
            break
        plain = _raced(job, cpus, atomic=False)
    if job["width"] in (4, 8):
        return {"plain": plain, "control": _raced(job, cpus, atomic=True), "how": "an atomic add"}
    return {"plain": plain, "control": _raced(job, cpus[:1], atomic=False), "how": "one CPU alone"}


def _raced(job: Facts, cpus: Sequence[int], *, atomic: bool) -> Sequence[int]:
    """(additions made, additions counted), both modulo the counter's width, and all that were made."""
    width, offset, size = job["width"], job["offset"], max(job["value_size"], job["offset"] + 8)
    with _closing(create(_ARRAY, 4, size, 1)) as fd:
        code = [*looked_up(fd, 6)]
        if atomic:
            code += [insn(0xB7, 1, 0, 0, 1), insn(0xC3 | _SIZES[width], 6, 1, offset)]
        else:
            code += [fetch(1, 6, offset, width), insn(0x07, 1, 0, 0, 1), store(6, offset, 1, width)]
        with _closing(load(_SCHED_CLS, [*code, *END])) as program:
            until = time.monotonic() + job["milliseconds"] / 1000
            made = sum(_together([partial(_add_until, program, cpu, until) for cpu in cpus]))
        seen = ct.create_string_buffer(size)
        lookup(fd, bytes(4), seen)
    modulus = 1 << (8 * width)
    return made % modulus, int.from_bytes(seen.raw[offset : offset + width], sys.byteorder), made


def _add_until(program: int, cpu: int, until: float) -> int:
    os.sched_setaffinity(0, {cpu})
    made = 0
    while time.monotonic() < until:
        run(program, bytes(64), repeat=2000)
        made += 2000
    return made


def _together(works: Sequence[Callable[[], int]]) -> list[int]:
    """Run each in a process of its own at the same time, and return what each counted."""
    pipes = []
    for work in works:
        read, write = os.pipe()
        if os.fork() == 0:
            try:
                _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
                os.write(write, struct.pack("=Q", work()))
            finally:
                os._exit(0)
        os.close(write)
        pipes.append(read)
    counts = []
    for read in pipes:
        data = os.read(read, 8)
        os.close(read)
        os.wait()
        if len(data) < 8:
            raise NotRun("load-failed: a racing process ended early")
        counts.append(struct.unpack("=Q", data)[0])
    return counts


def _two_cpus() -> list[int]:
    """Two CPUs to run on; a second one that waits offline is brought up (guests boot with one)."""
    with suppress(OSError), open("/sys/devices/system/cpu/cpu1/online", "r+b", buffering=0) as online:
        if online.read(1) == b"0":
            online.write(b"1")
    with suppress(OSError):
        os.sched_setaffinity(0, range(8))
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        raise NotRun("one-cpu")
    return cpus[:2]


def _order(job: Facts) -> Facts:
    """Does a key in network byte order find what user space stored in host order, and what it stored swapped?"""
    width, number = job["width"], job["number"]
    wire = number.to_bytes(width, "big")
    with _closing(create(_HASH, width, 4, 4)) as fd:
        code = [
            insn(0xB7, 2, 0, 0, 14), insn(0xBF, 3, 10), insn(0x07, 3, 0, 0, -8), insn(0xB7, 4, 0, 0, width),
            insn(0x85, 0, 0, 0, 26), insn(0x55, 0, 0, 6, 0), map_into(1, fd), insn(0xBF, 2, 10),
            insn(0x07, 2, 0, 0, -8), insn(0x85, 0, 0, 0, 1), insn(0x55, 0, 0, 2, 0), *END, insn(0xB7, 0, 0, 0, 1),
            insn(0x95),
        ]  # fmt: skip
        with _closing(load(_SCHED_CLS, code)) as program:
            hits = []
            for key in (number.to_bytes(width, sys.byteorder), wire):
                update(fd, key, bytes(4))
                hits.append(run(program, bytes(14) + wire + bytes(50)))
                delete(fd, key)
    return {"host_order": bool(hits[0]), "network_order": bool(hits[1]), "wire": wire.hex(),
            "stored": number.to_bytes(width, sys.byteorder).hex()}  # fmt: skip


def _create(job: Facts) -> Facts:
    """Does the kernel create such a map? With a control of the same kind that it should create."""
    return {"errno": _errno_of(job["map"]), "control": _errno_of(job["control"]) if job.get("control") else None}


def _errno_of(map_: Sequence[int]) -> str:
    try:
        os.close(create(*map_))
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error.errno))
    return ""


def _operate(job: Facts) -> Facts:
    """With which errors do map operations end? Each is (operation, flags) on a map that holds key 0."""
    kind, key, value, entries, flags = job["map"]
    found = []
    with _closing(create(kind, key, value, entries, flags)) as fd:
        for operation, how in job["operations"]:
            found.append(_operation(fd, operation, bytes(key), bytes(-(-value // 8) * 8 * possible_cpus()), how))
    return {"errors": found}


def _operation(fd: int, operation: str, key: bytes, value: bytes, flags: int) -> str:
    try:
        if operation == "update":
            update(fd, key, value, flags)
        elif operation == "delete":
            delete(fd, key)
        else:
            lookup(fd, key, ct.create_string_buffer(len(value)))
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error.errno))
    return ""


# -- compiled objects, through libbpf -----------------------------------------------------------------------------

_PRINT = ct.CFUNCTYPE(ct.c_int, ct.c_int, ct.c_char_p, ct.c_void_p)
_SAMPLE = ct.CFUNCTYPE(ct.c_int, ct.c_void_p, ct.c_void_p, ct.c_size_t)
_PERF_SAMPLE = ct.CFUNCTYPE(None, ct.c_void_p, ct.c_int, ct.c_void_p, ct.c_uint32)
_PERF_LOST = ct.CFUNCTYPE(None, ct.c_void_p, ct.c_int, ct.c_uint64)
_said: list[str] = []


@_PRINT  # type: ignore[untyped-decorator]
def _hear(level: int, form: bytes, arguments: int) -> int:
    """Keep libbpf's warnings: they name the map or relocation that failed."""
    if level == 0:
        text = ct.create_string_buffer(1024)
        _libc.vsnprintf(text, len(text), form, ct.c_void_p(arguments))
        _said.extend(_words(text.value).splitlines())
    return 0


def libbpf() -> Any:
    """Return libbpf with the types of what we call."""
    try:
        lib = ct.CDLL("libbpf.so.1", use_errno=True)
    except OSError as error:
        raise NotRun(f"load-failed: libbpf.so.1 is not installed ({error})") from None
    pointer = ct.c_void_p
    for name in ("bpf_object__open_mem", "bpf_object__next_program", "bpf_object__next_map", "ring_buffer__new",
                 "perf_buffer__new"):  # fmt: skip
        getattr(lib, name).restype = pointer
    lib.bpf_object__open_mem.argtypes = (ct.c_char_p, ct.c_size_t, pointer)
    for name in ("bpf_object__next_program", "bpf_object__next_map", "bpf_map__set_pin_path"):
        getattr(lib, name).argtypes = (pointer, pointer)
    for name in ("bpf_program__name", "bpf_map__name", "bpf_program__section_name"):
        getattr(lib, name).argtypes, getattr(lib, name).restype = (pointer,), ct.c_char_p
    for name in ("bpf_object__load", "bpf_object__close", "bpf_program__fd", "bpf_map__fd", "bpf_program__type",
                 "bpf_program__expected_attach_type", "bpf_map__type", "bpf_map__key_size", "bpf_map__value_size",
                 "bpf_map__max_entries", "ring_buffer__consume", "ring_buffer__free", "perf_buffer__consume",
                 "perf_buffer__free", "bpf_map__is_internal"):  # fmt: skip
        getattr(lib, name).argtypes = (pointer,)
    lib.bpf_program__insns.argtypes, lib.bpf_program__insns.restype = (pointer,), pointer
    lib.bpf_program__insn_cnt.argtypes, lib.bpf_program__insn_cnt.restype = (pointer,), ct.c_size_t
    lib.bpf_map__set_max_entries.argtypes = lib.bpf_map__set_value_size.argtypes = (pointer, ct.c_uint32)
    lib.bpf_program__set_autoload.argtypes = (pointer, ct.c_bool)
    lib.bpf_program__set_log_buf.argtypes = (pointer, pointer, ct.c_size_t)
    lib.bpf_program__set_log_level.argtypes = (pointer, ct.c_uint32)
    lib.ring_buffer__new.argtypes = (ct.c_int, _SAMPLE, pointer, pointer)
    lib.perf_buffer__new.argtypes = (ct.c_int, ct.c_size_t, _PERF_SAMPLE, _PERF_LOST, pointer, pointer)
    lib.libbpf_set_print(_hear)
    return lib


_NAME, _TYPES = ct.create_string_buffer(b"object"), ct.create_string_buffer(b"/sys/kernel/btf/vmlinux")
_OPTIONS = struct.pack("@NP?PIPP", 56, ct.addressof(_NAME), False, 0, 0, 0, ct.addressof(_TYPES))
"""struct bpf_object_open_opts: a name, as without one messages hold an address, and the types of the kernel itself.

Those of its modules take more rights to look for than we keep, and are looked for whenever a type is missing.
"""


class Loaded:
    """Programs of an object, loaded alone; `error` is the kernel's errno name, "" when it took them.

    `logs` and `program` (the handle) are those of the programs named. `bare`: maps are made smaller than they are asked
    for, as nothing will be stored in them.
    """

    def __init__(self, lib: Any, data: bytes, programs: Sequence[str], level: int, *, bare: bool = False) -> None:
        del _said[:]
        self._lib = lib
        self._object = lib.bpf_object__open_mem(data, len(data), _OPTIONS)
        if not self._object:
            raise NotRun("object-unreadable: " + " | ".join(_said[-2:]))
        room = _LOG if len(programs) == 1 else _STATS_LOG
        self._logs = {name: ct.create_string_buffer(room) for name in programs}
        self.program = self._choose(level)
        for item in self.maps():
            lib.bpf_map__set_pin_path(item, None)
            if programs:
                self._size(item, bare=bare)
        began = time.monotonic()
        result = lib.bpf_object__load(self._object)
        self.seconds = time.monotonic() - began
        self.error = errno.errorcode.get(-result, str(-result)) if result < 0 else ""
        self.said = list(_said)

    def _choose(self, level: int) -> int:
        lib, chosen = self._lib, {}
        item = lib.bpf_object__next_program(self._object, None)
        while item:
            name = lib.bpf_program__name(item).decode()
            log = self._logs.get(name)
            lib.bpf_program__set_autoload(item, log is not None)
            if log is not None:
                chosen[name] = item
                lib.bpf_program__set_log_buf(item, log, len(log))
                lib.bpf_program__set_log_level(item, level)
            item = lib.bpf_object__next_program(self._object, item)
        if len(chosen) < len(self._logs):
            self.close()
            raise NotRun(f"object-unreadable: it has no program {next(iter(self._logs.keys() - chosen.keys()))}")
        return next(iter(chosen.values()), 0)

    def log(self, program: str) -> str:
        """Return what the verifier wrote of a program."""
        return _words(self._logs[program].value)

    def _size(self, item: int, *, bare: bool) -> None:
        """Give a map sizes that its loader gives at run time: without any no kernel creates it."""
        lib, kind = self._lib, self._lib.bpf_map__type(item)
        if not lib.bpf_map__max_entries(item) and kind not in _UNSIZED:
            lib.bpf_map__set_max_entries(item, 4096 if kind in _RINGS else 1024)
        if kind == _STACKS and not lib.bpf_map__value_size(item):
            lib.bpf_map__set_value_size(item, 127 * 8)
        if bare and kind in _COUNTED:
            each = lib.bpf_map__key_size(item) + 64
            each += lib.bpf_map__value_size(item) * (possible_cpus() if kind in _PER_CPU else 1)
            lib.bpf_map__set_max_entries(item, max(1, min(lib.bpf_map__max_entries(item), _ROOM // each)))

    def maps(self) -> Iterator[int]:
        """Yield the handles of its maps."""
        item = self._lib.bpf_object__next_map(self._object, None)
        while item:
            yield item
            item = self._lib.bpf_object__next_map(self._object, item)

    def close(self) -> None:
        """Give everything back to the kernel."""
        self._lib.bpf_object__close(self._object)


def _load(job: Facts) -> Facts:
    """Does the kernel take this program? With the verifier's last words, and how many instructions it looked at."""
    lib, data, name = libbpf(), _object(job), job["program"]
    if not name:
        return _maps_of(lib, data)
    tried = None if job.get("refused") else Loaded(lib, data, [name], 4, bare=True)  # BPF_LOG_STATS
    if tried is not None:
        tried.close()
        if not tried.error:
            return _answer(tried, name)
    told = Loaded(lib, data, [name], 1, bare=True)  # BPF_LOG_LEVEL1: the way to the fault
    told.close()
    if told.error == "ENOSPC":
        return _flooded(lib, data, name, told)
    if told.error in _NEVER_JUDGED and not told.log(name):
        raise NotRun(f"{_NEVER_JUDGED[told.error]}: {_cause(told.said)}")
    return _answer(told, name)


def _flooded(lib: Any, data: bytes, name: str, told: Loaded) -> Facts:
    """The refusal of a program whose log is too long: before Linux 6.4 its end, with the fault, is lost."""
    short = Loaded(lib, data, [name], 4, bare=True)
    short.close()
    whole = short.log(name).partition("\n")[0] in told.log(name)
    return {**_answer(told if whole else short, name), "errno": short.error}


def _answer(tried: Loaded, name: str) -> Facts:
    log = tried.log(name)
    taken = re.findall(r"^verification time (\d+) usec$", log, re.M)
    seconds = int(taken[-1]) / 1_000_000 if taken else round(tried.seconds, 6)
    return {"errno": tried.error, "log": log[-_TAIL:], "said": tried.said[-12:], "seconds": seconds}


_NEVER_JUDGED = {"EPERM": "no-rights", "ENOMEM": "no-memory"}
"""Refusals without a word of the verifier, which say nothing of the program: why they are none."""


def _cause(said: Sequence[str]) -> str:
    found = next((line for line in said if ": failed to " in line or "load failed" in line), "no message")
    return re.sub(r"^libbpf: (prog '\w+': )?", "", found)


def _load_all(job: Facts) -> Facts:
    """Which of these programs of an object does the kernel take? Those that it refuses are to be loaded alone.

    libbpf reads the kernel's types once a load, which is most of the time that a small program takes. It loads them in
    their order, up to the first that is refused.
    """
    lib, data, names = libbpf(), _object(job), list(job["programs"])
    answers: dict[str, Facts] = {}
    refused: list[str] = []
    until = time.monotonic() + job["seconds"] / 2
    while names and time.monotonic() < until:
        tried = Loaded(lib, data, names, 4, bare=True)  # BPF_LOG_STATS
        tried.close()
        guilty = _blamed(tried.said) if tried.error else ""
        if tried.error and guilty not in names:
            break
        taken = [name for name in names if name != guilty and "\nprocessed " in "\n" + tried.log(name)]
        answers.update((name, {**_answer(tried, name), "errno": "", "said": []}) for name in taken)
        refused += [guilty] if guilty else []
        names = [name for name in names if name not in answers and name != guilty] if guilty else []
    return {"answers": answers, "refused": refused}


def _blamed(said: Sequence[str]) -> str:
    found = [match[1] for line in said if (match := re.match(r"libbpf: prog '(\w+)': ", line))]
    return found[-1] if found else ""


def _maps_of(lib: Any, data: bytes) -> Facts:
    """Does the kernel create the maps of an object?"""
    loaded = Loaded(lib, data, [], 0)
    loaded.close()
    return {"errno": loaded.error, "log": "", "said": loaded.said[-12:]}


def _poison(job: Facts) -> Facts:
    """What do maps and events hold after a program ran on memory that was filled with one byte, for two such bytes?"""
    lib, data = libbpf(), _object(job)
    rounds = []
    for pattern in (0xA5, 0x5A, 0xA5):  # the third is the control: the same memory gives the same bytes
        loaded = Loaded(lib, data, [job["program"]], 0)
        try:
            if loaded.error:
                return _not_taken(lib, data, job["program"], loaded)
            _only_harmless(lib, loaded.program, job.get("allowed"))
            rounds.append(_poisoned(lib, loaded, pattern, job))
        finally:
            loaded.close()
    return {"errno": "", "rounds": rounds}


def _not_taken(lib: Any, data: bytes, program: str, loaded: Loaded) -> Facts:
    """The refusal, with the verifier's way to the fault."""
    again = Loaded(lib, data, [program], 1)  # BPF_LOG_LEVEL1
    answer = {"errno": loaded.error, "log": again.log(program)[-_TAIL:], "said": loaded.said[-12:]}
    again.close()
    return answer


def _only_harmless(lib: Any, program: int, allowed: Sequence[int] | None) -> None:
    """Refuse to run a program that calls a helper which is not on the list (None: run anything)."""
    if allowed is None:
        return
    count, first = lib.bpf_program__insn_cnt(program), lib.bpf_program__insns(program)
    for code, registers, _, immediate in struct.iter_unpack("=BBhi", ct.string_at(first, 8 * count)):
        source = registers >> 4 if sys.byteorder == "little" else registers & 0xF
        if code == 0x85 and source != 1 and (source == 2 or immediate not in allowed):
            raise NotRun(f"type-not-runnable: it calls function {immediate}, which is not run on this machine's kernel")


def _poisoned(lib: Any, loaded: Loaded, pattern: int, job: Facts) -> Facts:
    maps = {lib.bpf_map__name(item).decode(): item for item in loaded.maps()}
    kind = lib.bpf_program__type(loaded.program)
    section = lib.bpf_program__section_name(loaded.program).decode()
    with ExitStack() as stack:
        for name in job.get("prefill", ()):
            if name in maps:
                _prefill(lib, maps[name], pattern)
        events = _Events(lib, maps, stack)
        slot = stack.enter_context(_closing(create(_PROG_ARRAY, 4, 4, 1)))
        attach = lib.bpf_program__expected_attach_type(loaded.program)
        poisoner = stack.enter_context(_closing(load(kind, _poisoner(pattern, slot), attach=attach)))
        update(slot, bytes(4), struct.pack("=I", lib.bpf_program__fd(loaded.program)))
        _trigger(kind, section, poisoner, stack, job)
        events.drain()
        stored = {name: _entries(lib, item) for name, item in maps.items() if not lib.bpf_map__is_internal(item)}
    return {"maps": {name: entries for name, entries in stored.items() if entries is not None}, "events": events.seen}


def _poisoner(pattern: int, slot: int) -> Iterator[bytes]:
    """A program that fills its 512 bytes of stack and tail-calls the one in the slot."""
    word = int.from_bytes(bytes([pattern]) * 4, "little", signed=True)
    yield insn(0xBF, 6, 1)
    yield insn(0x18, 1, 0, 0, word) + insn(0, 0, 0, 0, word)
    for offset in range(8, 513, 8):
        yield store(10, -offset, 1, 8)
    yield from (insn(0xBF, 1, 6), map_into(2, slot), insn(0xB7, 3, 0, 0, 0), insn(0x85, 0, 0, 0, 12), *END)


def _prefill(lib: Any, item: int, pattern: int) -> None:
    """Fill a map that hands out used memory: the values of an array, or the bytes of a ring buffer."""
    fd, kind = lib.bpf_map__fd(item), lib.bpf_map__type(item)
    if kind == _RINGBUF:
        code = list(_poisoner(pattern, fd))[:-6]
        code += [map_into(1, fd), insn(0xBF, 2, 10), insn(0x07, 2, 0, 0, -512), insn(0xB7, 3, 0, 0, 512),
                 insn(0xB7, 4, 0, 0, 1), insn(0x85, 0, 0, 0, 130), insn(0x95)]  # fmt: skip
        with _closing(load(_SCHED_CLS, code)) as program, ExitStack() as stack:
            drop = _SAMPLE(lambda _context, _data, _size: 0)
            ring = lib.ring_buffer__new(fd, drop, None, None)
            stack.callback(lib.ring_buffer__free, ring)
            size = lib.bpf_map__max_entries(item)
            for _ in range(size // 520 + 1):
                run(program, bytes(64))
                lib.ring_buffer__consume(ring)
        return
    size = lib.bpf_map__value_size(item)
    length = -(-size // 8) * 8 * possible_cpus() if kind in _PER_CPU else size
    for index in range(min(lib.bpf_map__max_entries(item), _MOST_ENTRIES)):
        update(fd, struct.pack("=I", index), bytes([pattern]) * length)


class _Events:
    """Takes what a program sends through ring buffers and perf arrays."""

    def __init__(self, lib: Any, maps: dict[str, int], stack: ExitStack) -> None:
        self.seen: dict[str, list[str]] = {}
        self._drains: list[Callable[[], Any]] = []
        for name, item in maps.items():
            kind, fd = lib.bpf_map__type(item), lib.bpf_map__fd(item)
            if kind == _RINGBUF:
                took = _SAMPLE(lambda _context, data, size, name=name: self._take(name, data, size))
                ring = lib.ring_buffer__new(fd, took, None, None)
                stack.callback(lib.ring_buffer__free, ring)
                self._drains.append(lambda ring=ring, took=took: lib.ring_buffer__consume(ring))  # type: ignore[misc]
            elif kind == _PERF_ARRAY:
                sample = _PERF_SAMPLE(lambda _context, _cpu, data, size, name=name: self._sample(name, data, size))
                lost = _PERF_LOST(lambda _context, _cpu, _count: None)
                perf = lib.perf_buffer__new(fd, 8, sample, lost, None, None)
                if perf:
                    stack.callback(lib.perf_buffer__free, perf)
                    self._drains.append(lambda p=perf, s=sample, o=lost: lib.perf_buffer__consume(p))  # type: ignore[misc]

    def _take(self, name: str, data: int, size: int) -> int:
        if len(self.seen.setdefault(name, [])) < _MOST_ENTRIES:
            self.seen[name].append(ct.string_at(data, size).hex())
        return 0

    def _sample(self, name: str, data: int, size: int) -> None:
        self._take(name, data, size)

    def drain(self) -> None:
        """Take everything that waits."""
        for drain in self._drains:
            drain()


def _entries(lib: Any, item: int) -> list[list[str]] | None:
    """(key, value) of the first entries of a map, in hex; None for maps that hold descriptors or cannot be read."""
    kind, size, value = lib.bpf_map__type(item), lib.bpf_map__key_size(item), lib.bpf_map__value_size(item)
    if kind not in (_HASH, _ARRAY, _PERCPU_HASH, _PERCPU_ARRAY, 9, 10, 11) or not size:
        return None
    fd, found = lib.bpf_map__fd(item), []
    length = -(-value // 8) * 8 * possible_cpus() if kind in _PER_CPU else value
    for key in keys(fd, size):
        into = ct.create_string_buffer(max(length, 1))
        with suppress(OSError):
            lookup(fd, key, into)
        found.append([key.hex(), into.raw[: min(length, 4096)].hex()])
        if len(found) >= _MOST_ENTRIES:
            break
    return sorted(found)


def _trigger(kind: int, section: str, program: int, stack: ExitStack, job: Facts) -> None:
    """Let a program run: by BPF_PROG_TEST_RUN, or attached to its own place while a few system calls happen."""
    if kind == _RAW_TRACEPOINT:
        run(program, repeat=0, context=bytes(96))
    elif kind in _RUNNABLE:
        for packet in job.get("packets", ["00" * 64]):
            with suppress(OSError):  # a program that wants a longer packet says EINVAL
                run(program, bytes.fromhex(packet))
    elif kind in (_KPROBE, _TRACEPOINT):
        if not job.get("attach"):
            raise NotRun("needs-attach")
        stack.enter_context(_closing(_attached(kind, section, program)))
        _few_calls()
    else:
        raise NotRun("type-not-runnable")


_OPEN = {"x86_64": 298, "aarch64": 241, "s390x": 331, "riscv64": 241, "ppc64le": 319, "loongarch64": 241}
"""perf_event_open(2)"""
_SET_BPF, _ENABLE = 0x40042408, 0x2400
_TRACING = "/sys/kernel/tracing"


def _attached(kind: int, section: str, program: int) -> int:
    """Attach a program to what its section names, and return the perf event that holds it."""
    name, _, place = section.partition("/")
    if kind == _TRACEPOINT:
        try:
            with open(f"{_TRACING}/events/{place}/id") as file:
                number = int(file.read())
        except OSError:
            raise NotRun(f"needs-attach: this kernel has no tracepoint {place}") from None
        attributes = _perf(2, number)
    else:
        with open("/sys/bus/event_source/devices/kprobe/type") as file:
            type_ = int(file.read())
        symbol = ct.create_string_buffer(place.partition("+")[0].encode())
        attributes = _perf(type_, 0, config=1 if name.startswith("kret") else 0, symbol=ct.addressof(symbol))
    held = ct.create_string_buffer(attributes)
    fd = int(_libc.syscall(_OPEN[platform.machine()], held, -1, 0, -1, 8))
    if fd < 0:
        raise NotRun(f"needs-attach: {section}: {os.strerror(ct.get_errno())}")
    for request, argument in ((_SET_BPF, program), (_ENABLE, 0)):
        if _libc.ioctl(fd, ct.c_ulong(request), ct.c_ulong(argument)) < 0:
            os.close(fd)
            raise NotRun(f"needs-attach: {section}: {os.strerror(ct.get_errno())}")
    return fd


def _perf(type_: int, number: int, *, config: int = 0, symbol: int = 0) -> bytes:
    """struct perf_event_attr, 120 bytes: type, size, config, period, …, config1 (the symbol) at 56."""
    head = struct.pack("=IIQQQQQ", type_, 120, number or config, 1, 0, 0, 0)
    return (head.ljust(52, b"\0") + struct.pack("=IQQ", 0, symbol, 0)).ljust(120, b"\0")


def _few_calls() -> None:
    """What most tracing programs watch: files, a name, a process, a socket."""
    import socket

    folder = f"/tmp/bpflint-{os.getpid()}"
    with suppress(OSError):
        os.mkdir(folder)
        with open(f"{folder}/one", "wb") as file:
            file.write(b"x")
        os.rename(f"{folder}/one", f"{folder}/two")
        with open(f"{folder}/two", "rb") as file:
            file.read()
        os.unlink(f"{folder}/two")
        os.rmdir(folder)
    for family in (socket.AF_INET, socket.AF_INET6):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with suppress(OSError), socket.socket(family, kind) as made:
                made.settimeout(0.2)
                made.connect(("127.0.0.1" if family == socket.AF_INET else "::1", 9))
                made.send(b"x")
    if (child := os.fork()) == 0:
        with suppress(OSError):
            os.execv("/proc/self/exe", ["true", "-S", "-c", ""])
        os._exit(0)
    os.waitpid(child, 0)


def _fuzz(job: Facts) -> Facts:
    """Does a map behave like a dictionary of bounded size? Seeded operations, each compared with a model."""
    kind, key_size, value_size, entries, flags = job["map"]
    choose = random.Random(job["seed"])
    model: dict[bytes, bytes] = {}
    array = kind in (_ARRAY,)
    pool = [struct.pack("=I", at) if array else choose.randbytes(key_size) for at in range(min(entries, 32) + 4)]
    if array:
        model = {struct.pack("=I", at): bytes(value_size) for at in range(entries)}
    until = time.monotonic() + job["milliseconds"] / 1000
    made = 0
    for shape, meant in job.get("creates", ()):
        if (error := _errno_of(shape)) != meant:
            return {"made": 0, "failure": f"a map of type, key, value, entries, flags {shape}: "
                    f"the kernel says {error or 'ok'}, it should say {meant or 'ok'}"}  # fmt: skip
    if not job["count"]:
        return {"made": 0, "failure": ""}
    with _closing(create(kind, key_size, value_size, entries, flags)) as fd:
        while made < job["count"] and time.monotonic() < until:
            key, action = choose.choice(pool), choose.randrange(4)
            got = _fuzzed(fd, key, choose, action, value_size)
            wanted = _modelled(model, key, action, got, entries, array)
            made += 1
            if got[:2] != wanted:
                said, meant = f"{got[0] or 'ok'} {got[1].hex()}", f"{wanted[0] or 'ok'} {wanted[1].hex()}"
                told = f"operation {made} ({got[2]}) on {key.hex()}: the kernel says {said}, the model {meant}"
                return {"made": made, "failure": told}
    return {"made": made, "failure": ""}


def _fuzzed(fd: int, key: bytes, choose: random.Random, action: int, size: int) -> tuple[str, bytes, str, bytes]:
    """(errno name, bytes looked up, what was done, bytes stored)"""
    value, into = choose.randbytes(size), ct.create_string_buffer(size)
    names = ("lookup", "update", "create", "delete")
    try:
        if action == 0:
            lookup(fd, key, into)
            return "", into.raw, names[action], b""
        if action == 3:
            delete(fd, key)
        else:
            update(fd, key, value, action - 1)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "?"), b"", names[action], value
    return "", b"", names[action], value


def _modelled(
    model: dict[bytes, bytes], key: bytes, action: int, got: tuple[str, bytes, str, bytes], entries: int, array: bool
) -> tuple[str, bytes]:
    """What a dictionary of `entries` would answer (kernel/bpf/hashtab.c, arraymap.c)."""
    known = key in model
    if array:
        inside = int.from_bytes(key, sys.byteorder) < entries
        if action == 0:
            return ("", model[key]) if inside else ("ENOENT", b"")
        if action == 3:
            return "EINVAL", b""
        if not inside:
            return "E2BIG", b""
        if action == 2:
            return "EEXIST", b""
        model[key] = got[3]
        return "", b""
    if action == 0:
        return ("", model[key]) if known else ("ENOENT", b"")
    if action == 3:
        return ("", b"") if model.pop(key, None) is not None else ("ENOENT", b"")
    if action == 2 and known:
        return "EEXIST", b""
    if not known and len(model) >= entries:
        return "E2BIG", b""
    model[key] = got[3]
    return "", b""


_KINDS = {"programs": 11, "maps": 12, "links": 31}
"""BPF_*_GET_NEXT_ID"""


def _command(job: Facts) -> Facts:
    """What is in the kernel before a command and after each of its runs, and how many files it had open at most?"""
    before, after, codes, files, output = _counts(), [], [], [], ""
    for _ in range(job["rounds"]):
        code, most, output = _run_command(job["argv"])
        codes.append(code)
        files.append(most)
        time.sleep(0.3)  # programs are freed after a grace period
        after.append(_counts())
    return {"before": before, "after": after, "exit": codes, "files": files, "output": output[-job.get("keep", 2000) :]}


def _run_command(argv: Sequence[str]) -> tuple[int, int, str]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(write, 1)
        os.dup2(write, 2)
        with suppress(OSError):
            os.execv(argv[0], list(argv))
        os._exit(127)
    os.close(write)
    most, data, done, status = 0, b"", 0, 0
    while not done:
        with suppress(OSError):
            most = max(most, len(os.listdir(f"/proc/{child}/fd")))
        if select.select([read], [], [], 0.02)[0]:
            data += os.read(read, 1 << 16)
        done, status = os.waitpid(child, os.WNOHANG)
    os.close(read)
    return os.waitstatus_to_exitcode(status), most, _words(data)


def _counts() -> dict[str, int]:
    return {name: sum(1 for _ in _ids(command)) for name, command in _KINDS.items()}


def _ids(command: int) -> Iterator[int]:
    last = 0
    while True:
        try:
            bpf(command, struct.pack("=III", last, 0, 0))
        except OSError:
            return
        last = struct.unpack_from("=I", _answered, 4)[0]
        yield last


_SYSCALL_PROGRAM, _NETFILTER = 31, 32
_ATTACH_OF = {18: 10, 25: 21, 30: 36, _NETFILTER: 45}
"""The attach type that a program type is not loaded without (libbpf's src/libbpf_probes.c)."""
_HOOKED = {
    "fentry": (26, 24, b"bpf_fentry_test1", 0), "fexit": (26, 25, b"bpf_fentry_test1", 0),
    "tp_btf": (26, 23, b"sched_switch", 0), "iter": (26, 28, b"task", 0), "lsm": (29, 27, b"file_open", 0),
    "lsm.s": (29, 27, b"file_open", _SLEEPABLE),
}  # fmt: skip
"""Programs that are loaded for a function of the kernel: type, attach type, the name that libbpf looks for, flags."""
_NEWER_MAPS = {33: (0, 0, 1, 1 << 10), 34: (4, 16, 1, 0)}
"""Maps that libbpf 1.1 cannot probe, ARENA and INSN_ARRAY: key, value, entries, flags (kernel/bpf/arena.c,
bpf_insn_array.c)."""
_ABSENT = ("invalid func", "unknown func", "program of this type cannot use helper")
_MOST_HELPERS = 512


def _probe(job: Facts) -> Facts:
    """Which program types, map types and helpers has this kernel? Types as libbpf probes them; helpers by the verifier.

    `helpers` are the numbers that a program type, or a kind of hook, may call; `gpl` those that ask for a GPL licence.
    """
    lib = libbpf()
    programs = [kind for kind in range(1, 64) if lib.libbpf_probe_bpf_prog_type(kind, None) > 0]
    programs += [_NETFILTER] if _NETFILTER not in programs and _loads(_NETFILTER, _ATTACH_OF[_NETFILTER]) else []
    maps = {kind for kind in range(1, 64) if lib.libbpf_probe_bpf_map_type(kind, None) > 0}
    maps |= {kind for kind, shape in _NEWER_MAPS.items() if not _errno_of((kind, *shape))}
    helpers: dict[str, list[int]] = {}
    restricted: set[int] = set()
    for kind in programs:
        if kind not in _WITH_TARGET:
            flags = _SLEEPABLE if kind == _SYSCALL_PROGRAM else 0
            helpers[str(kind)], gpl = _helpers_of(kind, _ATTACH_OF.get(kind, 0), 0, b"Proprietary", flags)
            restricted |= gpl
    lib.libbpf_find_vmlinux_btf_id.argtypes = (ct.c_char_p, ct.c_int)
    for name, (kind, attach, function, flags) in _HOOKED.items():
        target = lib.libbpf_find_vmlinux_btf_id(function, attach)
        if kind in programs and target > 0:
            helpers[name], _ = _helpers_of(kind, attach, target, b"GPL", flags)
    helpers = {name: numbers for name, numbers in helpers.items() if numbers}
    return {"program_types": sorted(programs), "map_types": sorted(maps), "helpers": helpers, "gpl": sorted(restricted)}


_WITH_TARGET = frozenset((26, 27, 28, 29))
"""Tracing, struct_ops, ext and lsm: loaded for a function or a struct only."""


def _loads(kind: int, attach: int) -> bool:
    try:
        os.close(load(kind, END, attach=attach))
    except OSError:
        return False
    return True


def _helpers_of(
    kind: int, attach: int, target: int, licence: bytes, flags: int = 0
) -> tuple[list[int], set[int]]:
    """The helpers that programs of a kind may call, and which of them ask for a GPL licence.

    None where no such program is looked at: fentry without trampolines is refused before its calls are.
    """
    found: list[int] = []
    restricted: set[int] = set()
    if "invalid func" not in _refusal(kind, attach, target, licence, flags, _MOST_HELPERS):
        return found, restricted
    for number in range(1, _MOST_HELPERS):
        words = _refusal(kind, attach, target, licence, flags, number)
        if "invalid func" in words:
            break
        if not any(absent in words for absent in _ABSENT):
            found.append(number)
            restricted |= {number} if "GPL" in words else set()
    return found, restricted


def _refusal(kind: int, attach: int, target: int, licence: bytes, flags: int, helper: int) -> str:
    """What the verifier says of a program that calls one helper and ends; "" where it takes it."""
    try:
        code = [insn(0x85, 0, 0, 0, helper), insn(0x95)]
        os.close(load(kind, code, attach=attach, target=target, licence=licence, flags=flags))
    except OSError as error:
        words = str(error.strerror)
        if words.endswith(": "):  # the verifier did not get to see it
            raise NotRun(f"load-failed: a program of type {kind} is refused without a word: {words}") from None
        return words
    return ""


def _object(job: Facts) -> bytes:
    with open(os.path.join(_folder[0], job["object"]), "rb") as file:
        return file.read()


JOBS: dict[str, Callable[[Facts], Facts]] = {
    "layout": _layout, "buffer": _buffer_job, "race": _race, "order": _order, "create": _create, "operate": _operate,
    "load": _load, "load_all": _load_all, "poison": _poison, "fuzz": _fuzz,
    "command": _command, "probe": _probe,
}  # fmt: skip


# -- running jobs -------------------------------------------------------------------------------------------------

_folder = ["."]


@contextmanager
def _closing(fd: int) -> Iterator[int]:
    try:
        yield fd
    finally:
        os.close(fd)


def _words(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def possible_cpus() -> int:
    """Return how many CPUs the kernel may ever have: per-CPU maps copy a value for each."""
    with open("/sys/devices/system/cpu/possible") as file:
        last = file.read().strip().rpartition(",")[2].rpartition("-")[2]
    return int(last) + 1


def frame(answer: Facts) -> bytes:
    """Return an answer as one framed line."""
    body = base64.b64encode(json.dumps(answer, separators=(",", ":")).encode())
    return b"\n@BL %08x %d %s\n" % (zlib.crc32(body), len(body), body)


def send(answer: Facts) -> None:
    """Write a framed line to standard output, whole."""
    _write_all(1, frame(answer))


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def hello() -> Facts:
    """Return who answers: architecture, releases, CPUs, libbpf and the hash of the kernel's types."""
    names = os.uname()
    facts: Facts = {"machine": names.machine, "release": names.release, "version": names.version}
    with suppress(OSError), open("/sys/kernel/btf/vmlinux", "rb") as file:
        facts["btf"] = hashlib.sha256(file.read()).hexdigest()
    with suppress(NotRun):
        lib = libbpf()
        facts["libbpf"] = f"{lib.libbpf_major_version()}.{lib.libbpf_minor_version()}"
    with suppress(OSError):
        facts["cpus"] = possible_cpus()
    return {"hello": facts}


def run_jobs(folder: str, limits: Callable[[], None]) -> None:
    """Run each job of `jobs.json` in a process of its own; one that hangs or dies loses its own answer only."""
    _folder[0] = folder
    with open(os.path.join(folder, "jobs.json"), encoding="utf-8") as file:
        jobs = json.load(file)
    send(hello())
    known: dict[int, Facts] = {}
    for number, job in enumerate(jobs):
        send({"begin": job["id"]})
        if job["kind"] == "load" and job["id"] not in known:
            known.update(_of_one_object(jobs[number:], limits))
            send({"begin": job["id"]})
        send({"id": job["id"], **(known.get(job["id"]) or _in_child(job, limits))})
    send({"end": len(jobs)})


def _of_one_object(jobs: Sequence[Facts], limits: Callable[[], None]) -> dict[int, Facts]:
    """Answers for as many of the next loads of one object as the kernel takes; empty for the others."""
    first = jobs[0]
    same = list(takewhile(lambda job: job["kind"] == "load" and job["object"] == first["object"], jobs))
    if len(same) < 2 or first.get("alone") or not all(job["program"] for job in same):
        return {}
    programs = [job["program"] for job in same]
    asked = {"kind": "load_all", "object": first["object"], "programs": programs, "seconds": first.get("seconds", 20)}
    answer = _in_child(asked, limits)
    for job in same:
        job["refused"] = job["program"] in answer.get("refused", ())
    return {job["id"]: answer.get("answers", {}).get(job["program"], {}) for job in same}


def _in_child(job: Facts, limits: Callable[[], None]) -> Facts:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(job, write, limits)
    os.close(write)
    began = time.monotonic()
    data = _read_until(read, began + job.get("seconds", 20))
    os.close(read)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    try:
        answer: Facts = json.loads(data)
    except ValueError:
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGKILL
        answer = {"why": f"load-failed: ended by signal {os.WTERMSIG(status)}" if died else "timeout"}
    answer["milliseconds"] = round((time.monotonic() - began) * 1000)
    return answer


def _child(job: Facts, write: int, limits: Callable[[], None]) -> None:
    try:
        os.setsid()
        limits()
        answer = JOBS[job["kind"]](job)
    except NotRun as error:
        answer = {"why": str(error)}
    except OSError as error:
        answer = {"why": f"load-failed: {error.strerror or error}"}
    except Exception as error:  # noqa: BLE001  a fault of ours must reach the other side as such
        answer = {"why": f"load-failed: {type(error).__name__}: {error}"}
    _write_all(write, json.dumps(answer).encode())
    os._exit(0)


def _read_until(fd: int, until: float) -> bytes:
    data = b""
    while (left := until - time.monotonic()) > 0 and select.select([fd], [], [], left)[0]:
        part = os.read(fd, 1 << 16)
        if not part:
            break
        data += part
    return data


# -- the host: fewer rights ----------------------------------------------------------------------------------------

_CAP_NET_ADMIN, _CAP_PERFMON, _CAP_BPF = 12, 38, 39
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def reduce_rights() -> None:
    """Keep CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON only, take no new rights, and end with the parent."""
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.geteuid() != 0:
        return
    kept = 1 << _CAP_NET_ADMIN | 1 << _CAP_PERFMON | 1 << _CAP_BPF
    low, high = kept & 0xFFFFFFFF, kept >> 32
    head = struct.pack("=II", 0x20080522, 0)
    data = struct.pack("=IIIIII", low, low, 0, high, high, 0)
    if _libc.capset(head, data) < 0:
        raise NotRun(f"load-failed: the rights cannot be reduced: {os.strerror(ct.get_errno())}")


def host_limits() -> None:
    """Bound a job on the host: a gigabyte of memory and a minute of processor time; it dies with the agent."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


# -- the guest: PID 1 ----------------------------------------------------------------------------------------------

_MOUNTS = (
    ("proc", "/proc"), ("sysfs", "/sys"), ("devtmpfs", "/dev"), ("tmpfs", "/tmp"), ("tracefs", _TRACING),
    ("bpf", "/sys/fs/bpf"),
)  # fmt: skip
_RESTART = 0x01234567


def boot() -> None:
    """Be the guest's first process: mount what jobs need, run them, and restart (which ends the machine)."""
    try:
        for kind, place in _MOUNTS:
            with suppress(OSError):
                os.makedirs(place, exist_ok=True)
            _libc.mount(b"bpflint", place.encode(), kind.encode(), 0, None)
        with suppress(OSError):
            _bring_up_loopback()
        run_jobs("/jobs", lambda: None)
    finally:
        os.sync()
        _libc.reboot(_RESTART)


def _bring_up_loopback() -> None:
    import fcntl
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        fcntl.ioctl(made, 0x8914, struct.pack("16sH14x", b"lo", 0x41))  # SIOCSIFFLAGS: up and running


def main() -> None:
    """Run the jobs of the folder named on the command line, or those of the guest we are the first process of."""
    if os.getpid() == 1:
        boot()
    elif len(sys.argv) == 2:
        reduce_rights()
        run_jobs(sys.argv[1], host_limits)
    else:
        raise SystemExit("usage: agent.py FOLDER")


if __name__ == "__main__":
    main()
