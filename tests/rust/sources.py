"""Random Rust declarations that rustc accepts from 1.63 on, and a program that prints how it lays them out."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

_PLAIN = ("u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "usize", "isize", "f32", "f64", "bool", "char",
          "c_int", "c_char", "c_long", "c_ushort", "raw::c_uchar", "::std::os::raw::c_ulonglong", "super::Alias",
          "Wrapping<u32>", "MaybeUninit<u16>", "PhantomData<u64>", "()")  # fmt: skip
_POINTERS = ("*const u8", "*mut Alias", "&'static u32", "Option<&'static u8>", "Option<NonZeroU32>", "NonZeroU16",
             "Option<Box4>", "extern \"C\" fn(u8) -> u32", "Option<fn(u8)>", "*const ()", "NonNull<u8>")  # fmt: skip
_LENGTHS = ("0", "1", "3", "7", "N", "N + 1", "2 * N", "1 << 2", "inner::DEEP", "(N - 1) * 2", "0x10",
            "b'a' as usize - 90", "size_of::<u64>()", "std::mem::size_of::<inner::Deep>() + 1", "Level::High as usize",
            "u8::MAX as usize")  # fmt: skip
_TAGS = ("u8", "i8", "u16", "u32", "i64", "isize")

HEADER = """#![allow(dead_code, non_camel_case_types, unused_imports, improper_ctypes_definitions, unused_parens)]
use std::marker::PhantomData;
use std::mem::{self, size_of, MaybeUninit};
use std::num::{NonZeroU16, NonZeroU32, Wrapping};
use std::os::raw::{self, c_char, c_int, c_long, c_ushort};
use std::ptr::{addr_of, NonNull};

pub const N: usize = 3;
pub type Alias = u16;
pub type Box4 = NonNull<[u8; 4]>;
#[repr(u8)] #[derive(Clone, Copy)] pub enum Level { Low = 2, High = Low2 as u8 }
const Low2: u16 = 5;
#[repr(C)] #[derive(Clone, Copy)] pub struct Pair<A, B> { pub a: A, pub b: B }
#[repr(C)] #[derive(Clone, Copy)] pub struct Buffer<const LEN: usize> { pub used: u16, pub bytes: [u8; LEN] }
#[repr(transparent)] #[derive(Clone, Copy)] pub struct Id(pub u32);
#[derive(Clone, Copy)] pub struct Stamp(pub u64);
mod inner {
    pub const DEEP: usize = super::N * 2;
    #[repr(C)] #[derive(Clone, Copy)] pub struct Deep { pub x: u8, pub y: super::Alias }
}
use inner as folder;
"""
_HELPERS = ("Pair<u8, u64>", "Pair<Pair<u8, u16>, u8>", "Buffer<5>", "Buffer<N>", "Id", "Stamp", "folder::Deep",
            "Level", "inner::Deep")  # fmt: skip


@dataclass
class Made:
    """What was generated so far: names that later declarations may use."""

    free: list[str] = field(default_factory=list)
    """Types without an alignment of their own, which a packed struct may hold."""
    aligned: list[str] = field(default_factory=list)
    weight: dict[str, int] = field(default_factory=dict)
    """About how many bytes a type takes: nested arrays must not outgrow the stack."""
    zero: set[str] = field(default_factory=set)
    """Structs for which all bytes zero are a value."""


def random_sources(seed: int, structs: int, enums: int) -> tuple[str, list[str]]:
    """Return declarations of `S0…` and `E0…`, and the body lines that print their layouts."""
    rng = random.Random(seed)
    made = Made()
    lines: list[str] = []
    printed: list[str] = []
    kinds = ["s"] * structs + ["e"] * enums
    rng.shuffle(kinds)
    counts = {"s": 0, "e": 0}
    for kind in kinds:
        number = counts[kind]
        counts[kind] += 1
        if kind == "s":
            text, prints = _struct(rng, f"S{number}", made)
        else:
            text, prints = _enum(rng, f"E{number}", made)
        lines.append(text)
        printed.append(prints)
    return HEADER + "\n".join(lines) + "\n", printed


def program(text: str, printed: list[str]) -> str:
    """Return a program that prints `name size align field=offset,…` for each type."""
    chunks = [printed[at : at + 50] for at in range(0, len(printed), 50)]
    functions = "\n".join(f"fn show{n}() {{\n" + "\n".join(chunk) + "\n}" for n, chunk in enumerate(chunks))
    calls = " ".join(f"show{n}();" for n in range(len(chunks)))
    return text + functions + f"\nfn main() {{ {calls} }}\n"


def _struct(rng: random.Random, name: str, made: Made) -> tuple[str, str]:
    union = rng.random() < 0.12
    packed = rng.random() < 0.2
    aligned = not packed and rng.random() < 0.12
    words = ["C"]
    if packed:
        words.append(rng.choice(("packed", "packed(1)", "packed(2)", "packed(4)", "packed(8)")))
    if aligned:
        words.append(f"align({rng.choice((1, 2, 8, 16, 64))})")
    types = [_type(rng, made, packed=packed, zero=False) for _ in range(rng.randint(1, 7))]
    tuple_like = not union and rng.random() < 0.15
    names = [str(n) for n in range(len(types))] if tuple_like else [f"f{n}" for n in range(len(types))]
    split = rng.random() < 0.3 and len(words) > 1
    head = "".join(f"#[repr({word})] " for word in words) if split else f"#[repr({', '.join(words)})] "
    if tuple_like:
        body = "(" + ", ".join(f"pub {type_}" for type_ in types) + ");"
    else:
        body = " {\n" + "".join(f"    pub {label}: {type_},\n" for label, type_ in zip(names, types, strict=True)) + "}"
    text = f"{head}#[derive(Clone, Copy)]\npub {'union' if union else 'struct'} {name}{body}"
    held = any(f"{item}" in " ".join(types).replace(";", " ").replace("[", " ").split() for item in made.aligned)
    (made.aligned if aligned or held else made.free).append(name)
    made.weight[name] = sum(_weight(type_, made) for type_ in types)
    if all(_zeroable(type_, made) for type_ in types):
        made.zero.add(name)
    places = ", ".join(f'("{label}", addr_of!((*p).{label}) as usize - p as usize)' for label in names)
    return text, (
        f"    {{ let v = MaybeUninit::<{name}>::uninit(); let p = v.as_ptr(); "
        f"let o: &[(&str, usize)] = unsafe {{ &[{places}] }}; "
        f'print!("{name} {{}} {{}}", size_of::<{name}>(), mem::align_of::<{name}>()); '
        'for (n, x) in o { print!(" {}={}", n, x); } println!(); }'
    )


def _weight(type_: str, made: Made) -> int:
    inner = type_.lstrip("[").split(";")[0].strip()
    found = made.weight.get(inner, 16)
    for part in type_.split(";")[1:]:
        found *= {"u8::MAX as usize": 255}.get(part.strip(" ]"), 18)
    return found


def _zeroable(type_: str, made: Made) -> bool:
    inner = type_.lstrip("[").split(";")[0].strip()
    return inner in made.zero or inner in _PLAIN or inner == "Alias" or (inner in _HELPERS and inner != "Level")


def _type(rng: random.Random, made: Made, *, packed: bool, zero: bool) -> str:
    """A type; with `zero`, one for which all bytes zero are a value."""
    choice = rng.random()
    if choice < 0.2 and (made.free or made.aligned):
        free = packed or not made.aligned or rng.random() < 0.7
        found = rng.choice((made.free if free else made.aligned) or ["u8"])
        if zero and found not in made.zero:
            found = "u32"
        chosen = found
    elif choice < 0.3:
        chosen = rng.choice([item for item in _HELPERS if not zero or item != "Level"])
    elif choice < 0.42 and not zero:
        chosen = rng.choice(_POINTERS)
    else:
        chosen = rng.choice(_PLAIN).replace("super::Alias", "Alias")
    for _ in range(2):
        if rng.random() < 0.2 and _weight(chosen, made) < 2000:
            chosen = f"[{chosen}; {rng.choice(_LENGTHS[:8] if zero else _LENGTHS)}]"
    return chosen


def _enum(rng: random.Random, name: str, made: Made) -> tuple[str, str]:
    payload = rng.random() < 0.6
    words = rng.choice((["C"], [rng.choice(_TAGS)], ["C", rng.choice(_TAGS)]))
    if not payload:
        return _fieldless(rng, name, words[:1], made)
    variants: list[str] = []
    shows: list[str] = []
    for number in range(rng.randint(1, 4)):
        label = f"V{number}"
        shape = rng.random()
        types = [_type(rng, made, packed=False, zero=True) for _ in range(rng.randint(1, 4))]
        if shape < 0.2:
            variants.append(label)
            shows.append(f'print!(" {label}");')
        elif shape < 0.6:
            variants.append(f"{label}({', '.join(types)})")
            shows.append(_show_variant(name, label, [str(n) for n in range(len(types))], types, tuple_like=True))
        else:
            fields = [f"f{n}" for n in range(len(types))]
            listed = ", ".join(f"{label_}: {type_}" for label_, type_ in zip(fields, types, strict=True))
            variants.append(f"{label} {{ {listed} }}")
            shows.append(_show_variant(name, label, fields, types, tuple_like=False))
    if not any("(" in item or "{" in item for item in variants):
        variants.append("Last(u8)")
        shows.append(_show_variant(name, "Last", ["0"], ["u8"], tuple_like=True))
    text = f"#[repr({', '.join(words)})] #[derive(Clone, Copy)]\npub enum {name} {{ {', '.join(variants)} }}"
    shown = "\n        ".join(shows)
    return text, (
        f'    {{ print!("{name} {{}} {{}}", size_of::<{name}>(), mem::align_of::<{name}>());\n        {shown}\n'
        "        println!(); }"
    )


def _show_variant(name: str, label: str, fields: list[str], types: list[str], *, tuple_like: bool) -> str:
    zeroed = [f"unsafe {{ mem::zeroed::<{type_}>() }}" for type_ in types]
    bound = [f"x{n}" for n in range(len(fields))]
    if tuple_like:
        value, pattern = f"({', '.join(zeroed)})", f"({', '.join(bound)})"
    else:
        value = " { " + ", ".join(f"{item}: {zero}" for item, zero in zip(fields, zeroed, strict=True)) + " }"
        pattern = " { " + ", ".join(f"{item}: {to}" for item, to in zip(fields, bound, strict=True)) + " }"
    prints = " ".join(
        f'print!(" {label}.{item}={{}}", {to} as *const _ as *const u8 as usize - at);'
        for item, to in zip(fields, bound, strict=True)
    )
    return (
        f"{{ let e = {name}::{label}{value}; let at = &e as *const {name} as usize; "
        f"#[allow(unreachable_patterns)] match &e {{ {name}::{label}{pattern} => {{ {prints} }} _ => {{}} }} }}"
    )


def _fieldless(rng: random.Random, name: str, words: list[str], made: Made) -> tuple[str, str]:
    values: list[str] = []
    at = -1
    for number in range(rng.randint(1, 5)):
        at += 1
        if rng.random() < 0.3:
            at += rng.randint(1, 9)
            values.append(f"V{number} = {rng.choice((str(at), hex(at), f'{at - 1} + 1'))}")
        else:
            values.append(f"V{number}")
    made.free.append(name)
    text = f"#[repr({', '.join(words)})] #[derive(Clone, Copy)]\npub enum {name} {{ {', '.join(values)} }}"
    numbers = "".join(f' print!(" V{n}={{}}", {name}::V{n} as i64);' for n in range(len(values)))
    return text, (
        f'    {{ print!("{name} {{}} {{}}", size_of::<{name}>(), mem::align_of::<{name}>());{numbers} println!(); }}'
    )
