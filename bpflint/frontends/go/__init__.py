"""How is Go read? By its syntax tree: packages, constants, structs, and what meets which map."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpflint.frontends.go.modules import LINTERS
from bpflint.model.errors import FrontEndError
from bpflint.model.patterns import pattern
from bpflint.model.traces import traces
from bpflint.reading import FrontEnd, Job, Loaded, Settings, SourceFile

_RECORD = pattern(rb"\bperf\.record\b")
_GENERATED = pattern(rb"^// Code generated .*DO NOT EDIT\.?$", re.M)  # go help generate; some forget the stop
_FIXER = b"fieldalignment"
_MOST_CONFIG = 1 << 20
_PAIR = pattern(rb"bpflint:\s*pair")
_VENDOR = pattern(r"(?:^|/)vendor/")


class GoFrontEnd(FrontEnd):
    """Reads Go packages of which a file has to do with BPF; the packages they import are read as far as needed."""

    name = "go"
    suffixes = (".go",)

    def plan(self, files: Sequence[SourceFile], settings: Settings) -> Sequence[Job]:
        """Return a job for each folder with a file that names BPF; vendored trees and tests are left out."""
        folders: dict[str, list[str]] = {}
        locking: dict[str, list[str]] = {}
        own = [item for item in files if item.path.endswith(".go") and not item.path.endswith("_test.go")
               and not _VENDOR.search(item.path)]  # fmt: skip
        for item in own:
            data, path = item.read(), item.path
            folder = path.rpartition("/")[0]
            if settings.all_files or (_traced(data) and not _foreign(data)) or _PAIR.search(data):
                folders.setdefault(folder, []).append(path)
            elif b"Lock()" in data:
                locking.setdefault(folder, []).append(path)
        for folder, paths in folders.items():
            paths.extend(locking.get(folder, ()))  # which lock guards a field is for the whole package to say
            paths.sort()
        everything = ((item.path, item.read()) for item in files if item.path.endswith(".go"))
        told = {**_fixer(own, settings), **traces(everything)} if folders else {}
        return [
            Job("go", paths[0], extra={"folder": folder, "files": "\n".join(paths), **told})
            for folder, paths in sorted(folders.items())
        ]

    def load(self, job: Job, settings: Settings) -> Loaded:
        """Read one package; raises FrontEndError where nothing of it can be read."""
        from bpflint.frontends.go.unit import load_units  # late: the grammar's library

        try:
            return load_units(job, settings)
        except RecursionError as error:
            raise FrontEndError(f"{job.path}: nested too deeply to follow") from error


def _traced(data: bytes) -> bool:
    """Whether a file says anything of BPF. A search without regard to case is 20 times as dear as this."""
    lower = data.lower()
    return b"bpf" in lower or b"rawsample" in lower or (b"perf.record" in lower and _RECORD.search(lower) is not None)


def _foreign(data: bytes) -> bool:
    """Whether another generator than one for BPF wrote the file: protobuf, mocks, deep copies."""
    found = _GENERATED.search(data[:4096])
    return found is not None and b"bpf2go" not in found[0] and b"cgo" not in found[0]


def _fixer(files: Sequence[SourceFile], settings: Settings) -> dict[str, str]:
    """Where the project runs the fieldalignment fixer, by its linters' configuration or a `go:generate` line."""
    for name in LINTERS:
        try:
            with (settings.root / name).open("rb") as stream:
                if _FIXER in stream.read(_MOST_CONFIG):
                    return {"fieldalignment": name}
        except OSError:
            continue
    found = next((item.path for item in files if _FIXER in item.read()), "")
    return {"fieldalignment": found} if found else {}
