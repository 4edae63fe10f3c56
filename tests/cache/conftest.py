"""How is a project scanned again and again in tests? In this process, through the same door as the command line."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bpflint import __main__
from bpflint.cli import scan
from bpflint.engine.run import Result

EVENT = "struct event { __u32 pid; __u64 at; };\n"
PROBE = """\
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "event.h"
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 64); __type(key, __u32); __type(value, __u64); } n SEC(".maps");
SEC("tracepoint/sched/sched_switch") int probe(void *ctx) {
    __u32 key = 1;
    __u64 *count = bpf_map_lookup_elem(&n, &key);
    *count += 1;
    struct event e = { .pid = key };
    bpf_ringbuf_output(&events, &e, sizeof(e), 0);
    return 0;
}
char LICENSE[] SEC("license") = "GPL";
"""  # noqa: E501
OTHER = """\
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "shared/limits.h"
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, MOST); __type(key, __u32); __type(value, __u64); } a SEC(".maps");
SEC("xdp") int other(struct xdp_md *ctx) { return XDP_PASS; }
char LICENSE[] SEC("license") = "GPL";
"""  # noqa: E501
READER = """\
import ctypes

class Event(ctypes.Structure):  # bpflint: pair=event
    _fields_ = [("at", ctypes.c_uint64), ("pid", ctypes.c_uint32)]
"""
LOADER = """\
package main

import ("bytes"; "encoding/binary"; "github.com/cilium/ebpf")

type event struct { At uint64; Pid uint32 }

func read(m *ebpf.Map, raw []byte) (e event, err error) {
    err = binary.Read(bytes.NewReader(raw), binary.LittleEndian, &e)
    return
}
"""
STARTER = """\
#include <stdio.h>
#include <bpf/libbpf.h>
#include "event.h"
#include "probe.skel.h"

static int seen(void *ctx, void *data, size_t size) {
    const struct event *e = data;
    printf("%u\\n", e->pid);
    return 0;
}

int main(void) {
    struct probe_bpf *skel = probe_bpf__open_and_load();
    struct ring_buffer *rb = ring_buffer__new(bpf_map__fd(skel->maps.events), seen, NULL, NULL);
    ring_buffer__poll(rb, 100);
    return 0;
}
"""
FILES = {
    "bpf/probe.bpf.c": PROBE, "bpf/other.bpf.c": OTHER, "second/event.h": EVENT, "shared/limits.h": "#define MOST 4\n",
    "reader.py": READER, "user/starter.c": STARTER, "cmd/main.go": LOADER, "go.mod": "module example.com/x\n",
    "bpflint.toml": 'include-dirs = ["first", "second", "."]\n',
}  # fmt: skip


class Project:
    """A folder of sources, a cache beside it, and how often the engine ran."""

    def __init__(self, root: Path, cache: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.root, self.cache, self.results = root, cache, list[Result]()
        self._capture = capture

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def scan(self, *args: str) -> tuple[int, str]:
        """(exit code, stdout) of a scan that begins when all files have settled."""
        time.sleep(0.06)
        self.results.clear()
        sys.argv = ["bpflint", "scan", *args]
        self._capture.readouterr()
        code = __main__.main()
        return code, self._capture.readouterr().out

    def fresh(self, *args: str) -> tuple[int, str]:
        return self.scan("--no-cache", *args)

    def analysed(self) -> list[str]:
        """The files the last scan read anew; what was replayed has read none."""
        return sorted(self.results[-1].harvest.analysed) if self.results else []

    def entries(self) -> list[Path]:
        return [path for path in self.cache.rglob("*") if path.is_file() and "results-" in str(path)]


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[], Project] | Project:
    root, cache = tmp_path / "project", tmp_path / "cache"
    made = Project(root, cache, capfd)
    for name, text in FILES.items():
        made.write(name, text)
    monkeypatch.chdir(root)
    monkeypatch.setenv("BPFLINT_CACHE_DIR", str(cache))
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(sys, "path", list(sys.path))
    engine = scan.run_engine

    def counted(*args: object, **more: object) -> Result:
        result = engine(*args, **more)  # type: ignore[arg-type]
        made.results.append(result)
        return result

    monkeypatch.setattr(scan, "run_engine", counted)
    return made


def forget(folder: Path) -> None:
    """Remove a folder and what is in it, whatever its rights."""
    if folder.exists():
        os.chmod(folder, 0o700)
        shutil.rmtree(folder)
