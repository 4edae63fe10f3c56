"""How many root BPF files of some projects parse without an error? `parse_rate.py [-v] [--all] PROJECT[:FOLDER] ...`

Used by hand over source trees that somebody has unpacked. Each PROJECT is scanned as its own root, as `bpflint scan`
would from inside it; FOLDER only limits which roots are counted. No header of the machine is used. `--all` counts
bcc's dialect and the user side too, `-v` lists every problem of a file instead of the first.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bpflint.api import Settings, Unit
from bpflint.engine.discover import Wanted, discover
from bpflint.engine.load import Harvest, load
from bpflint.engine.vmlinux import vmlinux_ready
from bpflint.frontends.c import CFrontEnd


class _Some(CFrontEnd):
    """The product's front end, asked for a part of its roots."""

    def __init__(self, folder: str, modes: Sequence[str]) -> None:
        self.folder, self.modes = folder, modes

    def plan(self, files, settings):  # type: ignore[no-untyped-def]
        return [
            job for job in super().plan(files, settings) if job.mode in self.modes and job.path.startswith(self.folder)
        ]


def harvest_of(root: Path, folder: str, modes: Sequence[str], cache: Path) -> Harvest:
    """Load the C roots below a folder of a project as a scan does."""
    front = _Some(folder, modes)
    found = discover(root, (), Wanted(frozenset(front.suffixes)))
    settings = Settings(root=root, cache_dir=cache, jobs=os.cpu_count() or 1)
    with vmlinux_ready(settings, found.files) as ready:
        return load(found.files, [front], replace(ready, system_headers=False))


def errors_of(unit: Unit) -> list[str]:
    return [f"{item.path}:{item.line}: {item.message}" for item in unit.problems if item.code == "BPF002"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("projects", nargs="+", metavar="PROJECT[:FOLDER]")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("-v", action="store_true")
    chosen = parser.parse_args()
    modes = ("bpf", "bcc", "user") if chosen.all else ("bpf",)
    table: list[tuple[str, int, int, float]] = []
    with tempfile.TemporaryDirectory() as cache:
        for project in chosen.projects:
            path, _, folder = project.partition(":")
            began = time.monotonic()
            harvest = harvest_of(Path(path).resolve(), folder, modes, Path(cache))
            failed = [(unit.path, errors_of(unit)) for unit in harvest.units if errors_of(unit)]
            failed += [(item.path, [item.message]) for item in harvest.problems]
            for name, errors in sorted(failed):
                print(f"  {name}: " + "\n      ".join(errors if chosen.v else errors[:1]))
            count = len(harvest.units) + len(harvest.problems)
            table.append((project, count, count - len(failed), time.monotonic() - began))
            print(f"{project}: {table[-1][2]} of {count} clean", flush=True)
    print(f"\n{'project':60} {'roots':>6} {'clean':>6} {'rate':>7} {'s':>6}")
    for name, count, clean, seconds in table:
        print(f"{name[-60:]:60} {count:6} {clean:6} {100 * clean / max(count, 1):6.1f}% {seconds:6.1f}")


if __name__ == "__main__":
    main()
