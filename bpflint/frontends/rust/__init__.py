"""How is Rust read? By tree-sitter: layouts by `repr`, uses of maps through aya and libbpf-rs, aya's programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpflint.model.patterns import pattern
from bpflint.model.traces import traces
from bpflint.reading import FrontEnd, Job, Loaded, Settings, SourceFile

if TYPE_CHECKING:
    from bpflint.frontends.rust.world import World

_WORTH = pattern(rb"(?i)bpf|\baya(?:_log|_obj)?::|\bskel\b|bpflint:\s*pair")
_PLAIN = pattern(rb"\b(?:Pod|Plain|plain|bytemuck|zerocopy|FromBytes)\b")
_LAYOUT = pattern(rb"repr\s*\(\s*(?:C\b|packed|transparent)")


class RustFrontEnd(FrontEnd):
    """Reads Rust files that name BPF, and those that promise their types to be plain data."""

    name = "rust"
    suffixes = (".rs",)

    def __init__(self) -> None:
        self._world: World | None = None

    def plan(self, files: Sequence[SourceFile], settings: Settings) -> Sequence[Job]:
        """Return a job for each Rust file worth reading, by a byte prefilter."""
        paths = tuple(sorted(item.path for item in files))
        own = [item for item in files if item.path.endswith(".rs")]
        worth = [item.path for item in own if settings.all_files or _is_worth(item.read())]
        told = traces((item.path, item.read()) for item in own) if worth else {}
        return [Job("rust", path, files=paths, extra=told) for path in worth]

    def load(self, job: Job, settings: Settings) -> Loaded:
        """Read one file; what it names elsewhere in the project is read when it is asked for."""
        from bpflint.frontends.rust.unit import load_unit
        from bpflint.frontends.rust.world import World

        files = job.files or (job.path,)
        known = self._world
        if known is None or not known.is_of(settings.root, files) or not known.tree.unchanged():
            known = self._world = World(settings.root, files)
        return load_unit(job, settings, known)


def _is_worth(data: bytes) -> bool:
    if _WORTH.search(data):
        return True
    return _LAYOUT.search(data) is not None and _PLAIN.search(data) is not None
