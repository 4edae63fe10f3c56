"""Are rules silent about pointers where clang dropped a statement that may have changed them?"""

from __future__ import annotations

from pathlib import Path

from bpflint.testing import scan_sample

PROGRAM = """\
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } a SEC(".maps");
SEC("xdp") int pass(struct xdp_md *ctx) {
    int key = 1;
    long *value = bpf_map_lookup_elem(&a, &key);
    if (!value)
        return XDP_PASS;
    %s
    bpf_map_update_elem(&a, &key, value, BPF_ANY);
    bpf_map_delete_elem(&a, &key);
    return *value;
}
char LICENSE[] SEC("license") = "GPL";
"""  # noqa: E501


def codes(folder: Path, statement: str) -> set[str]:
    (folder / "p.bpf.c").write_text(PROGRAM % statement)
    return {item.code for item in scan_sample(folder).report.findings} & {"BPF404", "BPF405"}


def test_a_statement_that_was_dropped_may_have_changed_it(tmp_path: Path) -> None:
    assert codes(tmp_path, "") == {"BPF404", "BPF405"}
    assert codes(tmp_path, "value = bpf_map_lookup_elem(&not_declared, &key);") == set()
