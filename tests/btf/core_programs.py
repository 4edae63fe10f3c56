"""Which programs and kernels try every rule of CO-RE? Random records, and what another version made of them, in C."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

INTS = ("char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long long", "unsigned long long")
OTHER = "struct other { int gone; };\n"


@dataclass(frozen=True)
class Type:
    """A type of a field: `text` is a C type, or a keyword where `fields` are its members."""

    sort: str  # int bits ptr enum float array flex record
    text: str = ""
    width: int = 0
    dims: tuple[int, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Field:
    """A member; an unnamed one is a record whose members belong to the one around it."""

    name: str
    type: Type


class Maker:
    """Makes records and enumerations, and other versions of them, from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.names = 0

    def record(self, depth: int = 0) -> Type:
        """Return a new record."""
        rng = self.rng
        fields = [self._field(depth) for _ in range(rng.randrange(2, 6))]
        if depth == 0 and rng.random() < 0.3:
            fields.append(Field(self._name(), Type("flex", rng.choice(INTS))))
        return Type("record", "union" if rng.random() < 0.2 and fields[-1].type.sort != "flex" else "struct",
                    fields=tuple(fields))  # fmt: skip

    def _name(self) -> str:
        self.names += 1
        return f"f{self.names}"

    def _field(self, depth: int) -> Field:
        chosen = self._type(depth)
        unnamed = chosen.sort == "record" and self.rng.random() < 0.6
        return Field("" if unnamed else self._name(), chosen)

    def _type(self, depth: int) -> Type:
        rng = self.rng
        sort = rng.choice(("int", "int", "bits", "bits", "ptr", "enum", "float", "array", "record", "record"))
        if sort == "record":
            return self.record(depth + 1) if depth < 3 else Type("int", rng.choice(INTS))
        if sort == "array":
            inner = self._type(depth + 1)
            while inner.sort in ("bits", "array"):
                inner = self._type(depth + 1)
            return Type("array", dims=tuple(rng.randrange(1, 4) for _ in range(rng.choice((1, 1, 2)))),
                        fields=(Field("", inner),))  # fmt: skip
        if sort == "bits":
            text = rng.choice(INTS[2:])
            return Type("bits", text, rng.randrange(1, {"s": 16, "i": 32, "l": 64}[text.split()[-1][0]] + 1))
        texts = {
            "ptr": ("void *", "struct other *", "int *"),
            "enum": ("enum e0", "enum e1"),
            "float": ("double", "float"),
        }
        return Type(sort, rng.choice(texts.get(sort, INTS)))

    def changed(self, old: Type, rate: float) -> Type:
        """Return another version of a record: members gone, moved, wrapped, of another type."""
        rng, fields = self.rng, []
        for field in old.fields:
            if field.type.sort == "flex":
                continue
            if rng.random() < rate * 0.3:
                continue
            field = self._another(field, rate)
            if rng.random() < rate * 0.3:
                field = Field("", Type("record", rng.choice(("struct", "union")), fields=(field,)))
            fields.append(field)
            if rng.random() < rate * 0.5:
                fields.append(self._field(3))
        if rng.random() < rate:
            rng.shuffle(fields)
        fields += [field for field in old.fields if field.type.sort == "flex" and rng.random() > rate * 0.3]
        keyword = old.text if rng.random() > rate * 0.2 or fields[-1:] == [] else "struct"
        return replace(old, text=keyword, fields=tuple(fields or [Field(self._name(), Type("int", "int"))]))

    def _another(self, field: Field, rate: float) -> Field:
        one = field.type
        if one.sort == "record":
            return replace(field, type=self.changed(one, rate))
        if self.rng.random() > rate * 0.6:
            return field
        if one.sort == "array" and self.rng.random() < 0.6:
            dims = tuple(max(1, dim + self.rng.randrange(-1, 2)) for dim in one.dims)
            return replace(field, type=replace(one, dims=dims))
        return replace(field, type=self._type(3))


def declared(field: Field) -> str:
    """Return a member's declaration."""
    one = field.type
    match one.sort:
        case "bits":
            return f"{one.text} {field.name}:{one.width};"
        case "flex":
            return f"{one.text} {field.name}[];"
        case "array":
            return declared(Field(field.name + "".join(f"[{dim}]" for dim in one.dims), one.fields[0].type))
        case "record":
            return f"{body(one)} {field.name};"
    return f"{one.text} {field.name};"


def body(one: Type, name: str = "") -> str:
    """Return a record's definition without the semicolon."""
    return f"{one.text} {name} {{ {' '.join(declared(field) for field in one.fields)} }}"


def paths(one: Type, start: str) -> Iterator[tuple[str, Type]]:
    """Yield (expression, type) for each member that can be asked for, below an expression that names the record."""
    for field in one.fields:
        here = f"{start}{field.name}"
        if not field.name:
            yield from paths(field.type, start)
            continue
        inner = field.type
        if inner.sort == "array":
            yield here, inner
            inner, here = inner.fields[0].type, here + "".join(f"[{dim - 1}]" for dim in inner.dims)
        elif inner.sort == "flex":
            yield f"{here}[3]", Type("int", inner.text)
        yield here, inner
        if inner.sort == "record":
            yield from paths(inner, f"{here}.")


def enumerations(rng: random.Random, other: bool) -> str:
    """Return two enumerations; another version lacks some values, has other ones, or is wider."""
    wide = 1 << 40 if rng.random() < 0.3 else 1
    low = -1 if rng.random() < 0.5 else 1
    first = ["A0 = 1", f"B0{rng.choice(('', '___new')) if other else ''} = {rng.choice((2, 3))}", f"C0 = {low}"]
    second = [f"A1 = {wide}ll", "B1 = 0xf0000000u", f"C1 = {low if wide == 1 else 5}"]
    if other and rng.random() < 0.5:
        del first[rng.randrange(3)]
    if other and rng.random() < 0.3:
        del second[0]
    return f"enum e0 {{ {', '.join(first)} }};\nenum e1 {{ {', '.join(second)} }};\n"


def typedefs(rng: random.Random, flavor: str) -> str:
    """Return typedefs of all sorts of types, some of which differ from version to version."""
    choose = rng.choice
    return "".join((
        f"typedef {choose(INTS)} t0{flavor};\n",
        f"typedef {choose(('int *', 'struct other *', 'void *'))} t1{flavor};\n",
        f"typedef {choose(INTS)} t2{flavor}[{choose((2, 3))}];\n",
        f"typedef int (*t3{flavor})({choose(('int, long', 'int', 'void *, long', 'enum e0, struct other *'))});\n",
        f"typedef {choose(('struct other', 'enum e1', 'int'))} t4{flavor};\n",
    ))  # fmt: skip


MATCHED = (
    ("int {}", "unsigned {}"), ("long {}", "int {}"), ("int *{}", "unsigned *{}"), ("struct other *{}", "void *{}"),
    ("struct only_named *{}", "struct other *{}"), ("struct other {}", "struct other *{}"), ("int {}[2]", "int {}[3]"),
    ("enum {{ X{} }} {}", "enum e1 {}"), ("enum e1 {}", "enum e0 {}"), ("int (*{})(int, long)", "int (*{})(int)"),
    ("struct {{ int x; }} {}[2]", "struct {{ int x, y; }} {}[2]"), ("int {}", "int *{}"),
)  # fmt: skip
"""Pairs of declarations: the first is what both sides have but for an accident."""


def matched(rng: random.Random) -> tuple[str, str]:
    """Return records of a program and a kernel that mostly match member by member, the kernel's often with more."""
    mine, theirs = "struct only_named;\n", "struct only_named { long more; };\n"
    for number in range(6):
        fields = rng.sample(range(len(MATCHED)), rng.randrange(1, 4))
        local = [MATCHED[n][0].format(f"a{n}", f"a{n}") for n in fields]
        kernel = [MATCHED[n][rng.random() < 0.15].format(f"a{n}", f"a{n}") for n in fields]
        local = [f"{text.replace('Xa', f'L{number}a')};" for text in local]
        kernel = [f"{text.replace('Xa', f'K{number}a')};" for text in kernel]
        if rng.random() < 0.5:
            kernel.insert(0, "char first;")
        mine += f"struct m{number} {{ {' '.join(local)} }};\n"
        theirs += f"struct m{number} {{ {' '.join(kernel)} }} vm{number};\n"
    return mine, theirs


def pair(seed: int) -> tuple[str, str]:
    """Return a program and a kernel in C: what the program asks for, and what this kernel made of it."""
    maker = Maker(seed)
    rng = maker.rng
    records = [maker.record() for _ in range(3)]
    flavors = [rng.choice(("", "", "___old")) for _ in records]
    rate = rng.choice((0.0, 0.2, 0.5, 1.0))
    kernel = OTHER + enumerations(rng, True)
    tail = []
    for number, record in enumerate(records):
        names = [f"r{number}"] + [f"r{number}___{n}" for n in range(2, rng.choice((2, 2, 3, 4)))]
        for name in names[rng.random() < 0.1 :]:
            made = maker.changed(record, rate)
            kernel += f"{body(made, name)};\n"
            tail.append(f"{made.text} {name} v_{name};\n")
    kernel += typedefs(rng, "") + "".join(tail) + "enum e0 ve0; enum e1 ve1; t0 vt0; t1 vt1; t3 vt3;\n"
    mine, theirs = matched(rng)
    return _program(rng, records, flavors, mine), kernel + theirs


def _program(rng: random.Random, records: list[Type], flavors: list[str], more: str) -> str:
    text = OTHER + "#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)\n"
    text += enumerations(rng, False)
    names = [f"r{number}{flavor}" for number, flavor in enumerate(flavors)]
    text += "".join(f"{body(one, name)};\n" for one, name in zip(records, names, strict=True))
    text += more + "#pragma clang attribute pop\n" + typedefs(rng, rng.choice(("", "___mine")))
    asked = []
    for one, name in zip(records, names, strict=True):
        where = f"(({one.text} {name} *)p)"
        found = list(paths(one, f"{where}->"))
        for place, sort in rng.sample(found, min(len(found), 6)):
            asked += _questions(rng, place, sort)
        asked += [f"__builtin_preserve_type_info(*({one.text} {name} *)0, {kind})" for kind in (0, 1, 2)]
        asked.append(f"__builtin_btf_type_id(*({one.text} {name} *)0, {rng.randrange(2)})")
    for enum, values in (("e0", "A0 B0 C0"), ("e1", "A1 B1 C1")):
        asked += [f"__builtin_preserve_enum_value(*(enum {enum} *){v}, {rng.randrange(2)})" for v in values.split()]
    asked += [f"__builtin_preserve_type_info(*(struct m{number} *)0, 2)" for number in range(6)]
    asked += [f"(long)&((struct m{number} *)p)->{name}" for number in range(6)
              for name in re.findall(r"a\d+(?=[;\[])", more.split(f"struct m{number} ")[1].split("\n")[0])]  # fmt: skip
    flavor = "___mine" if "t0___mine" in text else ""
    asked += [f"__builtin_preserve_type_info(*(t{n}{flavor} *)0, {kind})" for n in range(5) for kind in (0, 2)]
    return text + "".join(
        f'__attribute__((section("raw_tp/p{n}"), used)) long p{n}(void *p) {{ return {what}; }}\n'
        for n, what in enumerate(asked)
    ) + 'char _license[] __attribute__((section("license"))) = "GPL";\n'  # fmt: skip


def _questions(rng: random.Random, place: str, sort: Type) -> list[str]:
    plain = sort.sort in ("int", "ptr", "enum")
    # clang 19 has no answer for the sign of a pointer, and for shifts of what is no number
    kinds = [
        0,
        1,
        2,
        *((4, 5) if plain or sort.sort == "bits" else ()),
        *((3,) if sort.sort in "int enum bits" else ()),
    ]
    asked = [f"__builtin_preserve_field_info({place}, {kind})" for kind in rng.sample(kinds, 2)]
    if sort.sort != "bits":
        asked.append(f"(long)&{place}")
    if plain:
        asked.append(f"(long){place}")
    return asked
