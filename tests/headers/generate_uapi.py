"""Which names, numbers and members do the kernel's user-space headers define, written in our own form?

A maintainer's tool, not a test: it reads an installed set of kernel headers (and a newer ``linux/bpf.h``
if given) with libclang, and writes one file a header into ``bpflint/headers/uapi``: records, enums and
typedefs guarded against ``vmlinux.h``, and macros. No comment, no inline function and no text of the
source survives. Both byte orders are read; where they differ, both are written.

    python generate_uapi.py --bpf-h NEWER/linux/bpf.h [--root /usr/include --arch-root /usr/include/ARCH]
"""

# ruff: noqa: E501, SIM905 (C text and word lists)
from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import clang.cindex as ci

HEADERS = Path(__file__).resolve().parents[2] / "bpflint" / "headers"
RECORDS = (ci.CursorKind.STRUCT_DECL, ci.CursorKind.UNION_DECL)
# A longer function-like macro is code, not interface: those that programs need are written by hand.
LONGEST_MACRO = 40
# Types that a whole vmlinux.h already has; the caller says so when the one in use has only a part of them.
GUARD = "!defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)"

LINUX = """
audit bpf bpf_common bpf_perf_event btf capability cgroupstats const dqblk_xfs elf elf-em errno erspan errqueue
ethtool eventpoll fcntl fib_rules filter fs futex icmp icmpv6 if if_addr if_alg if_arp if_bridge
if_ether if_link if_packet if_tun if_tunnel if_vlan if_xdp hdlc/ioctl igmp in in6 inet_diag io_uring ioctl ip ip6_tunnel
ipv6 kcmp kernel limits lirc magic membarrier memfd mman module mount mpls mptcp neighbour net_namespace
net_tstamp netdevice netfilter netfilter/nf_conntrack_common netfilter/nf_conntrack_tcp
netfilter/nf_conntrack_tuple_common netfilter/nf_nat netfilter/nfnetlink netfilter/x_tables netfilter_arp
netfilter_ipv4 netfilter_ipv6 netlink nsfs openat2 param perf_event personality pkt_cls pkt_sched ppp_defs
prctl ptrace quota resource route rtnetlink sched sched/types sctp seccomp securebits seg6 seg6_iptunnel
seg6_local signal sock_diag socket sockios stat sysinfo taskstats tcp time time_types timex tipc tls tty udp
uio un unistd utsname vm_sockets wait xfrm
tc_act/tc_bpf tc_act/tc_mirred tc_act/tc_gact tc_act/tc_vlan tc_act/tc_skbedit tc_act/tc_tunnel_key tc_act/tc_pedit
""".split()
ASM = "unistd_64 errno ioctl ioctls mman param resource sockios socket".split()
GENERIC = "unistd errno errno-base fcntl ioctl ioctls mman mman-common param resource socket sockios".split()
# Names the freestanding headers own, or that differ by machine and are written by hand.
SKIP = {"NULL", "__bitwise", "__bitwise__", "__force", "__user", "__kernel", "__inline__", "__always_inline",
        "__struct_group", "__DECLARE_FLEX_ARRAY", "__counted_by", "__BITS_PER_LONG", "SIOCGSTAMP", "SIOCGSTAMPNS",
        "__NR_memfd_secret"}  # fmt: skip
# What kernel headers ask of a libc, so that reading them needs none.
LIBC_STANDINS = {
    "sys/socket.h": "#include <stdint.h>\n#include <linux/socket.h>\n#define sockaddr_storage __kernel_sockaddr_storage\n"
    "typedef unsigned short sa_family_t;\nstruct sockaddr { sa_family_t f; char d[14]; };\nenum { MSG_FIN = 0x200 };\n",
    "netinet/in.h": "#include <linux/in.h>\n#include <linux/in6.h>\n",
    "time.h": "#include <linux/time.h>\n",
    "sys/time.h": "#include <linux/time.h>\n",
}
# Structs that our libc headers give as well: whoever comes first defines them.
SHARED = {"struct itimerval": "ITIMERVAL", "struct timezone": "TIMEZONE", "struct rusage": "RUSAGE",
          "struct timespec": "TIMESPEC", "struct timeval": "TIMEVAL", "struct itimerspec": "ITIMERSPEC",
          "struct rlimit": "RLIMIT"}  # fmt: skip
# Includes that the kernel's header leaves to its user.
EXTRA = {"linux/sctp.h": ["stdint.h", "sys/socket.h"], "linux/errqueue.h": ["linux/time.h"],
         "bpf/btf.h": ["stddef.h"], "bpf/bpf.h": ["stddef.h"], "bpf/libbpf.h": ["stddef.h"]}  # fmt: skip


class Writer:
    """Turns libclang's declarations of one parse into C of our own."""

    def __init__(self, tu: ci.TranslationUnit) -> None:
        self.tu = tu

    def attributes(self, cursor: ci.Cursor, align: int) -> str:
        kinds = [c.kind for c in cursor.get_children()]
        out = " __attribute__((packed))" if ci.CursorKind.PACKED_ATTR in kinds else ""
        if ci.CursorKind.ALIGNED_ATTR in kinds:
            out += f" __attribute__((aligned({align})))"
        return out

    def declare(self, type_: ci.Type, name: str, indent: str) -> str:
        """``type_`` declaring ``name``, with an unnamed record or enum spelled out in place."""
        kind = type_.kind
        if kind in (ci.TypeKind.CONSTANTARRAY, ci.TypeKind.INCOMPLETEARRAY):
            size = str(type_.element_count) if kind == ci.TypeKind.CONSTANTARRAY else ""
            return self.declare(type_.element_type, f"{name}[{size}]", indent)
        if kind == ci.TypeKind.POINTER:
            const = "const " if type_.is_const_qualified() else ""
            target = type_.get_pointee()
            inner = f"*{const}{name}"
            if target.kind in (ci.TypeKind.FUNCTIONPROTO, ci.TypeKind.CONSTANTARRAY) or (
                target.get_canonical().kind == ci.TypeKind.FUNCTIONPROTO and target.kind != ci.TypeKind.TYPEDEF
                and target.get_declaration().kind != ci.CursorKind.TYPEDEF_DECL
            ):  # fmt: skip
                inner = f"({inner})"
            return self.declare(target, inner, indent)
        if kind in (ci.TypeKind.FUNCTIONPROTO, ci.TypeKind.FUNCTIONNOPROTO):
            args = [self.declare(a, "", indent).strip() for a in type_.argument_types()] \
                if kind == ci.TypeKind.FUNCTIONPROTO else []  # fmt: skip
            if kind == ci.TypeKind.FUNCTIONPROTO and type_.is_function_variadic():
                args.append("...")
            return self.declare(type_.get_result(), f"{name}({', '.join(args) or 'void'})", indent)
        if "unnamed" in type_.spelling and kind == ci.TypeKind.UNEXPOSED:
            return self.declare(type_.get_canonical(), name, indent)
        decl = type_.get_declaration()
        if decl.kind in (*RECORDS, ci.CursorKind.ENUM_DECL) and decl.is_anonymous():
            return f"{self.body(decl, indent)} {name}".rstrip()
        return f"{type_.spelling.replace('_Bool', '_Bool')} {name}".rstrip()

    def body(self, decl: ci.Cursor, indent: str = "") -> str:
        """A record or enum with its members."""
        word = {ci.CursorKind.STRUCT_DECL: "struct", ci.CursorKind.UNION_DECL: "union"}.get(decl.kind, "enum")
        name = "" if decl.is_anonymous() or not decl.spelling or "unnamed" in decl.spelling else " " + decl.spelling
        if decl.kind == ci.CursorKind.ENUM_DECL:
            rows = [f"{indent}\t{c.spelling} = {number(c.enum_value)}," for c in decl.get_children()
                    if c.kind == ci.CursorKind.ENUM_CONSTANT_DECL]  # fmt: skip
            return f"{word}{name} {{\n" + "\n".join(rows) + f"\n{indent}}}"
        rows = []
        children = list(decl.get_children())
        used = {f.type.get_declaration().hash for f in children if f.kind == ci.CursorKind.FIELD_DECL}
        used |= {base(f.type).get_declaration().hash for f in children if f.kind == ci.CursorKind.FIELD_DECL}
        for child in children:
            if child.kind in RECORDS:
                if not child.is_definition():
                    continue  # named by a pointer member only
                if child.is_anonymous() and child.hash in used:
                    continue
                rows.append(f"{indent}\t{self.body(child, indent + chr(9))};")
            elif child.kind == ci.CursorKind.ENUM_DECL and not child.is_anonymous():
                rows.append(f"{indent}\t{self.body(child, indent + chr(9))};")
            elif child.kind == ci.CursorKind.FIELD_DECL:
                text = self.declare(
                    child.type, child.spelling if "unnamed" not in child.spelling else "", indent + "\t"
                )
                if child.is_bitfield():
                    text += f" : {child.get_bitfield_width()}"
                rows.append(f"{indent}\t{text}{self.attributes(child, field_align(child))};")
        return f"{word}{name} {{\n" + "\n".join(rows) + f"\n{indent}}}" + self.attributes(decl, decl.type.get_align())

    def item(self, cursor: ci.Cursor) -> tuple[str, str, str] | None:
        """(category, key, text) of one top-level declaration, or None if it is not interface."""
        kind = cursor.kind
        if cursor.spelling in SKIP:
            return None
        if kind in (*RECORDS, ci.CursorKind.ENUM_DECL):
            if not cursor.is_definition():
                return "type", cursor.get_usr(), f"{cursor.type.spelling};" if kind in RECORDS else ""
            if kind in RECORDS and cursor.is_anonymous():
                return None  # written where its typedef or variable is
            if kind == ci.CursorKind.ENUM_DECL and cursor.is_anonymous() and cursor.hash in self.typedefed:
                return None
            return "type", cursor.get_usr(), self.body(cursor) + ";"
        if kind == ci.CursorKind.TYPEDEF_DECL:
            under = cursor.underlying_typedef_type
            text = "typedef " + self.declare(under, cursor.spelling, "")
            return "type", cursor.get_usr(), text + self.attributes(cursor, cursor.type.get_align()) + ";"
        if kind == ci.CursorKind.FUNCTION_DECL and not cursor.is_definition() and cursor.storage_class.name != "STATIC":
            return "type", cursor.get_usr(), self.declare(cursor.type, cursor.spelling, "") + ";"
        if kind == ci.CursorKind.MACRO_DEFINITION:
            return self.macro(cursor)
        return None

    def macro(self, cursor: ci.Cursor) -> tuple[str, str, str] | None:
        tokens = [t.spelling for t in cursor.get_tokens() if t.kind != ci.TokenKind.COMMENT]
        name, rest = cursor.spelling, tokens[1:]
        if name in SKIP or not rest or len(rest) > LONGEST_MACRO or {"typeof", "__typeof__", "{", "inline"} & set(rest):
            return None
        line = join(rest)
        if ci.conf.lib.clang_Cursor_isMacroFunctionLike(cursor):
            close = rest.index(")")
            return (
                "macro",
                "m:" + name,
                f"#define {name}({', '.join(t for t in rest[1:close] if t != ',')}) {join(rest[close + 1 :])}",
            )
        return "macro", "m:" + name, f"#define {name} {line}"

    def items(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, tuple[str, str, str]]]:
        top = list(self.tu.cursor.get_children())
        self.typedefed = {base(c.underlying_typedef_type).get_declaration().hash
                          for c in top if c.kind == ci.CursorKind.TYPEDEF_DECL}  # fmt: skip
        for cursor in top:
            where = cursor.location.file
            if where is not None and wanted(where.name) and (found := self.item(cursor)) and found[2]:
                yield where.name, found


def base(type_: ci.Type) -> ci.Type:
    """The element or pointee at the bottom of arrays and pointers."""
    while True:
        if type_.kind in (ci.TypeKind.CONSTANTARRAY, ci.TypeKind.INCOMPLETEARRAY):
            type_ = type_.element_type
        elif type_.kind == ci.TypeKind.POINTER:
            type_ = type_.get_pointee()
        else:
            return type_


def field_align(field: ci.Cursor) -> int:
    for child in field.get_children():
        if child.kind == ci.CursorKind.ALIGNED_ATTR:
            numbers = [t.spelling for t in child.get_tokens() if t.spelling.isdigit()]
            return int(numbers[0]) if numbers else 8
    return 0


def number(value: int) -> str:
    return str(value) if -(1 << 31) <= value < 1 << 31 else f"{value:#x}ULL" if value >= 1 << 63 else f"{value}LL"


def join(tokens: list[str]) -> str:
    text = " ".join(tokens)
    text = re.sub(r"\s*([()\[\],])\s*", lambda m: m[1] + (" " if m[1] == "," else ""), text)
    return re.sub(r"\)(?=[\w(])", ") ", re.sub(r"(?<=[|&+*/<>?:=-])\(", " (", text)).strip()


def parse(path: Path, target: str, includes: list[str]) -> Writer:
    flags = ["-target", target, "-nostdinc", "-ffreestanding", "-std=gnu11", "-Wno-everything", "-D__x86_64__",
             *[f for d in includes for f in ("-isystem", d)]]  # fmt: skip
    tu = ci.Index.create().parse(str(path), args=flags, options=ci.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
    for d in tu.diagnostics:
        if d.severity >= 3:
            print("note:", d.location.file, d.location.line, d.spelling)
    return Writer(tu)


def generate(name: str, includes: list[str], out: Path, known: set[str], guard: str, source: str) -> None:
    """Write one header; ``name`` is its include name, ``known`` the names our tree can include."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe.c"
        prelude = "#include <stddef.h>\n#include <stdint.h>\n#include <stdbool.h>\n#include <sys/socket.h>\n#include <time.h>\n#define IFNAMSIZ 16\n"
        probe.write_text(f"{prelude}#include <{name}>\n")
        sides: list[dict[str, tuple[str, str]]] = []
        nested: list[str] = []
        for target in ("bpfel", "bpfeb"):
            writer = parse(probe, target, includes)
            own = next(
                (str(i.include.name) for i in writer.tu.get_includes() if i.include.name.endswith("/" + name)),
                "",
            )
            rows: dict[str, tuple[str, str]] = {}
            for _, (category, key, text) in writer.items(lambda f, own=own: f == own):  # type: ignore[misc]
                if key in rows and len(rows[key][1]) >= len(text):
                    continue
                rows[key] = (category, text)
            sides.append(rows)
            text = Path(own).read_text()
            nested = [n for n in dict.fromkeys(re.findall(r"^\s*#\s*include\s*<([^>]+)>", text, re.M)) if n in known]
    little, big = sides
    parts: dict[str, list[str]] = {"type": [], "macro": []}
    for key, (category, text) in little.items():
        if big.get(key, ("", ""))[1] != text:
            text = f"#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__\n{text}\n#else\n{big[key][1]}\n#endif"
        for struct, word in SHARED.items():
            if text.startswith(struct + " {"):
                text = f"#ifndef BPFLINT_HAVE_{word}\n#define BPFLINT_HAVE_{word}\n{text}\n#endif"
        parts[category].append(text)
    for key, (category, text) in big.items():
        if key not in little:
            parts[category].append(f"#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n{text}\n#endif")
    macro = "BPFLINT_" + re.sub(r"\W", "_", name).upper()
    lines = [f"/* Interface of <{name}>: names, numbers and members, generated from {source}. */",
             f"#ifndef {macro}", f"#define {macro}"]  # fmt: skip
    lines += [f"#include <{n}>" for n in [*EXTRA.get(name, ()), *nested]]
    if parts["type"]:
        lines += ([f"#if {guard}"] if guard else []) + parts["type"] + (["#endif"] if guard else [])
    lines += parts["macro"] + ["#endif", ""]
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--root", default="/usr/include")
    options.add_argument("--arch-root", default="/usr/include/x86_64-linux-gnu")
    options.add_argument("--bpf-h", type=Path, required=True)
    options.add_argument("--libbpf", type=Path, help="folder with libbpf.h, bpf.h, btf.h")
    options.add_argument("--release", default="Linux 6.1")
    options.add_argument("--bpf-release", default="Linux of mid-2026")
    options.add_argument("--only")
    args = options.parse_args()
    out = HEADERS / "uapi"
    with tempfile.TemporaryDirectory() as folder:
        newer = Path(folder) / "linux"
        newer.mkdir()
        (newer / "bpf.h").write_text(re.sub(r'^R"\*+\(\n|\)\*+"\s*$', "", args.bpf_h.read_text()))
        for n in (
            "linux/swab.h",
            "linux/byteorder/little_endian.h",
            "linux/byteorder/big_endian.h",
            "asm/byteorder.h",
        ):
            own_copy = Path(folder) / n  # the installed asm/ knows its machine's byte order only
            own_copy.parent.mkdir(parents=True, exist_ok=True)
            own_copy.write_bytes((out / n).read_bytes())
        for n, text in LIBC_STANDINS.items():
            (Path(folder) / n).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / n).write_text("#pragma once\n" + text)
        includes = [folder, str(HEADERS / "freestanding"), args.root, args.arch_root]
        names = [f"linux/{n}.h" for n in LINUX] + [f"asm/{n}.h" for n in ASM] + [f"asm-generic/{n}.h" for n in GENERIC]
        names = [n for n in names if any((Path(r) / n).exists() for r in includes)]
        hand = {str(p.relative_to(out)) for p in out.rglob("*.h")}
        written = [n for n in names if (out / n).exists() and "generated from" not in (out / n).read_text()[:200]]
        assert not written, f"written by hand, not to be overwritten: {written}"
        for name in names:
            if not args.only or args.only == name:
                release = args.bpf_release if name == "linux/bpf.h" else args.release
                generate(name, includes, out, set(names) | hand | set(LIBC_STANDINS) | {"stdint.h"}, GUARD, release)
        if args.libbpf:
            own = Path(folder) / "own"
            (own / "bpf").mkdir(parents=True)
            for n in ("libbpf_common.h", "libbpf_legacy.h", "libbpf_version.h", "libbpf.h", "bpf.h", "btf.h"):
                (own / "bpf" / n).write_bytes((args.libbpf / n).read_bytes())
            inside = {f"bpf/{n.name}" for n in (own / "bpf").iterdir()}
            for n in ("bpf/libbpf.h", "bpf/bpf.h", "bpf/btf.h"):
                generate(n, [str(own), *includes], HEADERS / "libbpf", set(names) | hand | inside
                         | {"stdarg.h", "stdbool.h", "stdint.h", "stddef.h", "stdio.h"}, "", "the public libbpf interface")  # fmt: skip


if __name__ == "__main__":
    main()
