"""Which machine runs the jobs for a kernel that was named? The running one, or a guest of a stored one."""

from __future__ import annotations

import os
import platform

from bpflint.analysis.abi import canonical_target
from bpflint.check.guest import Guest
from bpflint.check.host import Host
from bpflint.check.run import Machine
from bpflint.engine.plugins import load_providers
from bpflint.kernels import guest, store
from bpflint.model.verdict import Kernel


def machine_of(name: str) -> Machine:
    """Return the machine for `host`, `ARCH:RELEASE` or a `kernel.toml`; BpflintError where it is not at hand."""
    if name == "host":
        return Machine(Kernel(canonical_target(platform.machine()), os.uname().release), Host(), guest=False)
    image = store.find(name)
    base = guest.base(image.arch, tuple(load_providers().values()), store.data_folder() / "work")
    return Machine(image.kernel, Guest(image, base), guest=True)
