"""What does a kernel declare, as lines of text that two kernels share where they agree?

One line a named type or function, the kind first:

    i NAME SIZE ENCODING            an integer (encoding of btf.rst: 1 signed, 2 char, 4 bool) or, F, a float; `+` for a
                                    space in the name
    s NAME SIZE MEMBER;MEMBER…      a struct; u: a union. A member is NAME:TYPE@STEP, a bitfield NAME:TYPE@STEP/BITS;
                                    the step is from the offset of the member before it, both in bits
    e NAME SIZE+ A=1;B=2            an enumeration, `-` for one without a name; `+` after the size when its
                                    values are signed
    t NAME TYPE                     a typedef
    f NAME (RESULT|PARAM:TYPE,…)    a function; k: one that programs may call (a kfunc)

A TYPE is the name of an integer, `void`, `$NAME` a struct, `%NAME` a union, `!NAME` an enumeration, `~NAME` a typedef,
`*TYPE`, `[N]TYPE`, `cTYPE` `vTYPE` `rTYPE` for const, volatile and restrict behind `'`, `(RESULT|TYPE,…)` a function,
and `{SIZE MEMBERS}`, `<SIZE MEMBERS>`, `!{SIZE VALUES}` for what has no name. Tags on types are left out.

Two kernels' versions of a record differ in one step where a member was added, and in all offsets behind it: with steps
the pack is 14 % smaller.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.subset import references

NAMELESS = "-"
GENERATED = (
    "trace_event_raw_event_", "trace_raw_output_", "perf_trace_", "__bpf_trace_", "__probestub_", "__traceiter_",
    "trace_event_define_fields_", "trace_event_get_offsets_", "__se_sys_", "__do_sys_", "__pfx_",
)  # fmt: skip
"""Functions that macros make for each tracepoint and system call: left out, a tenth of all; nobody attaches to them."""
_DEEPEST = 32
_QUALIFIERS = {"const": "'c", "volatile": "'v", "restrict": "'r"}
_NAMED = (t.STRUCT, t.UNION, t.ENUM, t.ENUM64, t.TYPEDEF, t.INT, t.FLOAT, t.FUNC)


def lines_of(btf: Btf) -> Iterator[tuple[str, str]]:
    """Yield (name, line) for every named type and function, and for nameless constants of their own, each line once."""
    writer, seen = _Writer(btf, _kfuncs(btf)), set()
    mentioned = {inner for _, one in btf.types() for inner in references(one)}
    for type_id in btf.own_ids():
        nameless = type_id in mentioned and not btf.name(type_id)  # told where it is mentioned
        if btf.kind(type_id) not in _NAMED or nameless or _left_out(btf, type_id):
            continue
        found = writer.line(type_id)
        if found is not None and found not in seen:
            seen.add(found)
            yield found


def _left_out(btf: Btf, type_id: int) -> bool:
    return btf.kind(type_id) == t.FUNC and btf.name(type_id).startswith(GENERATED)


def _kfuncs(btf: Btf) -> frozenset[int]:
    tags = (btf.type(item) for item in btf.own_ids() if btf.kind(item) == t.DECL_TAG)
    return frozenset(tag.type for tag in tags if isinstance(tag, t.DeclTag) and tag.name == "bpf_kfunc")


class _Writer:
    """Writes the types of one BTF."""

    def __init__(self, btf: Btf, kfuncs: frozenset[int]) -> None:
        self._btf, self._callable = btf, kfuncs

    def line(self, type_id: int) -> tuple[str, str] | None:
        one = self._btf.type(type_id)
        match one:
            case t.Int(name=name):
                return name, f"i {_one_word(name)} {one.size} {one.encoding}"
            case t.Float(name=name):
                return name, f"i {_one_word(name)} {one.size} F"
            case t.Composite(name=name) if name:
                return name, f"{one.keyword[0]} {name} {one.size} {self._members(one, 0)}"
            case t.Enum(name=name, values=values) if name or values:
                return name or NAMELESS, f"e {name or NAMELESS} {_values(one)}"
            case t.Typedef(name=name):
                return name, f"t {name} {self._type(one.type, 0)}"
            case t.Func(name=name):
                kind = "k" if type_id in self._callable else "f"
                return name, f"{kind} {name} {self._prototype(one.type, 0, names=True)}"
        return None

    def _members(self, one: t.Composite, depth: int) -> str:
        before = (0, *(item.offset for item in one.members))
        return ";".join(
            f"{item.name}:{self._type(item.type, depth)}@{item.offset - start}{f'/{item.bits}' if item.bits else ''}"
            for item, start in zip(one.members, before, strict=False)
        )

    def _type(self, type_id: int, depth: int) -> str:
        if type_id == t.VOID:
            return "void"
        if depth > _DEEPEST:
            return "?"
        one, deeper = self._btf.type(type_id), depth + 1
        match one:
            case t.Int(name=name) | t.Float(name=name):
                return name
            case t.Ptr():
                return f"*{self._type(one.type, deeper)}"
            case t.Array():
                return f"[{one.length}]{self._type(one.type, deeper)}"
            case t.Composite(name=name) | t.Fwd(name=name) if name:
                return f"{'$' if one.keyword == 'struct' else '%'}{name}"
            case t.Composite():
                left, right = "{}" if one.keyword == "struct" else "<>"
                return f"{left}{one.size} {self._members(one, deeper)}{right}"
            case t.Enum(name=name):
                return f"!{name}" if name else f"!{{{_values(one)}}}"
            case t.Typedef(name=name):
                return f"~{name}"
            case t.Qualifier():
                return f"{_QUALIFIERS[one.keyword]}{self._type(one.type, deeper)}"
            case t.TypeTag():
                return self._type(one.type, deeper)
            case t.FuncProto():
                return self._prototype(type_id, deeper, names=False)
        return "?"

    def _prototype(self, type_id: int, depth: int, *, names: bool) -> str:
        one = self._btf.type(type_id)
        if not isinstance(one, t.FuncProto):
            return "?"
        shown = [f"{item.name}:{self._type(item.type, depth)}" if names else self._type(item.type, depth)
                 for item in one.params]  # fmt: skip
        return f"({self._type(one.result, depth)}|{','.join(shown)})"


def _one_word(name: str) -> str:
    """`unsigned long` as one word of a line."""
    return name.replace(" ", "+")


def _values(one: t.Enum) -> str:
    return f"{one.size}{'+' if one.signed else ''} {';'.join(f'{item.name}={item.value}' for item in one.values)}"
