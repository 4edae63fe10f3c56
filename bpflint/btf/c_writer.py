"""What C header declares the types of a BTF? A `vmlinux.h`: complete, or the closure of some names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from bpflint.btf import types as t
from bpflint.btf.c_layout import Layouts
from bpflint.btf.c_names import Names, identifier
from bpflint.btf.c_order import MAX_STEPS, Step, Want, in_order
from bpflint.btf.c_text import Speller, odd_name
from bpflint.btf.errors import BtfError
from bpflint.btf.lookup import Listed, Types
from bpflint.btf.reader import Btf

MAX_TEXT = 16 << 20
"""Largest header in characters; a kernel's has 3 million."""

_HEAD = """\
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

"""
_TAIL = """\
#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
"""
_KSYM = '__attribute__((weak, section(".ksyms")))'
#: <stdbool.h> makes these three words macros and C23 makes them keywords, so they are declared only without either
_BOOL = frozenset({"bool", "true", "false"})
_NO_BOOL = "#if !defined(__bool_true_false_are_defined) && !(__STDC_VERSION__ > 201710L)\n"


def write_c(btf: Btf | Listed, names: Iterable[str] | None = None) -> str:
    """Return a C header with all types of a BTF, or with those of the given names and what they need.

    Sizes and offsets compiled by clang for a 64-bit BPF target equal the BTF's. A name that occurs several times
    gets `___2` and so on. BtfError for a name that occurs nowhere, and for types no C declaration can express
    (a record that contains itself).
    """
    kfuncs = kernel_functions(btf) if names is None else []
    roots = _all_roots(btf) if names is None else _named_roots(btf, names)
    writer = _Writer(btf, roots + [(one.type, Want.DECLARED) for one in kfuncs])
    parts: list[str] = [_HEAD]
    room = MAX_TEXT
    for text in chain(writer.declarations(), writer.prototypes(kfuncs)):
        parts.append(text)
        room -= len(text)
        if room < 0:
            raise BtfError(f"BTF: more than {MAX_TEXT} characters of C")
    parts.append(_TAIL)
    return "".join(parts)


def kernel_functions(btf: Btf | Listed) -> list[t.Func]:
    """Return the functions tagged `bpf_kfunc`, by name: those a BPF program may call."""
    tags = (one for _, one in btf.types() if isinstance(one, t.DeclTag) and one.name == "bpf_kfunc")
    found = {one.name: one for tag in tags if tag.type and isinstance(one := btf.type(tag.type), t.Func)}
    return [found[name] for name in sorted(found)]


def _all_roots(btf: Btf | Listed) -> list[Step]:
    """Return every record, enumeration and typedef; unnamed enumerations last, if nothing wrote them in place."""
    wanted = (t.STRUCT, t.UNION, t.ENUM, t.ENUM64, t.TYPEDEF)
    ids = [i for i in range(1, len(btf)) if btf.kind(i) in wanted]
    if len(ids) > MAX_STEPS:
        raise BtfError(f"BTF: {len(ids)} types to declare, more than {MAX_STEPS}")
    named = [(i, Want.DECLARED if btf.kind(i) == t.TYPEDEF else Want.DEFINED) for i in ids if btf.name(i)]
    enums = [(i, Want.DEFINED) for i in ids if btf.kind(i) in (t.ENUM, t.ENUM64) and not btf.name(i)]
    return named + enums


def _named_roots(btf: Btf | Listed, names: Iterable[str]) -> list[Step]:
    kinds = (t.STRUCT, t.UNION, t.ENUM, t.ENUM64, t.TYPEDEF, t.FWD)
    roots = []
    for name in dict.fromkeys(names):
        found = [(i, Want.DEFINED) for i in btf.find(name) if btf.kind(i) in kinds]
        if not found:
            raise BtfError(f"BTF: no type is named {name}")
        roots += found
    return roots


class _Writer:
    def __init__(self, btf: Types, roots: list[Step]) -> None:
        self._btf = btf
        self._roots = roots
        self._names = Names()
        self._layouts = Layouts(btf)
        self._speller = Speller(btf, self._names, self._layouts)
        self._defined: set[int] = set()
        self._odd: set[int] = set()

    def declarations(self) -> Iterator[str]:
        """Yield the declarations in order, each with its semicolon and line end."""
        loose = []
        for type_id, want in in_order(self._btf, self._roots):
            one = self._btf.type(type_id) if type_id else None
            if isinstance(one, t.Enum) and not one.name:
                loose.append((type_id, one))
                continue
            yield from self._declaration(type_id, one, want)
        for type_id, one in loose:
            if not self._speller.has_enum(type_id):
                yield self._enum(type_id, one)

    def prototypes(self, functions: list[t.Func]) -> Iterator[str]:
        """Yield declarations of kernel functions, seen only by a program that defines BPF_KFUNC_PROTOTYPES.

        Off by default, since a program may declare one itself, after a kernel where its parameters differed.
        """
        if functions:
            yield "#ifdef BPF_KFUNC_PROTOTYPES\n"
            for one in functions:
                yield f"extern {self._speller.declare(one.type, identifier(one.name))} {_KSYM};\n"
            yield "#endif\n\n"

    def _declaration(self, type_id: int, one: t.BtfType | None, want: Want) -> Iterator[str]:
        match one:
            case t.Composite():
                self._layouts.plan(type_id) if want else None
                if want and one.name:
                    self._defined.add(type_id)
                    yield f"{self._speller.define_record(type_id, one)};\n\n"
                elif one.name and type_id not in self._defined:
                    yield f"{self._names.tag(type_id, one)};\n\n"
            case t.Fwd():
                yield f"{self._names.tag(type_id, one)};\n\n"
            case t.Enum() if not self._speller.has_enum(type_id):
                yield self._enum(type_id, one)
            case t.Typedef() if not want:
                yield from self._typedef(type_id, one)
            case t.Int(size=size) | t.Float(size=size):
                yield from self._odd_number(one, size)

    def _enum(self, type_id: int, one: t.Enum) -> str:
        text = f"{self._speller.define_enum(type_id, one)};\n"
        return _guarded(text) if any(value.name in _BOOL for value in one.values) else f"{text}\n"

    def _typedef(self, type_id: int, one: t.Typedef) -> Iterator[str]:
        if one.name == "__builtin_va_list":  # clang's own
            return
        text = f"typedef {self._speller.declare(one.type, self._names.typedef(type_id, one.name))};\n"
        yield _guarded(text) if one.name in _BOOL else f"{text}\n"

    def _odd_number(self, one: t.Int | t.Float, size: int) -> Iterator[str]:
        plain = (4, 8) if isinstance(one, t.Float) else (1, 2, 4, 8, 16)
        if size not in plain and size not in self._odd:
            self._odd.add(size)
            yield f"typedef unsigned char {odd_name(size)}[{size}];\n\n"


def _guarded(text: str) -> str:
    return f"{_NO_BOOL}{text}#endif\n\n"
