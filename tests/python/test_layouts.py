"""Are our Python layouts Python's? Random ctypes records, struct formats and numpy dtypes against the real ones."""

from __future__ import annotations

import ctypes
import os
import platform
import random
import struct
import sys

import pytest

from bpflint.analysis.abi import abi, canonical_target
from bpflint.analysis.layout import lay_out, shape_of
from bpflint.frontends.python.ctypes_types import CTypes
from bpflint.frontends.python.formats import dtype_record, format_record
from bpflint.frontends.python.module import Module
from bpflint.model.layout import Codec, RecordDecl
from bpflint.model.source import Span

COUNT = int(os.environ.get("BPFLINT_LAYOUTS", "300"))
SEED = int(os.environ.get("BPFLINT_SEED", "20261122"))
HOST = abi(canonical_target(platform.machine()))

_TYPES = ("c_byte", "c_ubyte", "c_short", "c_ushort", "c_int", "c_uint", "c_long", "c_ulong", "c_longlong",
          "c_ulonglong", "c_uint8", "c_uint16", "c_uint32", "c_uint64", "c_size_t", "c_char", "c_bool", "c_float",
          "c_double", "c_void_p", "c_longdouble")  # fmt: skip
_ORDERED = tuple(name for name in _TYPES if name not in ("c_void_p", "c_longdouble"))
_BITS = {"c_ubyte": 8, "c_ushort": 16, "c_uint": 32, "c_int": 32, "c_ulonglong": 64, "c_byte": 8}


def random_classes(seed: int, count: int) -> str:
    rng = random.Random(seed)
    lines = ["import ctypes as ct", "from ctypes import *", "N = 3"]
    plain: list[str] = []
    for number in range(count):
        union = rng.random() < 0.15
        base = "ct.Union" if union else rng.choice(("Structure", "ct.Structure", "LittleEndianStructure"))
        types = _ORDERED if base == "LittleEndianStructure" else _TYPES
        lines.append(f"class S{number}({base}):")
        bits = not union and rng.random() < 0.3
        if rng.random() < 0.2:
            lines.append(f"    _pack_ = {rng.choice((1, 2, 4, 8))}")
            if sys.version_info >= (3, 14):
                lines.append('    _layout_ = "ms"')
        fields = [_field(rng, f"f{index}", types, plain, bits) for index in range(rng.randint(1, 7))]
        lines.append(f"    _fields_ = [{', '.join(fields)}]")
        if base != "LittleEndianStructure":
            plain.append(f"S{number}")
    return "\n".join(lines) + "\n"


def _field(rng: random.Random, name: str, types: tuple[str, ...], records: list[str], bits: bool) -> str:
    if bits and rng.random() < 0.6:
        base = rng.choice(sorted(_BITS))
        return f'("{name}", ct.{base}, {rng.randint(1, _BITS[base])})'
    chosen = rng.choice(types)
    if records and types is _TYPES and rng.random() < 0.2:
        chosen = rng.choice(records)
    else:
        chosen = rng.choice(("", "ct.")) + chosen
    if rng.random() < 0.25:
        chosen = f"{chosen} * {rng.choice(('4', 'N', '2 * N', '1 << 2'))}" if rng.random() < 0.8 else f"{chosen} * 2"
        if "* 2 * N" in chosen:
            chosen = chosen.replace("* 2 * N", "* (2 * N)")
        if "1 << 2" in chosen:
            chosen = chosen.replace("1 << 2", "(1 << 2)")
    return f'("{name}", {chosen})'


def test_ctypes_records_equal_ctypes() -> None:
    print(f"seed {SEED}, {COUNT} classes")
    source = random_classes(SEED, COUNT)
    real: dict[str, object] = {}
    exec(compile(source, "random_classes", "exec"), real)  # our own text, made above
    types = CTypes(Module("m.py", source.encode()))
    wrong = []
    for decl in types.records():
        cls = real[decl.name]
        assert isinstance(cls, type)
        assert issubclass(cls, ctypes.Structure | ctypes.Union)
        record = lay_out(decl, HOST)
        ours = (record.size // 8, record.align // 8, [(int(item.offset), int(item.size)) for item in record.fields])
        theirs = (ctypes.sizeof(cls), ctypes.alignment(cls), [_place(cls, item[0]) for item in cls._fields_])
        if ours != theirs:
            wrong.append((decl.name, ours, theirs))
    assert len(list(types.records())) == COUNT
    text = source.splitlines()
    assert not wrong, f"{len(wrong)} differ, first: {wrong[0]}\n" + "\n".join(
        text[text.index(next(line for line in text if line.startswith(f"class {wrong[0][0]}("))) :][:4]
    )


def _place(cls: type[ctypes.Structure] | type[ctypes.Union], name: str) -> tuple[int, int]:
    """Return (offset, size) of a field in bits; a ctypes bitfield packs its width into the upper half of `size`."""
    descriptor = getattr(cls, name)
    if sys.version_info >= (3, 14):
        size = descriptor.bit_size
        return descriptor.byte_offset * 8 + (descriptor.bit_offset if descriptor.is_bitfield else 0), size
    if descriptor.size >> 16:
        return descriptor.offset * 8 + (descriptor.size & 0xFFFF), descriptor.size >> 16
    return descriptor.offset * 8, descriptor.size * 8


@pytest.mark.parametrize("order", ["", "@", "=", "<", ">", "!"])
def test_struct_formats_equal_calcsize(order: str) -> None:
    rng = random.Random(SEED)
    codes = "cbB?hHiIlLqQefdsx" + ("nNP" if order in ("", "@") else "")
    for _ in range(COUNT):
        text = order + "".join(
            (str(rng.randint(1, 20)) if rng.random() < 0.3 else "") + rng.choice(codes)
            for _ in range(rng.randint(1, 8))
        )
        decl = format_record(text, Span("m.py", 1))
        assert isinstance(decl, RecordDecl)
        assert shape_of(decl, HOST, Codec.STRUCT).size == struct.calcsize(text) * 8, text


@pytest.mark.parametrize("text", ["<Z", "4", "<5", "< I Q;", "I,Q"])
def test_a_format_that_struct_refuses_is_opaque(text: str) -> None:
    with pytest.raises(struct.error):
        struct.calcsize(text)
    assert not isinstance(format_record(text, Span("m.py", 1)), RecordDecl)


def test_numpy_dtypes_equal_numpy() -> None:
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    rng = random.Random(SEED)
    names = ("u1", "<u2", ">u4", "i8", "<f8", "S16", "uint32", "bool", "?", "V3")
    for _ in range(COUNT):
        fields = ", ".join(
            f'("f{index}", "{rng.choice(names)}"' + (f", ({rng.randint(1, 3)},)" if rng.random() < 0.3 else "") + ")"
            for index in range(rng.randint(1, 6))
        )
        align = rng.choice(("", ", align=True"))
        source = f"import numpy as np\nd = np.dtype([{fields}]{align})\n"
        module = Module("m.py", source.encode())
        decl = dtype_record(module.values["d"], module, "d")  # type: ignore[arg-type]
        assert decl is not None
        real = eval(f"np.dtype([{fields}]{align})", {"np": numpy})  # our own text, made above
        record = lay_out(decl, HOST)
        offsets = [real.fields[name][1] * 8 for name in real.names]
        assert (record.size // 8, [int(item.offset) for item in record.fields]) == (real.itemsize, offsets), source
