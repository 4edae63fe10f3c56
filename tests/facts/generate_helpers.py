"""What does each BPF helper take, return and require, as our own table?

A maintainer's tool, not a test. It joins public facts: the helper list and prototypes documented in
``linux/bpf.h``, the argument rules in the ``bpf_func_proto`` tables of a kernel source tree, two
published version tables, and a measurement: every (program type, helper) pair loaded on a running kernel.
"""

# ruff: noqa: E501, RUF007, RUF021, SIM102 (C text and word lists)
from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FACTS = Path(__file__).resolve().parents[2] / "bpflint" / "facts"
# The verifier's argument classes in our words.
KINDS = {
    "ARG_CONST_MAP_PTR": "map", "ARG_PTR_TO_MAP_KEY": "map-key", "ARG_PTR_TO_MAP_VALUE": "map-value",
    "ARG_PTR_TO_UNINIT_MAP_VALUE": "map-value-out", "ARG_PTR_TO_MEM": "mem", "ARG_PTR_TO_UNINIT_MEM": "mem-out",
    "ARG_PTR_TO_FIXED_SIZE_MEM": "mem-fixed", "ARG_CONST_SIZE": "size", "ARG_CONST_SIZE_OR_ZERO": "size-or-zero",
    "ARG_PTR_TO_CTX": "ctx", "ARG_ANYTHING": "any", "ARG_PTR_TO_SPIN_LOCK": "spin-lock",
    "ARG_PTR_TO_SOCK_COMMON": "sock-common", "ARG_PTR_TO_INT": "int-out", "ARG_PTR_TO_LONG": "long-out",
    "ARG_PTR_TO_SOCKET": "socket", "ARG_PTR_TO_BTF_ID": "btf-object", "ARG_PTR_TO_RINGBUF_MEM": "ringbuf-mem",
    "ARG_PTR_TO_ALLOC_MEM": "ringbuf-mem", "ARG_CONST_ALLOC_SIZE_OR_ZERO": "alloc-size",
    "ARG_PTR_TO_BTF_ID_SOCK_COMMON": "sock-common", "ARG_PTR_TO_PERCPU_BTF_ID": "percpu-object",
    "ARG_PTR_TO_FUNC": "callback", "ARG_PTR_TO_STACK": "stack", "ARG_PTR_TO_CONST_STR": "const-string",
    "ARG_PTR_TO_TIMER": "timer", "ARG_PTR_TO_KPTR": "kptr", "ARG_PTR_TO_DYNPTR": "dynptr",
}  # fmt: skip
RETURNS = {
    "RET_INTEGER": "integer", "RET_VOID": "void", "RET_PTR_TO_MAP_VALUE": "map-value",
    "RET_PTR_TO_SOCKET": "socket", "RET_PTR_TO_TCP_SOCK": "tcp-sock", "RET_PTR_TO_SOCK_COMMON": "sock-common",
    "RET_PTR_TO_MEM": "mem", "RET_PTR_TO_RINGBUF_MEM": "ringbuf-mem", "RET_PTR_TO_ALLOC_MEM": "ringbuf-mem",
    "RET_PTR_TO_DYNPTR_MEM": "mem", "RET_PTR_TO_MEM_OR_BTF_ID": "mem-or-object", "RET_PTR_TO_BTF_ID": "btf-object",
    "RET_PTR_TO_MEM_OR_BTF_ID_OR_NULL": "mem-or-object-or-null",
}  # fmt: skip
# Protos newer than the tree read, from the kernel's own commits.
NEWER: dict[str, dict[str, Any]] = {
    # c4bcfb38a95e "bpf: Implement cgroup storage available to non-cgroup-attached bpf progs", v6.2
    "cgrp_storage_get": {
        "args": ["map", "btf-object", "map-value-or-null", "any"],
        "returns": "map-value-or-null",
    },
    "cgrp_storage_delete": {"args": ["map", "btf-object"], "returns": "integer"},
    # Returned through a function or a local table in the tree read: taken from its ``bpf_func_proto`` by hand.
    "trace_printk": {"args": ["mem", "size"], "returns": "integer", "gpl": True},
    "trace_vprintk": {
        "args": ["mem", "size", "mem-or-null", "size-or-zero"],
        "returns": "integer",
        "gpl": True,
    },
    "probe_write_user": {"args": ["any", "mem", "size"], "returns": "integer", "gpl": True},
    "sk_select_reuseport": {"args": ["ctx", "map", "map-key", "any"], "returns": "integer", "gpl": False},
    "rc_repeat": {"args": ["ctx"], "returns": "integer", "gpl": True},
    "rc_keydown": {"args": ["ctx", "any", "any", "any"], "returns": "integer", "gpl": True},
    "rc_pointer_rel": {"args": ["ctx", "any", "any"], "returns": "integer", "gpl": True},
    "get_retval": {"args": [], "returns": "integer", "gpl": False},
    "set_retval": {"args": ["any"], "returns": "integer", "gpl": False},
}
# Program types that the measured kernel could not show (option off, lockdown, no trampoline); written from knowledge.
FROM_SOURCE: dict[str, tuple[str, ...]] = {
    "probe_write_user": ("kprobe", "perf_event", "raw_tracepoint", "raw_tracepoint_writable", "tracepoint", "tracing"),
    "override_return": ("kprobe",),
    "rc_repeat": ("lirc_mode2",), "rc_keydown": ("lirc_mode2",), "rc_pointer_rel": ("lirc_mode2",),
    "inode_storage_get": ("lsm",), "inode_storage_delete": ("lsm",), "bprm_opts_set": ("lsm",),
    "ima_inode_hash": ("lsm",), "ima_file_hash": ("lsm",),
    "get_func_arg": ("lsm", "tracing"), "get_func_ret": ("lsm", "tracing"), "get_func_arg_cnt": ("lsm", "tracing"),
    "d_path": ("lsm",), "skc_to_unix_sock": ("lsm",), "spin_lock": ("lsm",), "spin_unlock": ("lsm",),
}  # fmt: skip
# Restricted to GPL programs except there, measured: a table of its own without gpl_only.
GPL_FREE_IN = {"get_stackid": ("perf_event",), "get_func_ip": ("kprobe",)}


# The verifier refuses these as a whole in tracing programs (check_map_prog_compatibility: "tracing progs cannot use
# bpf_spin_lock yet", bpf_timer likewise; socket filters for the lock), which a call alone does not show.
TRACING = {"kprobe", "perf_event", "raw_tracepoint", "raw_tracepoint_writable", "tracepoint"}
NOT_IN = {"spin_lock": TRACING | {"socket_filter"}, "spin_unlock": TRACING | {"socket_filter"},
          **dict.fromkeys(("timer_init", "timer_set_callback", "timer_start", "timer_cancel"), TRACING)}  # fmt: skip


def kind(flags: str, words: dict[str, str]) -> str:
    names = [f.strip() for f in flags.split("|")]
    null = "PTR_MAYBE_NULL" in names
    out = "MEM_UNINIT" in names
    base = next((n for n in names if n.startswith(("ARG_", "RET_"))), "")
    if base.endswith("_OR_NULL") and base not in words:
        base, null = base.removesuffix("_OR_NULL"), True
    word = words[base]
    if out and not word.endswith("-out"):
        word += "-out"
    return word + ("-or-null" if null else "")


def protos(tree: Path) -> dict[str, dict[str, Any]]:
    """helper name without ``bpf_`` -> facts of its first ``bpf_func_proto``."""
    text = "\n".join(
        p.read_text(errors="replace")
        for p in sorted(tree.rglob("*.c"))
        if "tools" not in p.parts and "samples" not in p.parts
    )
    tables: dict[str, dict[str, str]] = {}
    for m in re.finditer(r"struct bpf_func_proto (\w+)\s*(?:__weak)?\s*=\s*\{(.*?)\n\};", text, re.S):
        tables[m[1]] = dict(re.findall(r"\.(\w+)\s*=\s*([^,\n]+)", m[2]))
    order = re.findall(
        r"case BPF_FUNC_(\w+):((?:\s*case BPF_FUNC_\w+:)*)(.*?)(?=case BPF_FUNC_|default:|\n\})", text, re.S
    )
    found: dict[str, dict[str, Any]] = {}
    for name, _, body in order:
        for proto in re.findall(r"&?(bpf_\w+_proto\w*)", body):
            if "ret_type" not in tables.get(proto, {}) or name in found and proto != f"bpf_{name}_proto":
                continue
            t = tables[proto]
            args = [kind(t[k], KINDS) for k in ("arg1_type", "arg2_type", "arg3_type", "arg4_type", "arg5_type")
                    if k in t and t[k] != "ARG_DONTCARE"]  # fmt: skip
            found[name] = {
                "args": args,
                "returns": kind(t["ret_type"], RETURNS),
                "gpl": t.get("gpl_only", "false").strip() == "true",
            }
    return found


def prototypes(header: str) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """helper name -> (return type, [(type, name)]) from the documentation comment."""
    out: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    start = header.index("Start of BPF helper function descriptions")
    for m in re.finditer(r"^ \* ((?:const )?(?:struct )?\w+ \**)(bpf_\w+)\(([^)]*)\)$", header[start:], re.M):
        args = []
        for a in m[3].split(","):
            if a.strip() == "...":
                args.append(("...", ""))
            elif a.strip() != "void":
                if am := re.match(r"\s*(.*?[\s*])(\w+)\s*$", a):
                    args.append((am[1].strip(), am[2]))
        name = m[2].removeprefix("bpf_")
        if name in out:  # documented once a program type: what differs is untyped for C
            args = [a if a == b else ("void *", "ctx" if i == 0 else a[1])
                    for i, (a, b) in enumerate(zip(args, out[name][1], strict=False))]  # fmt: skip
        out[name] = (m[1].strip(), args)
    return out


def quoted(values: Iterable[str]) -> str:
    return "[" + ", ".join(json.dumps(v) for v in values) + "]"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bpf-h", type=Path, required=True)
    options.add_argument("--tree", type=Path, required=True)
    options.add_argument("--bcc-versions", type=Path, required=True, help="bcc's docs/kernel-versions.md")
    options.add_argument("--docs-versions", type=Path, required=True, help="ebpf-docs' feature-versions.yaml")
    options.add_argument("--live", type=Path, required=True, help="JSON of the measurement on a running kernel")
    args = options.parse_args()
    header = args.bpf_h.read_text()
    ids = {n: int(i) for n, i in re.findall(r"FN\((\w+), (\d+)", header) if n != "unspec"}
    shapes, rules = prototypes(header), protos(args.tree)
    first = dict(re.findall(r"^`BPF_FUNC_(\w+)\(\)` \| ([\d.]+)", args.bcc_versions.read_text(), re.M))
    second = dict(re.findall(r"name: bpf_(\w+)\n\s+version: v([\d.]+)", args.docs_versions.read_text()))
    live = json.loads(args.live.read_text())
    allowed: dict[int, set[str]] = {}
    for ptype, variants in live["avail"].items():
        for got in variants.values():
            for i in got if isinstance(got, list) else []:
                allowed.setdefault(i, set()).add(ptype)
    measured = sorted(t for t, v in live["avail"].items() if any(isinstance(x, list) for x in v.values()))
    everywhere = set(measured)
    lines = ["# " + line if line else "#" for line in HEAD.splitlines()]
    lines += [
        "",
        f"measured_program_types = {quoted(measured)}",
        f"measured_on = {json.dumps(live.get('kernel', '6.18 x86_64'))}",
    ]
    for name, number in sorted(ids.items(), key=lambda kv: kv[1]):
        rule = rules.get(name) or NEWER.get(name) or {}
        result, params = shapes[name]
        a, b = first.get(name), second.get(name)
        gpl_live = live["gpl"].get(str(number))
        gpl = rule.get("gpl", gpl_live is not None and False not in gpl_live)
        types = allowed.get(number, set()) - NOT_IN.get(name, set())
        extra = [t for t in FROM_SOURCE.get(name, ()) if t not in types]
        lines += ["", "[[helper]]", f'name = "bpf_{name}"', f"id = {number}"]
        since, why = SINCE.get(name, (b or a, ""))
        lines.append(f'since = "{since}"')
        if why:
            lines.append("since_note = " + json.dumps(f"bcc {a}, ebpf-docs {b}: {why}"))
        lines.append(f"gpl_only = {str(gpl).lower()}")
        text = ", ".join(t if t == "..." else f"{t}{n}" if t.endswith("*") else f"{t} {n}" for t, n in params) or "void"
        space = "" if result.endswith("*") else " "
        lines.append("prototype = " + json.dumps(f"{result}{space}bpf_{name}({text})"))
        if rule:
            lines.append(f'returns = "{rule["returns"]}"\narguments = {quoted(rule["args"])}')
        shown = ["*"] if types == everywhere else sorted(types)
        lines.append(f"program_types = {quoted(shown)}")
        if extra:
            lines.append(f"program_types_from_source = {quoted(extra)}")
        if name in GPL_FREE_IN:
            lines.append(f"gpl_free_in = {quoted(GPL_FREE_IN[name])}")
    (FACTS / "helpers.toml").write_text("\n".join(lines) + "\n")
    for n in ids:
        if first.get(n) != second.get(n):
            print("version", n, ids[n], "bcc", first.get(n), "docs", second.get(n))
        if n not in rules and n not in NEWER:
            print("no proto", n)
        g = live["gpl"].get(str(ids[n]))
        if n in rules and g is not None and rules[n]["gpl"] != (False not in g):
            print("gpl differs", n, "source", rules[n]["gpl"], "live", g)
        if ids[n] not in allowed:
            print("never allowed live", n)
        if n in rules and len(rules[n]["args"]) != len([p for p in shapes[n][1] if p[0] != "..."]):
            print("args", n, rules[n]["args"], shapes[n][1])
    versions = [
        (i, n, tuple(map(int, (SINCE.get(n, ("",))[0] or second.get(n) or first[n]).split("."))))
        for n, i in ids.items()
    ]
    versions.sort()
    for (i, n, v), (j, o, w) in zip(versions, versions[1:], strict=False):
        if w < v:
            print("not monotone", i, n, v, j, o, w)


# Where the two tables disagree. Helper ids are given out in order, so releases cannot fall as ids rise, and the
# author date of the commit that adds the id lies before one merge window only.
SINCE: dict[str, tuple[str, str]] = {
    "map_lookup_elem": ("3.19", "d0003ec01c66 adds ids 1 to 3 together, v3.19; v3.18 had the syscall only"),
    "map_update_elem": ("3.19", "d0003ec01c66 adds ids 1 to 3 together, v3.19; v3.18 had the syscall only"),
    "get_prandom_u32": ("4.1", "id 7 lies between ids of 4.1"),
    "tcp_gen_syncookie": ("5.4", "70d66244317e is of July 2019, after the 5.3 merge window"),
    "tcp_send_ack": ("5.6", "206057fe020a is of January 2020"),
    "send_signal_thread": ("5.6", "8482941f0906 is of January 2020"),
    "jiffies64": ("5.6", "5576b991e9c1 is of January 2020"),
    "read_branch_records": ("5.7", "fff7b64355ea is of February 2020, after the 5.6 merge window"),
    "xdp_output": ("5.7", "d831ee84bfc9 is of March 2020"),
    "get_current_ancestor_cgroup_id": ("5.7", "0f09abd105da is of March 2020"),
    "sk_assign": ("5.7", "cf7fbe660f2d is of March 2020"),
    "seq_printf": ("5.8", "492e639f0c22 is of May 2020"),
    "seq_write": ("5.8", "492e639f0c22 is of May 2020"),
    "sk_cgroup_id": ("5.8", "f307fa2cb4c9 is of May 2020"),
    "sk_ancestor_cgroup_id": ("5.8", "f307fa2cb4c9 is of May 2020"),
    "csum_level": ("5.8", "7cdec54f9713 is of June 2020, in the 5.8 merge window"),
    "skc_to_mptcp_sock": ("5.19", "3bc253c2e652; named by one table only"),
}
HEAD = """What each BPF helper takes, returns and requires.

Sources:
- names, ids, prototypes: the helper list and its documentation in the kernel's include/uapi/linux/bpf.h (a copy of mid-2026)
- returns, arguments: the bpf_func_proto tables of Linux 6.1 (kernel/bpf, kernel/trace/bpf_trace.c,
  net/core/filter.c, ...); helpers newer than that from the commit that added them. Absent where a helper has no table there.
- since: first mainline release, from two published tables that agree (bcc docs/kernel-versions.md, ebpf-docs
  feature-versions.yaml); a disagreement is noted at the helper
  (the commits are in those tables; their dates were NOT looked up in a kernel history). Distributions backport: check mode overrules.
- gpl_only: the same tables, and the measurement; gpl_free_in names program types whose own table does not restrict it.
- program_types: measured by loading one call of each helper in each program type on the kernel
  named below ("*": every measured type). A type not in measured_program_types is unknown, not forbidden; older
  kernels allow less; program_types_from_source adds what that kernel's
  options hid (UNVERIFIED, written from knowledge). "tracing" was
  measured as iter and tp_btf: helpers that need a trampoline (fentry) may be missing.
An argument kind "mem", "mem-out" or "mem-or-null" is followed by its "size" argument.
"""

if __name__ == "__main__":
    main()
