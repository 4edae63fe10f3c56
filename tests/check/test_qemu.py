"""Is the command that boots a kernel what it should be? A pure function, so no machine is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.check import qemu


@pytest.mark.parametrize("arch", sorted(qemu.MACHINES))
def test_a_guest_has_no_disk_and_no_network(arch: str) -> None:
    command = qemu.arguments(arch, Path("/k/image"), Path("/t/initrd"))
    assert command[0] == qemu.MACHINES[arch].program
    assert {"-nodefaults", "-no-user-config", "-no-reboot"} <= set(command)
    assert not [item for item in command if item.startswith(("-net", "-drive", "-hd", "-virtfs", "-fsdev", "-usb"))]
    assert command[command.index("-kernel") + 1] == "/k/image"
    assert command[command.index("-initrd") + 1] == "/t/initrd"
    append = command[command.index("-append") + 1]
    assert "maxcpus=1" in append
    assert "mitigations" not in append  # it changes what is accepted
    assert f"console={qemu.MACHINES[arch].console}" in append


def test_kvm_is_asked_for_by_name_only() -> None:
    plain = qemu.arguments("x86_64", Path("i"), Path("r"))
    assert plain[plain.index("-accel") + 1] == "tcg"
    quick = qemu.arguments("x86_64", Path("i"), Path("r"), "kvm")
    assert quick[quick.index("-accel") + 1] == "kvm"
