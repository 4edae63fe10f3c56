"""How long does a kernel's struct take? `python benchmarks/kernel_types.py BTF [RUNS]`, BTF raw types of one kernel.

Five ratios, each the median of RUNS runs in turn: one struct against the x86_64 kernels of the pack and against all
(`bpflint layout STRUCT --kernels`, the whole process) to `pahole -C STRUCT BTF`; twenty structs to `bpftool btf dump`,
in this process alone and with all they hold, and alone as a process of its own. What the tools print is thrown away:
to take 30 MB out of a pipe lasts longer than to dump them.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bpflint.btf import Btf
from bpflint.btf import types as t

STRUCT = "sk_buff"
TWENTY = (
    "task_struct", "sk_buff", "sock", "tcp_sock", "inet_sock", "file", "inode", "dentry", "super_block", "mm_struct",
    "vm_area_struct", "page", "request", "bio", "cred", "nsproxy", "pid", "cgroup", "net_device", "linux_binprm",
)  # fmt: skip

_ALONE = f"""
import sys
from bpflint.btf import Btf
btf = Btf(open(sys.argv[1], "rb").read())
[btf.type(item) for ids in btf.find_all({TWENTY!r}, 4).values() for item in ids]
"""


def main(path: Path, runs: int) -> None:
    """Print both sides of each ratio."""
    ours = [sys.executable, "-m", "bpflint", "layout", STRUCT, "--kernels"]
    pahole = ["pahole", "-C", STRUCT, str(path)]
    alone = [sys.executable, "-c", _ALONE, str(path)]
    dump = ["bpftool", "btf", "dump", "file", str(path)]
    _race(runs, f"{STRUCT} on the x86_64 kernels of the pack", partial(_process, [*ours, "x86_64"]), pahole)
    _race(runs, f"{STRUCT} on all kernels of the pack", partial(_process, ours), pahole)
    _race(runs, f"{len(TWENTY)} structs, in this process", partial(read, path), dump)
    _race(runs, f"{len(TWENTY)} structs and what they hold, in this process", partial(read_deep, path), dump)
    _race(runs, f"{len(TWENTY)} structs, the whole process", partial(_process, alone), dump)


def _race(runs: int, what: str, ours: Callable[[], object], peer: Sequence[str]) -> None:
    pairs = [(_seconds(ours), _seconds(partial(_process, peer))) for _ in range(runs)]
    mine, other = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(one / two for one, two in pairs)
    print(f"{what} {mine:.3f} s, {' '.join(peer[:3])} {other:.3f} s: {ratio:.2f}")


def _seconds(once: Callable[[], object]) -> float:
    began = time.perf_counter()
    once()
    return time.perf_counter() - began


def _process(command: Sequence[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def read(path: Path) -> tuple[Btf, list[int]]:
    """Read the members of twenty structs."""
    btf = Btf(path.read_bytes())
    ids = [item for ids in btf.find_all(TWENTY, t.STRUCT).values() for item in ids]
    for item in ids:
        btf.type(item)
    return btf, ids


def read_deep(path: Path) -> None:
    """Read twenty structs with all that they hold."""
    btf, waiting = read(path)
    seen: set[int] = set()
    while waiting:
        one = btf.type(waiting.pop())
        if isinstance(one, t.Composite):
            inner = {btf.resolve(member.type) for member in one.members} - seen - {0}
            seen |= inner
            waiting += inner


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)
