"""How much does what the kernel or a library refuses matter? As much as the library that loads it minds."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.api import Severity
from bpflint.testing import scan_sample

PROGRAM = """\
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct bpf_map_def { unsigned int type, key_size, value_size, max_entries, map_flags; };
struct bpf_map_def SEC("maps") flows = { .type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 8, .max_entries = 4 };
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 100); } events SEC(".maps");
SEC("xdp") int pass(struct xdp_md *ctx) { return XDP_PASS; }
char LICENSE[] SEC("license") = "GPL";
"""
CILIUM = """\
package main

import "github.com/cilium/ebpf"

func flows() (*ebpf.Map, error) {
	coll, err := ebpf.LoadCollection("flows.o")
	if err != nil {
		return nil, err
	}
	return coll.Maps["flows"], nil
}
"""
LIBBPFGO = """\
package main

import "github.com/aquasecurity/libbpfgo"

func load() (*libbpfgo.Module, error) {
	return libbpfgo.NewModuleFromFile("flows.o")
}
"""
LIBBPF = """\
#include <bpf/libbpf.h>
int main(void) { return bpf_object__load(bpf_object__open("flows.o")); }
"""


@pytest.mark.parametrize(
    ("users", "legacy", "size"),
    [
        ({}, Severity.WARNING, Severity.WARNING),
        ({"main.go": CILIUM}, Severity.INFO, Severity.ERROR),
        ({"main.go": LIBBPFGO}, Severity.WARNING, Severity.INFO),
        ({"main.c": LIBBPF}, Severity.WARNING, Severity.INFO),
        ({"main.go": CILIUM, "tool/main.c": LIBBPF}, Severity.WARNING, Severity.ERROR),
    ],
)
def test_the_loader_decides(tmp_path: Path, users: dict[str, str], legacy: Severity, size: Severity) -> None:
    for name, text in {"flows.bpf.c": PROGRAM, **users}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = {item.code: item.severity for item in scan_sample(tmp_path).report.findings}
    assert (found["BPF518"], found["BPF515"]) == (legacy, size)


@pytest.mark.parametrize(
    ("users", "legacy", "size"),
    [
        ({"probe/a.c": LIBBPF, "agent/a.go": CILIUM.replace("flows.o", "drops.o")}, Severity.WARNING, Severity.INFO),
        ({"probe/try.c": LIBBPF.replace("flows.o", "t.o"), "agent/a.go": CILIUM}, Severity.INFO, Severity.ERROR),
    ],
)
def test_the_loader_is_the_program_s_own(
    tmp_path: Path, users: dict[str, str], legacy: Severity, size: Severity
) -> None:
    """Of several projects in one repository it is the one that names the program, else the nearest."""
    for name, text in {"probe/bpf/flows.bpf.c": PROGRAM, **users}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    found = {item.code: item.severity for item in scan_sample(tmp_path).report.findings}
    assert (found["BPF518"], found["BPF515"]) == (legacy, size)
