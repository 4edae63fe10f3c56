"""How long does a kernel's struct take? `python benchmarks/kernel_types.py BTF [RUNS]`, BTF raw types of one kernel.

Two ratios, each of the median of RUNS: one struct against all x86_64 kernels of the pack (`bpflint layout STRUCT
--kernels`, the whole process) to `pahole -C STRUCT BTF`, and twenty structs read from BTF with all they hold to
`bpftool btf dump`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bpflint.btf import Btf
from bpflint.btf import types as t

STRUCT = "sk_buff"
TWENTY = (
    "task_struct", "sk_buff", "sock", "tcp_sock", "inet_sock", "file", "inode", "dentry", "super_block", "mm_struct",
    "vm_area_struct", "page", "request", "bio", "cred", "nsproxy", "pid", "cgroup", "net_device", "linux_binprm",
)  # fmt: skip


def main(path: Path, runs: int) -> None:
    """Print both sides of each ratio."""
    ours = _median(runs, lambda: _process([sys.executable, "-m", "bpflint", "layout", STRUCT, "--kernels", "x86_64"]))
    pahole = _median(runs, lambda: _process(["pahole", "-C", STRUCT, str(path)]))
    print(f"{STRUCT} on the x86_64 kernels of the pack {ours:.3f} s, pahole {pahole:.3f} s: {ours / pahole:.2f}")
    read = _median(runs, lambda: _read(path))
    dump = _median(runs, lambda: _process(["bpftool", "btf", "dump", "file", str(path)]))
    print(f"{len(TWENTY)} structs {read:.3f} s, bpftool btf dump {dump:.3f} s: {read / dump:.2f}")


def _median(runs: int, once: Callable[[], None]) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        once()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _process(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True)
    if not done.stdout:
        sys.exit(f"{command[0]} said nothing: {done.stderr.decode().splitlines()[:1]}")


def _read(path: Path) -> None:
    btf = Btf(path.read_bytes())
    found = btf.find_all(TWENTY)
    waiting = [item for ids in found.values() for item in ids if btf.kind(item) == t.STRUCT]
    seen: set[int] = set()
    while waiting:
        one = btf.type(waiting.pop())
        if isinstance(one, t.Composite):
            inner = {btf.resolve(member.type) for member in one.members} - seen - {0}
            seen |= inner
            waiting += inner


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)
