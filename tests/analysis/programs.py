"""Which programs shall the initialised-bytes engine be judged on? Random keys, filled in part and by branches."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

HEAD = """#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#ifndef VOLATILE
#define VOLATILE
#endif
typedef __u8 u8; typedef __u16 u16; typedef __u32 u32; typedef __u64 u64;

struct input { u32 bits; u32 pad; u64 v[64]; };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct input);
} inputs SEC(".maps");
char LICENSE[] SEC("license") = "GPL";
"""
_INTEGERS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}


@dataclass(frozen=True)
class Leaf:
    """Something that can be written: its path below the struct, and what it is."""

    path: str
    kind: str
    """int, bits, array (of integers), struct, union."""
    type: str
    length: int = 0


@dataclass
class Program:
    """One generated program: its text, the name of the function and of the map that takes its key."""

    name: str
    text: str
    conditions: int


@dataclass
class Struct:
    """A struct under construction: declarations before it, its members, everything in it that can be written."""

    name: str
    before: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its declaration."""
        return "".join(self.before) + f"struct {self.name} {{ {' '.join(self.members)} }};\n"


def programs(seed: int, count: int) -> list[Program]:
    """Return `count` programs; each is the same for the same seed and number."""
    return [_Maker(Random(f"{seed}:{number}"), number).program() for number in range(count)]


class _Maker:
    """Makes one program."""

    def __init__(self, random: Random, number: int) -> None:
        self.random, self.number = random, number
        self.functions: list[str] = []
        self.names = 0

    def program(self) -> Program:
        key = self.struct(f"key{self.number}", 0)
        self.key = key
        body = self.body()
        name = f"p{self.number}"
        text = key.text + "".join(self.functions) + f"""
struct {{
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, struct {key.name});
	__type(value, u32);
}} seen{self.number} SEC(".maps");

SEC("xdp") int {name}(struct xdp_md *ctx)
{{
	u32 zero = 0;
	struct input *in = bpf_map_lookup_elem(&inputs, &zero);

	if (!in)
		return 0;
{body}	bpf_map_update_elem(&seen{self.number}, (void *)&k, &zero, 0);
	return 0;
}}
"""
        return Program(name, text, 3)

    def struct(self, name: str, depth: int) -> Struct:
        made = Struct(name)
        for index in range(self.random.randint(2, 5 if depth == 0 else 3)):
            self.member(made, f"m{index}", depth)
        return made

    def member(self, into: Struct, name: str, depth: int) -> None:
        kind = self.random.choices(("int", "array", "struct", "union", "bits"), (10, 4, 4 if depth < 2 else 0, 2, 2))[0]
        type_ = self.random.choice(list(_INTEGERS))
        match kind:
            case "int":
                into.members.append(f"{type_} {name};")
                into.leaves.append(Leaf(name, "int", type_))
            case "array":
                length = self.random.randint(2, 16 if type_ == "u8" else 6)
                into.members.append(f"{type_} {name}[{length}];")
                into.leaves.append(Leaf(name, "array", type_, length))
            case "bits":
                one, two = self.random.randint(1, 12), self.random.randint(1, 12)
                into.members.append(f"u32 {name}a : {one}, {name}b : {two};")
                into.leaves += [Leaf(f"{name}{part}", "bits", "u32") for part in "ab"]
            case "union":
                length = self.random.randint(2, 4)
                into.members.append(f"union {{ {type_} small; u32 wide[{length}]; }} {name};")
                into.leaves += [Leaf(f"{name}.small", "int", type_), Leaf(f"{name}.wide", "array", "u32", length)]
            case _:
                inner = self.struct(f"{into.name}_{name}", depth + 1)
                into.before.append(inner.text)
                into.members.append(f"struct {inner.name} {name};")
                into.leaves.append(Leaf(name, "struct", f"struct {inner.name}"))
                into.leaves += [Leaf(f"{name}.{item.path}", item.kind, item.type, item.length) for item in inner.leaves]

    def body(self) -> str:
        key = self.key.name
        declared = f"\tVOLATILE struct {key} k{self.first()};\n"
        lines = []
        other = self.random.random() < 0.35
        if other:
            declared += f"\tVOLATILE struct {key} s{self.first()};\n"
            lines += [self.statement("s.", 1) for _ in range(self.random.randint(1, 3))]
            lines.append("\tk = s;\n" if self.random.random() < 0.6 else self.part_copy())
        lines += [self.statement("k.", 1) for _ in range(self.random.randint(2, 6))]
        return declared + "".join(lines)

    def first(self) -> str:
        """An initialiser, or none."""
        kind = self.random.choices(("none", "empty", "zero", "list"), (60, 12, 8, 20))[0]
        return {"none": "", "empty": " = {}", "zero": " = { 0 }", "list": f" = {self.list()}"}[kind]

    def list(self) -> str:
        """Designators for some integers of the key itself."""
        own = [item for item in self.key.leaves if item.kind in ("int", "bits") and item.path.count(".") < 2]
        named = self.random.sample(own, min(len(own), self.random.randint(1, 3)))
        if len({item.path.split(".")[0] for item in named}) < len(named):
            named = named[:1]
        return "{ " + ", ".join(f".{item.path} = {self.value()}" for item in named) + " }" if named else "{}"

    def value(self) -> str:
        return self.random.choice((f"in->v[{self.random.randrange(16)}]", str(self.random.randrange(1, 255))))

    def part_copy(self) -> str:
        whole = [leaf for leaf in self.key.leaves if leaf.kind != "array"]
        if not whole:
            return "\tk = s;\n"
        item = self.random.choice(whole)
        return f"\tk.{item.path} = s.{item.path};\n"

    def statement(self, base: str, depth: int) -> str:
        tab = "\t" * depth
        kind = self.random.choices(
            ("write", "loop", "memset", "memcpy", "read", "text", "literal", "branch", "all", "call"),
            (30, 8, 5, 5, 5, 3, 5, 24 if depth < 3 else 0, 2, 6 if depth < 3 and base != "p->" else 0),
        )[0]
        match kind:
            case "branch":
                return self.branch(base, depth)
            case "all":
                whole = "p" if base == "p->" else f"&{base[0]}"
                return f"{tab}__builtin_memset((void *){whole}, 0, sizeof(struct {self.key.name}));\n"
            case "call":
                return self.call(base, tab)
        return self.write(base, kind, tab)

    def write(self, base: str, kind: str, tab: str) -> str:
        texts = [leaf for leaf in self.key.leaves if leaf.kind == "array" and leaf.type == "u8"]
        item = self.random.choice(texts if kind == "text" and texts else self.key.leaves)
        place = f"{base}{item.path}"
        size = f"sizeof({place})"
        if kind == "loop" or (item.kind == "array" and kind == "write"):
            arrays = [leaf for leaf in self.key.leaves if leaf.kind == "array"]
            if not arrays:
                kind = "write"
            else:
                item = self.random.choice(arrays)
                last = self.random.randint(1, item.length)
                place = f"{base}{item.path}"
                if kind == "write":
                    return f"{tab}{place}[{last - 1}] = {self.value()};\n"
                return f"{tab}for (u32 i = 0; i < {last}; i++)\n{tab}\t{place}[i] = in->v[i];\n"
        if item.kind == "bits" or (kind == "write" and item.kind == "int"):
            return f"{tab}{place} = {self.value()};\n"
        match kind:
            case "memcpy":
                return f"{tab}__builtin_memcpy((void *)&{place}, in->v, {size});\n"
            case "read":
                return f"{tab}bpf_probe_read_kernel((void *)&{place}, {size}, in->v);\n"
            case "text" if item.type == "u8" and item.kind == "array":
                return f"{tab}bpf_probe_read_kernel_str((void *){place}, {size}, in->v);\n"
            case "literal" | "write" if item.kind == "struct":
                return f"{tab}{place} = ({item.type}){{}};\n"
        return f"{tab}__builtin_memset((void *)&{place}, 0, {size});\n"

    def branch(self, base: str, depth: int) -> str:
        tab = "\t" * depth
        bit = 1 << self.random.randrange(3)
        then = "".join(self.statement(base, depth + 1) for _ in range(self.random.randint(1, 2)))
        text = f"{tab}if (in->bits & {bit}) {{\n{then}{tab}}}"
        if self.random.random() < 0.5:
            other = "".join(self.statement(base, depth + 1) for _ in range(self.random.randint(1, 2)))
            text += f" else {{\n{other}{tab}}}"
        return text + "\n"

    def call(self, base: str, tab: str) -> str:
        self.names += 1
        name = f"fill{self.number}_{self.names}"
        body = "".join(self.statement("p->", 1) for _ in range(self.random.randint(1, 3)))
        bit = 1 << self.random.randrange(3)
        early = f"\tif (in->bits & {bit})\n\t\treturn;\n" if self.random.random() < 0.4 else ""
        self.functions.append(
            f"static __always_inline void {name}(VOLATILE struct {self.key.name} *p, struct input *in)\n"
            f"{{\n{early}{body}}}\n"
        )
        return f"{tab}{name}(&{base[0]}, in);\n"
