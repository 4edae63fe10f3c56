"""Does a cluster read files as this machine does, byte by byte, and does a lost worker cost nothing?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
distributed = pytest.importorskip("distributed")
PROGRAM = """\
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "event.h"
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 64); __type(key, __u32); __type(value, struct event); } m SEC(".maps");
SEC("kprobe/f") int f(void *ctx) {
    __u32 key = %d;
    struct event *e = bpf_map_lookup_elem(&m, &key);
    e->at += 1;
    return 0;
}
char LICENSE[] SEC("license") = "GPL";
"""  # noqa: E501
READER = """\
from bcc import BPF
b = BPF(text="BPF_HASH(n, u32); int g(void *c) { u32 k = 0; n.increment(k); return 0; }")
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cluster")
    for number in range(6):
        (root / f"p{number}.bpf.c").write_text(PROGRAM % number)
    (root / "event.h").write_text("struct event { __u32 pid; __u64 at; };\n")
    (root / "reader.py").write_text(READER)
    return root


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    os.environ["PYTHONPATH"] = f"{ROOT}:{ROOT / 'rules'}"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as made:  # fmt: skip
        yield made


def scan(project: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'rules'}"}
    command = [sys.executable, "-m", "bpflint", "scan", ".", "--output-format", "json", *args]
    return subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, timeout=180)


def address(cluster: Any) -> str:
    return "dask://" + cluster.scheduler_address.removeprefix("tcp://")


def test_a_cluster_of_two_workers_gives_the_same_bytes(project: Path, cluster: Any) -> None:
    here = scan(project, "--no-cache")
    there = scan(project, "--no-cache", "--executor", address(cluster))
    assert here.returncode == 1
    assert "BPF601" in here.stdout
    assert (there.returncode, there.stdout) == (here.returncode, here.stdout), there.stderr


def test_what_a_cluster_has_read_is_kept(project: Path, cluster: Any, tmp_path: Path) -> None:
    os.environ["BPFLINT_CACHE_DIR"], before = str(tmp_path), os.environ["BPFLINT_CACHE_DIR"]
    try:
        scan(project, "--executor", address(cluster))
        assert "read 0 files, 8 known" in scan(project, "--time").stderr
    finally:
        os.environ["BPFLINT_CACHE_DIR"] = before


def test_a_lost_worker_is_replaced(project: Path, cluster: Any) -> None:
    here = scan(project, "--no-cache")
    killed = []

    def kill() -> None:
        while not killed:
            time.sleep(0.01)
            busy = [item.address for item in list(cluster.scheduler.workers.values()) if item.processing]
            for worker in cluster.workers.values():
                if worker.worker_address in busy and not killed:
                    killed.append(worker.pid)
                    os.kill(worker.pid, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    there = scan(project, "--no-cache", "--executor", address(cluster))
    thread.join()
    assert killed
    assert (there.returncode, there.stdout) == (here.returncode, here.stdout), there.stderr


@pytest.mark.parametrize("url", ["spark://x", "dask://", "dask://127.0.0.1:1"])
def test_an_executor_that_is_none_is_a_usage_error(project: Path, url: str) -> None:
    done = scan(project, "--no-cache", "--executor", url)
    assert done.returncode == 2
    assert done.stderr.startswith("bpflint: --executor: ")
