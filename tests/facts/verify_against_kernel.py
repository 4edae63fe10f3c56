"""Where do the fact tables differ from a kernel's source? `verify_against_kernel.py KERNEL_TREE`, used by hand.

Reads C by pattern, so a line it prints is a question for a reader and not yet a mistake. Checked: of map types, whether
delete and BPF_NOEXIST can succeed, bpf_spin_lock, and which helpers the verifier ties to them; of program types, the
context and the helpers of the `*_func_proto` switches; of field orders, `__be` members and their widths.
"""

# ruff: noqa: E501 (patterns of C)
from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from bpflint import facts

FOLDERS = ("kernel/bpf", "kernel/trace", "net/core", "net/xdp", "net/ipv4", "security", "drivers/media/rc")
# How far one function is followed into those it calls by tail: fd arrays and storage maps delegate.
DEPTH = 3


@cache
def text(root: Path) -> str:
    """All C of the folders that hold maps and program types, comments out."""
    files = [p for f in FOLDERS for p in sorted((root / f).rglob("*.c"))]
    return "\n".join(re.sub(r"/\*.*?\*/", " ", p.read_text(errors="replace"), flags=re.S) for p in files)


@cache
def function(root: Path, name: str) -> str:
    """The body of a function, empty where it is not in these folders."""
    found = re.search(rf"^(?:[\w*]+\s+)*?[\w*\s]*\*?\b{name}\([^;{{}}]*\)\s*\n\{{\n(.*?)^\}}", text(root), re.S | re.M)
    return found[1] if found else ""


def operations(root: Path) -> dict[str, dict[str, str]]:
    """Map type to the functions of its `bpf_map_ops`."""
    rows = re.findall(r"BPF_MAP_TYPE\((\w+),\s*(\w+)\)", (root / "include/linux/bpf_types.h").read_text())
    found = {}
    for name, ops in rows:
        body = re.search(rf"bpf_map_ops {ops} = \{{(.*?)\n\}};", text(root), re.S)
        found[name] = dict(re.findall(r"\.(\w+)\s*=\s*(\w+)", body[1])) if body else {}
    return found


def always_fails(root: Path, name: str) -> bool | None:
    """Whether every return of a function is an error constant; None where it was not found."""
    body = function(root, name)
    if not body:
        return None
    returns = re.findall(r"\breturn\s+(.*?);", body, re.S)
    return all(re.match(r"-E\w+$|NULL$|ERR_PTR\(-E\w+\)$", item.strip()) for item in returns)


FD_UPDATES = {
    "BPF_MAP_TYPE_PROG_ARRAY": "bpf_fd_array_map_update_elem",
    "BPF_MAP_TYPE_PERF_EVENT_ARRAY": "bpf_fd_array_map_update_elem",
    "BPF_MAP_TYPE_CGROUP_ARRAY": "bpf_fd_array_map_update_elem",
    "BPF_MAP_TYPE_ARRAY_OF_MAPS": "bpf_fd_array_map_update_elem",
    "BPF_MAP_TYPE_HASH_OF_MAPS": "bpf_fd_htab_map_update_elem",
    "BPF_MAP_TYPE_REUSEPORT_SOCKARRAY": "bpf_fd_reuseport_array_update_elem",
    "BPF_MAP_TYPE_SOCKMAP": "sock_map_update_common",
    "BPF_MAP_TYPE_SOCKHASH": "sock_hash_update_common",
}
"""kernel/bpf/syscall.c bpf_map_update_value(): these go past `map_update_elem`."""
REFUSES = re.compile(
    r"if \((?:unlikely\()?\(?(?:map_)?flags\)?\s*(?:==|&)\s*BPF_NOEXIST\)*\s*(?:return -E|goto)|"
    r"if \((?:unlikely\()?\(?(?:map_)?flags\s*!=\s*BPF_ANY\)*\s*return -E|if \(flags\)\s*return -EINVAL|"
    r"flags\s*&\s*~\(?(?:BPF_F_LOCK \| )?BPF_EXIST|case BPF_NOEXIST:\s*return -E|flags & BPF_NOEXIST\s*\|\|"
)


def refuses_noexist(root: Path, name: str, depth: int = DEPTH) -> bool | None:
    """Whether an update function refuses BPF_NOEXIST without looking for the element; None where not found."""
    body = function(root, name)
    if not body:
        return None
    if REFUSES.search(body):
        return True
    calls = re.findall(r"return (\w+)\(", body) if depth else []
    return always_fails(root, name) or any(refuses_noexist(root, item, depth - 1) for item in calls)


def map_types(root: Path) -> Iterator[str]:
    known, ops = facts.map_types(), operations(root)
    # 6.1 asks map_value_has_spin_lock(), later kernels have a case for each special field.
    locks = re.search(
        r"(?:map_value_has_spin_lock|case BPF_SPIN_LOCK:)(.*?)OTSUPP", function(root, "map_check_btf"), re.S
    )
    locked = set(re.findall(r"BPF_MAP_TYPE_\w+", locks[1] if locks else ""))
    for name, functions in ops.items():
        row = known.get(name)
        if row is None:
            yield f"{name}: not in the table"
            continue
        gone = always_fails(root, functions.get("map_delete_elem", ""))
        if gone is None and "map_delete_elem" in functions:
            yield f"{name}.delete: {functions['map_delete_elem']} not found"
        elif (gone is not True and "map_delete_elem" in functions) != row.delete:
            yield f"{name}.delete: table {row.delete}, {functions.get('map_delete_elem', 'no function')} says otherwise"
        update = FD_UPDATES.get(name, functions.get("map_update_elem", ""))
        refused = refuses_noexist(root, update) if update else True
        if refused is None or refused == row.noexist:
            yield f"{name}.noexist: table {row.noexist}, {update or 'no function'}: {'not found' if refused is None else not refused}"
        if (name in locked) != row.spin_lock:
            yield f"{name}.spin_lock: table {row.spin_lock}, map_check_btf {name in locked}"
        lookup = functions.get("map_lookup_elem", "")
        if row.lookup == "null" and (not lookup or always_fails(root, lookup)):
            yield f"{name}.lookup: table null, {lookup or 'no function'} never succeeds"
    body = function(root, "check_map_func_compatibility").split("switch (func_id)")[0]
    for case in re.finditer(r"((?:case BPF_MAP_TYPE_\w+:\s*)+)(.*?)break;", body, re.S):
        allowed = set(re.findall(r"BPF_FUNC_(\w+)", case[2]))
        for name in re.findall(r"BPF_MAP_TYPE_\w+", case[1]):
            lookup = known[name].lookup
            if allowed and (lookup == "null") != ("map_lookup_elem" in allowed):
                yield f"{name}.lookup: table {lookup}, the verifier allows {sorted(allowed)}"


def program_types(root: Path) -> Iterator[str]:
    source = (root / "include/linux/bpf_types.h").read_text()
    for name, context in re.findall(r"BPF_PROG_TYPE\(BPF_PROG_TYPE_(\w+),\s*\w+,\s*([^,]+),", source):
        row = facts.program_types().get(name.lower())
        said = re.sub(r"^struct\s+", "", context.strip())
        if said in ("void *", "__u64", "__u32"):
            said = ""  # arguments, the event's own record, the caller's memory: no fixed struct
        if name == "KPROBE" and said == "bpf_user_pt_regs_t":
            said = "pt_regs"  # its typedef on x86
        if row is None or row.context != said:
            yield f"{name}: context {row.context if row else 'absent'!r}, bpf_types.h {said!r}"


def helpers(root: Path) -> Iterator[str]:
    """Helpers that a program type's switch names and the table forbids (the other way depends on options)."""
    verifiers = re.findall(
        r"struct bpf_verifier_ops (\w+)_verifier_ops = \{[^}]*?get_func_proto\s*=\s*(\w+)", text(root)
    )
    types = {
        b: a.lower()
        for a, b in re.findall(
            r"BPF_PROG_TYPE\(BPF_PROG_TYPE_(\w+),\s*(\w+)", (root / "include/linux/bpf_types.h").read_text()
        )
    }
    for short, get in verifiers:
        kind = types.get(short)
        if kind is None:
            continue
        for helper in sorted(named(root, get, DEPTH)):
            row = facts.helpers().get(f"bpf_{helper}")
            if row is not None and row.allowed_in(kind) is False:
                yield f"bpf_{helper} in {kind}: {get} gives it, the table does not"


@cache
def named(root: Path, get: str, depth: int) -> frozenset[str]:
    body = function(root, get)
    own = set(re.findall(r"case BPF_FUNC_(\w+):", body))
    if depth:
        for inner in re.findall(r"\b(\w*func_proto)\(func_id", body):
            own |= named(root, inner, depth - 1)
    return frozenset(own)


def orders(root: Path) -> Iterator[str]:
    """`__be` members of the UAPI and of the kernel's headers, by struct and last field; `#define` names are followed."""
    widths = {"__be16": 16, "__be32": 32, "__be64": 64, "__sum16": 16}
    bodies: dict[str, str] = {}
    defines: dict[str, str] = {}
    everywhere: dict[str, int] = {}
    for path in sorted((root / "include").rglob("*.h")):
        data = re.sub(r"/\*.*?\*/", " ", path.read_text(errors="replace"), flags=re.S)
        for struct, body in re.findall(r"^(?:struct|union) (\w+) \{\n(.*?)^\}", data, re.S | re.M):
            bodies[struct] = bodies.get(struct, "") + body
        defines.update(re.findall(r"^#define\s+(\w+)\s+[\w.]*\.(\w+)\s*$", data, re.M))
        for type_, names in re.findall(r"^\s+(__be16|__be32|__be64|__sum16)\s+([\w\s,*\[\]]+);", data, re.M):
            everywhere.update(dict.fromkeys(re.findall(r"\w+", names), widths[type_]))
    for (struct, field), row in sorted(facts.field_orders().items()):
        last = field.rsplit(".", 1)[-1]
        declared = re.search(rf"^\s+(?:const )?(\w+)\s+[\w\s,]*\b{last}\b[\w\s,\[\]]*;", bodies.get(struct, ""), re.M)
        width = widths.get(declared[1]) if declared else everywhere.get(defines.get(last, ""))
        if width is not None and (row.order, row.width) != ("network", width):
            yield f"{struct}.{field}: table {row.order} {row.width}, declared big endian, {width} bits"
        elif width is None and row.order == "network" and row.source.startswith("type"):
            yield f"{struct}.{field}: {row.source}, but {f'declared {declared[1]}' if declared else 'not found'}"
        elif declared is None and width is None:
            yield f"{struct}.{field}: not found in include/"


def main() -> None:
    root = Path(sys.argv[1])
    for title, lines in (
        ("map types", map_types),
        ("program types", program_types),
        ("helpers", helpers),
        ("field orders", orders),
    ):
        print(f"== {title}")
        for line in lines(root):
            print(f"   {line}")


if __name__ == "__main__":
    main()
