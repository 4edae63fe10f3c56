"""Is what a kernel has what `bpftool feature probe` says it has, on the host and in guests?"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bpflint import facts
from bpflint.check.guest import Guest
from bpflint.check.host import Host
from bpflint.check.jobs import Batch, Facts, Job
from bpflint.kernels.libraries import closure, machine_of
from bpflint.kernels.store import release_order

_PROBE = Job("probe", {}, 300.0)
_RUN = "import subprocess, sys\nsys.stdout.write(subprocess.run(sys.argv[1:], capture_output=True, text=True).stdout)"
_ASKED = frozenset((6, 36, 177))
"""trace_printk, probe_write_user, trace_vprintk: bpftool asks for them when told to only, as the kernel logs a line."""
_STRUCT_OPS = 26
_HOOKED = frozenset((26, 28, 29))
"""Tracing, ext and lsm: bpftool's probe needs more rights than it names where the kernel is locked down."""


def test_the_host_has_what_bpftool_says(host: None, bpftool: Path) -> None:
    said = subprocess.run([bpftool, "feature", "probe", "-j"], capture_output=True, check=True).stdout
    (answer,) = Host().run(Batch((_PROBE,))).answers
    _compare(answer, json.loads(said), whole=_knows_the_words(bpftool, os.uname().release))


@pytest.mark.parametrize("name", ["x86_64:5.10", "x86_64:6.12", "x86_64:6.1", "x86_64:7.2"])
def test_a_guest_has_what_bpftool_says(boots: Callable[[str], Guest], bpftool: Path, name: str) -> None:
    guest = boots(name)
    if machine_of(bpftool.read_bytes()) != guest.image.arch:
        pytest.skip("the bpftool of this machine does not run in that guest")
    argv = ["/usr/bin/python3.11", "-c", _RUN, str(bpftool), "feature", "probe", "-j"]
    asked = Job("command", {"argv": argv, "rounds": 1, "keep": 1 << 20}, 300.0)
    root = {str(path).lstrip("/"): data for path, data in closure([bpftool]).items()}
    answer, said = guest.run(Batch((_PROBE, asked), root=root)).answers
    _compare(answer, json.loads(said["output"]), whole=_knows_the_words(bpftool, guest.image.release))


def _knows_the_words(bpftool: Path, release: str) -> bool:
    """Linux 6.10 refuses a helper with other words than before, which libbpf 1.5 was taught to read."""
    said = json.loads(subprocess.run([bpftool, "version", "-j"], capture_output=True, check=True).stdout)
    return release_order(said["libbpf_version"]) >= (1, 5) or release_order(release) < (6, 10)


def _compare(ours: Facts, theirs: Mapping[str, Any], *, whole: bool) -> None:
    """Program types, map types, and the helpers of every program type that bpftool can load for.

    Unless `whole`, bpftool takes a refusal in words that it does not know for a helper that is there.
    """
    for there, kind in _flags(theirs["program_types"], "prog", {k: v.id for k, v in facts.program_types().items()}):
        if kind not in _HOOKED:
            assert there == (kind in ours["program_types"]), f"program type {kind}"
    maps = {name.removeprefix("BPF_MAP_TYPE_").lower(): item.id for name, item in facts.map_types().items()}
    for there, kind in _flags(theirs["map_types"], "map", maps):
        if kind != _STRUCT_OPS or there:  # libbpf 1.4 asks kernels before 6.9 for it with flags that they do not know
            assert there == (kind in ours["map_types"]), f"map type {kind}"
    numbers = {name: item.id for name, item in facts.helpers().items()}
    listed = {name: {numbers[helper] for helper in helpers} for name, helpers in theirs["helpers"].items()}
    newest = max(max(helpers, default=0) for helpers in listed.values())
    compared = 0
    for name, item in facts.program_types().items():
        said, found = listed.get(f"{name}_available_helpers"), ours["helpers"].get(str(item.id))
        if said and found:
            ours_here = {number for number in found if number <= newest} - _ASKED
            assert ours_here == said - _ASKED if whole else ours_here <= said, name
            compared += 1
    assert compared >= 20


def _flags(table: Mapping[str, bool], what: str, numbers: Mapping[str, int]) -> list[tuple[bool, int]]:
    return [(there, numbers[key.removeprefix("have_").removesuffix(f"_{what}_type")]) for key, there in table.items()]
