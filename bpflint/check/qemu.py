"""Which QEMU command boots a kernel? A pure function of the kernel; nothing here runs anything.

Measured: `-cpu qemu64` has no RDRAND, so Python cannot seed itself and PID 1 dies; two CPUs from the start panicked 3
of 15 times on 6.12 under emulation, so guests boot with `maxcpus=1` and bring up the second one when a race needs it.
With CMPXCHG16B, 6.12 died of a double fault in its allocator (`__kmalloc_noprof`, QEMU 7.2) in six of nine runs of 371
loads; without it in none of four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Accelerator = Literal["tcg", "kvm"]


@dataclass(frozen=True, slots=True)
class Machine:
    """How QEMU emulates an architecture; `package` is what Debian installs it from."""

    program: str
    arguments: tuple[str, ...]
    console: str
    package: str
    serial: tuple[str, ...] = ("-serial", "stdio")


MACHINES = {
    "x86_64": Machine("qemu-system-x86_64", ("-machine", "q35", "-cpu", "max,cx16=off"), "ttyS0", "qemu-system-x86"),
    "arm64": Machine("qemu-system-aarch64", ("-machine", "virt", "-cpu", "cortex-a57"), "ttyAMA0", "qemu-system-arm"),
    "s390x": Machine(
        "qemu-system-s390x", ("-machine", "s390-ccw-virtio"), "ttysclp0", "qemu-system-misc",
        ("-chardev", "stdio,id=console", "-device", "sclpconsole,chardev=console"),
    ),
}  # fmt: skip
_COMMAND_LINE = "console={console} panic=-1 quiet loglevel=3 rdinit=/init maxcpus=1 random.trust_cpu=on"


def arguments(arch: str, image: Path, initrd: Path, accelerator: Accelerator = "tcg") -> Sequence[str]:
    """Return the whole command: a machine without disk or network whose console is standard output."""
    machine = MACHINES[arch]
    return [
        machine.program, *machine.arguments, "-accel", accelerator, "-smp", "2", "-m", "256", "-display", "none",
        "-monitor", "none", "-nodefaults", "-no-user-config", "-no-reboot", *machine.serial,
        "-kernel", str(image), "-initrd", str(initrd), "-append", _COMMAND_LINE.format(console=machine.console),
    ]  # fmt: skip
