"""How does the running kernel run a batch? In one process with few rights that dies with us; nothing is attached."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bpflint.check.jobs import AGENT, Answers, Batch, NotRun, missing
from bpflint.check.listen import end, listen

_CAP_BPF = 39
_START = 15.0


class Host:
    """The running kernel, asked for by name only."""

    def run(self, batch: Batch) -> Answers:
        """Run a batch; `NotRun` where this process may not load programs."""
        if not _may_load():
            raise NotRun(
                "no-kernel: the running kernel loads no programs for us (CAP_BPF is missing): run as root, or leave "
                "--kernel host out; guests need no rights"
            )
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bpflint-host-") as folder:
            (Path(folder) / "jobs.json").write_bytes(batch.document())
            for name, data in batch.objects.items():
                (Path(folder) / name).write_bytes(data)
            process = subprocess.Popen([sys.executable, "-I", str(AGENT), folder], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                       start_new_session=True)  # fmt: skip
            try:
                heard = listen(process, batch.jobs, _START)
            finally:
                end(process)
        if not heard.hello:
            raise NotRun(f"boot-failed: the agent did not start: {' | '.join(heard.console[-2:]) or heard.why}")
        why = f"timeout: the agent was lost ({heard.why})"
        return Answers(heard.hello, missing(batch, heard.answers, why), 1, heard.console, time.monotonic() - began)


def _may_load() -> bool:
    if os.geteuid() == 0:
        return True
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    line = next((item for item in text.splitlines() if item.startswith("CapEff:")), "CapEff: 0")
    return bool(int(line.split()[1], 16) >> _CAP_BPF & 1)
