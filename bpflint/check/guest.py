"""How does a guest run a batch? Boot it, listen, and start it again for the jobs that a lost one left."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bpflint.analysis.abi import canonical_target
from bpflint.check import qemu
from bpflint.check.jobs import AGENT, Answers, Batch, Facts, NotRun, missing
from bpflint.check.listen import Heard, end, listen
from bpflint.kernels.guest import jobs_archive
from bpflint.kernels.store import Image

_BOOT = 60.0
"""Seconds to the first word: 2 to 5 measured, under emulation on a machine with other work several times that."""
_MOST_BOOTS = 8
"""A guest that is lost again and again costs no more than this."""
_PROBE = 5.0


@dataclass(frozen=True, slots=True)
class Guest:
    """A stored kernel with the archive it boots into."""

    image: Image
    base: bytes

    def run(self, batch: Batch) -> Answers:
        """Run a batch. What is lost is tried once more: a boot that says nothing, or a job that the guest dies in."""
        _require(self.image.arch)
        began = time.monotonic()
        answers: dict[int, Facts] = {}
        hello: Facts = {}
        done, boots, silent, lost = 0, 0, 0, -1
        heard = Heard()
        while (done < len(batch.jobs) or not boots) and boots < _MOST_BOOTS:
            heard = self._boot(batch.rest(done, alone=lost >= 0), _accelerator(self.image, self.base))
            boots += 1
            if not heard.hello:
                silent += 1
                if silent > 1:
                    break
                continue
            hello = heard.hello
            answers.update({done + number: answer for number, answer in heard.answers.items()})
            done += heard.lost_in if heard.lost_in is not None else len(batch.jobs) - done
            if heard.lost_in is not None and done == lost:
                answers.setdefault(done, {"why": f"timeout: the guest was lost in it, twice ({heard.why})"})
                done += 1
            lost = done
        if not hello:
            last = f": {heard.console[-1]}" if heard.console else ""
            raise NotRun(f"boot-failed: {self.image.kernel} did not answer in {_BOOT:.0f} s, twice{last}")
        why = "boot-failed: the guest did not come up again"
        return Answers(hello, missing(batch, answers, why), boots, heard.console, time.monotonic() - began)

    def _boot(self, batch: Batch, accelerator: qemu.Accelerator, patience: float = _BOOT) -> Heard:
        files = {"jobs.json": batch.document(), **batch.objects}
        with tempfile.TemporaryDirectory(prefix="bpflint-guest-") as folder:
            initrd = Path(folder) / "initrd"
            initrd.write_bytes(_aligned(self.base) + jobs_archive(AGENT.read_bytes(), files, batch.root))
            command = qemu.arguments(self.image.arch, self.image.path, initrd, accelerator)
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, cwd=folder, start_new_session=True)  # fmt: skip
            try:
                return listen(process, batch.jobs, patience)
            finally:
                end(process)


def _aligned(data: bytes) -> bytes:
    """A second archive begins on four bytes."""
    return data + b"\0" * (-len(data) % 4)


def _require(arch: str) -> None:
    machine = qemu.MACHINES.get(arch)
    if machine is None:
        raise NotRun(f"no-kernel: guests of {arch} are not known; {' '.join(qemu.MACHINES)} are")
    if shutil.which(machine.program) is None:
        raise NotRun(f"no-kernel: {machine.program} is not installed (Debian: apt install {machine.package})")


def _accelerator(image: Image, base: bytes) -> qemu.Accelerator:
    """KVM where it really boots: a device that opens and hangs, as nested ones do, is passed by."""
    try:
        own = canonical_target(platform.machine()) == image.arch
    except ValueError:
        own = False
    if not own or not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    return _probed(image, base)


@cache
def _probed(image: Image, base: bytes) -> qemu.Accelerator:
    heard = Guest(image, base)._boot(Batch(()), "kvm", _PROBE)
    return "kvm" if heard.hello else "tcg"
