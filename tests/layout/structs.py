"""Which structs do the layout tests try? Random C declarations with nesting, arrays, packing, bitfields and unions."""

from __future__ import annotations

import random

_SCALARS = (
    "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long",
    "long long", "unsigned long long", "_Bool", "float", "double", "void *", "enum color",
)  # fmt: skip
_BITS = {"unsigned char": 8, "unsigned short": 16, "int": 32, "unsigned int": 32, "unsigned long long": 64}
PRELUDE = "enum color { RED, GREEN = 70000 };\ntypedef unsigned long long aligned_u64 __attribute__((aligned(8)));\n"


def random_structs(seed: int, count: int, *, int128: bool = True) -> str:
    """Return C source that declares `s0` … `s<count-1>`."""
    rng = random.Random(seed)
    parts = [PRELUDE]
    for number in range(count):
        pack = rng.choice((None,) * 9 + (1, 2, 4))
        if pack:
            parts.append(f"#pragma pack(push, {pack})")
        parts.append(_record(rng, f"s{number}", number, 0, int128))
        if pack:
            parts.append("#pragma pack(pop)")
    return "\n".join(parts) + "\n"


def _record(rng: random.Random, name: str, number: int, depth: int, int128: bool) -> str:
    kind = "union" if rng.random() < 0.15 else "struct"
    members = [_member(rng, f"m{index}", number, depth, int128) for index in range(rng.randint(1, 7))]
    attribute = ""
    if rng.random() < 0.15:
        attribute = " __attribute__((packed))"
    elif rng.random() < 0.08:
        attribute = f" __attribute__((aligned({rng.choice((4, 8, 16, 32))})))"
    body = " ".join(members)
    return f"{kind} {name} {{ {body} }}{attribute};" if name else f"{kind} {{ {body} }}{attribute}"


def _member(rng: random.Random, name: str, number: int, depth: int, int128: bool) -> str:
    choice = rng.random()
    if choice < 0.18:
        base = rng.choice(sorted(_BITS))
        width = rng.randint(0, _BITS[base])
        return f"{base} : {width};" if width == 0 or rng.random() < 0.1 else f"{base} {name} : {width};"
    if choice < 0.28 and number:
        return f"struct_or_union s{rng.randrange(number)} {name};"
    if choice < 0.36 and depth < 2:
        inner = _record(rng, "", number, depth + 1, int128).replace(" m", f" {name}_m")
        return f"{inner} {name};" if rng.random() < 0.5 else f"{inner};"
    base = "unsigned __int128" if int128 and rng.random() < 0.04 else rng.choice((*_SCALARS, "aligned_u64"))
    array = f"[{rng.randint(1, 5)}]" if rng.random() < 0.25 else ""
    attribute = ""
    if rng.random() < 0.06:
        attribute = rng.choice(
            (" __attribute__((packed))", " __attribute__((aligned(2)))", " __attribute__((aligned(16)))")
        )
    return f"{base} {name}{array}{attribute};"


def resolve_kinds(source: str) -> str:
    """Replace the placeholder `struct_or_union sN` by the kind that sN was declared with."""
    import re

    kinds = {name: kind for kind, name in re.findall(r"^(struct|union) (s\d+) \{", source, re.M)}
    return re.sub(r"struct_or_union (s\d+)", lambda match: f"{kinds.get(match[1], 'struct')} {match[1]}", source)
