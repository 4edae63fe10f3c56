"""How is a compiled BPF object read? ELF sections and BTF: the layouts a compiler really chose."""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.model.errors import FrontEndError
from bpflint.reading import FrontEnd, Job, Loaded, Reads, Settings, SourceFile


class ObjectFrontEnd(FrontEnd):
    """Reads BPF objects of either byte order; host objects and kernel modules are left alone."""

    name = "objects"
    suffixes = (".o",)

    def plan(self, files: Sequence[SourceFile], settings: Settings) -> Sequence[Job]:
        """Return a job for each object made for BPF, told by the first twenty bytes."""
        objects = (item for item in files if item.path.endswith(self.suffixes))
        return [Job(self.name, item.path) for item in objects if _is_bpf(item.read())]

    def load(self, job: Job, settings: Settings) -> Loaded:
        """Read one object; FrontEndError when the file is no ELF file that can be read."""
        from bpflint.frontends.objects.unit import load_unit  # late: 59 ms of elftools

        try:
            data = (settings.root / job.path).read_bytes()
        except OSError as error:
            raise FrontEndError(f"{job.path}: cannot be read ({error.strerror})") from error
        return Loaded((load_unit(job.path, data, job.files),), reads=Reads((job.path,)))


def _is_bpf(data: bytes) -> bool:
    """ELF files carry the byte order at offset 5 (1 little, 2 big) and the machine at 18; EM_BPF is 247."""
    if data[:4] != b"\x7fELF" or len(data) < 20:
        return False
    return int.from_bytes(data[18:20], "big" if data[5] == 2 else "little") == 247
