"""What has a kernel: program types, map types, helpers? Asked of the kernel itself, in a guest or on the host."""

from __future__ import annotations

from bpflint.check.jobs import Batch, Job, NotRun
from bpflint.check.run import Machine
from bpflint.kernels.availability import of_answer
from bpflint.model.availability import Availability

_SECONDS = 300.0
"""For seven thousand programs: a guest took 20 to 30, and takes several times that on a busy machine."""


def probed(machine: Machine) -> Availability:
    """Return the table of a kernel; NotRun where it could not be run or says nothing."""
    answers = machine.runner.run(Batch((Job("probe", {}, _SECONDS),)))
    (answer,) = answers.answers
    if "why" in answer:
        raise NotRun(f"{machine.kernel}: was not measured: {str(answer['why']).partition(': ')[2] or answer['why']}")
    where = "in a guest" if machine.guest else "on the running machine"
    return of_answer(machine.kernel, answer, f"{where}, libbpf {answers.hello.get('libbpf', 'unknown')}")
