"""How does a C program see the helpers of ``facts/helpers.toml``? Writes ``bpf_helper_defs.h`` from that table."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "bpflint"
# The documentation speaks of kernel objects where a program holds their public view.
VIEWS = {"struct bpf_map *": "void *", "struct sk_buff": "struct __sk_buff", "struct xdp_buff": "struct xdp_md",
         "struct sk_msg_buff": "struct sk_msg_md", "struct sk_reuseport_kern": "struct sk_reuseport_md",
         "struct bpf_sock_addr_kern": "struct bpf_sock_addr", "struct bpf_sock_ops_kern": "struct bpf_sock_ops",
         "struct bpf_sysctl_kern": "struct bpf_sysctl"}  # fmt: skip


def declaration(prototype: str, number: int) -> str:
    """One helper as a constant function pointer, the form calls of helpers have in C."""
    for old, new in VIEWS.items():
        prototype = re.sub(re.escape(old) + (r"" if old.endswith("*") else r"\b"), new, prototype)
    prototype = re.sub(r"\bsize_t\b", "unsigned long", prototype)
    prototype = re.sub(r"\b([us](?:8|16|32|64))\b", r"__\1", prototype)
    m = re.fullmatch(r"(.*?)\b(bpf_\w+)\((.*)\)", prototype)
    assert m, prototype
    return f"static {m[1].strip()} (* const {m[2]})({m[3]}) = (void *){number};"


def main() -> None:
    rows = tomllib.loads((ROOT / "facts" / "helpers.toml").read_text())["helper"]
    body = [declaration(r["prototype"], r["id"]) for r in rows]
    structs = sorted(set(re.findall(r"struct \w+", "\n".join(body))))
    lines = ["/* BPF helpers, generated from facts/helpers.toml: do not edit. */", "#ifndef BPFLINT_BPF_HELPER_DEFS_H",
             "#define BPFLINT_BPF_HELPER_DEFS_H",
        "#include <linux/types.h>", *[f"{s};" for s in structs], *body, "#endif", ""]  # fmt: skip
    (ROOT / "headers" / "libbpf" / "bpf" / "bpf_helper_defs.h").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
