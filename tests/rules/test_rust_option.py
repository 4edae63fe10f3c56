"""How bad is an `Option` inside of a shared type? By whether both sides have one declaration."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.api import Severity
from bpflint.testing import scan_sample

SHARED = """
#[repr(C)]
#[derive(Clone, Copy)]
pub enum Phase { Open, Closed }

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Flow { pub bytes: u64, pub phase: Option<Phase> }
"""
RUST = """
#![no_std]
#![no_main]
use aya_ebpf::{macros::{map, xdp}, maps::HashMap, programs::XdpContext};
use flow_common::Flow;

#[map]
static FLOWS: HashMap<u32, Flow> = HashMap::with_max_entries(64, 0);

#[xdp]
pub fn count(ctx: XdpContext) -> u32 { if FLOWS.get_ptr(&1).is_some() { 1 } else { 2 } }
"""
C = """
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct flow { __u64 bytes; __u32 phase; };
struct {
    __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, struct flow); __uint(max_entries, 64);
} FLOWS SEC(".maps");
"""
LOADER = """
use aya::{maps::HashMap, Ebpf};
use flow_common::Flow;

pub fn first(bpf: &mut Ebpf) -> Result<u64, aya::EbpfError> {
    let flows: HashMap<_, u32, Flow> = HashMap::try_from(bpf.map("FLOWS").unwrap())?;
    Ok(flows.get(&1, 0)?.bytes)
}
"""


def crate(folder: Path, name: str, text: str, *needs: str) -> None:
    source = folder / name / "src"
    source.mkdir(parents=True)
    uses = "".join(f'{item}\n' for item in needs)
    (folder / name / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n{uses}'
    )
    (source / "lib.rs").write_text(text)


@pytest.mark.parametrize(("program", "severity"), [("rust", Severity.WARNING), ("c", Severity.ERROR)])
def test_one_compiler_lays_out_one_declaration_alike(tmp_path: Path, program: str, severity: Severity) -> None:
    common = 'flow-common = { path = "../flow-common" }'
    crate(tmp_path, "flow-common", SHARED)
    crate(tmp_path, "flow", LOADER, 'aya = "0.13"', common)
    if program == "rust":
        crate(tmp_path, "flow-ebpf", RUST, 'aya-ebpf = "0.1"', common)
    else:
        (tmp_path / "flow.bpf.c").write_text(C)
    found = [item for item in scan_sample(tmp_path).report.findings if item.code == "BPF130"]
    assert {(item.subject, item.severity) for item in found} == {("Flow.phase", severity)}
