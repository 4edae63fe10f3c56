"""How long does the Go front end take for a tree? `python benchmarks/go_frontend.py PATH`

Counted are the lines of all `.go` files below PATH outside `vendor` folders, tests and generated files too: the tree
that is handed to `plan`, whether or not anything in a file has to do with BPF. Measured is the CPU time of one process
for `plan` and the `load` of every job it gives, as a worker of a scan does them (no garbage collection while it
reads). Each of the five repetitions is a process of its own, so that none finds the packages of another; it has read
one small file before, so that the modules of the front end and the grammar are there.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from bpflint.api import FrontEndError, Settings, SourceFile
from bpflint.frontends.go import GoFrontEnd

_REPETITIONS = 5
_SMALL = 'package a\n\nimport "github.com/cilium/ebpf"\n\nfunc close(m *ebpf.Map) { m.Close() }\n'
_SKIPPED = ("vendor", ".git")


def main() -> None:
    """Print the lines of a tree, CPU milliseconds, and milliseconds per 1,000 lines."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--once", action="store_true", help="measure in this process and print the milliseconds alone")
    args = parser.parse_args()
    files = list(_files(args.path))
    if args.once:
        with tempfile.TemporaryDirectory() as small:
            Path(small, "a.go").write_text(_SMALL)
            _measured(Path(small), list(_files(Path(small))))
        print(_measured(args.path, files))
        return
    lines = sum(item.read().count(b"\n") for item in files if item.path.endswith(".go"))
    again = [sys.executable, __file__, "--once", str(args.path)]
    runs = [float(subprocess.run(again, check=True, capture_output=True).stdout) for _ in range(_REPETITIONS)]
    middle = statistics.median(runs)
    print(f"{lines} lines, {middle:.0f} ms, {middle / lines * 1000:.2f} ms per 1,000 lines")


def _files(root: Path) -> Iterator[SourceFile]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file():
                yield SourceFile(path.relative_to(root).as_posix(), partial(_bytes, path))


@cache
def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _measured(root: Path, files: Sequence[SourceFile]) -> float:
    gc.disable()
    settings, frontend = Settings(root=root), GoFrontEnd()
    paths = tuple(item.path for item in files)
    start = time.process_time()
    for job in frontend.plan(files, settings):
        try:
            frontend.load(replace(job, files=paths), settings)
        except FrontEndError as error:
            print(error, file=sys.stderr)
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
