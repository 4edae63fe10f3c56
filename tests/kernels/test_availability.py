"""Do the tables of what kernels have read right, agree with what is known otherwise, and fail with one line?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpflint import facts
from bpflint.kernels.availability import availability_of, keep, of_answer, read, text_of
from bpflint.kernels.pack import shipped
from bpflint.model.availability import Availability
from bpflint.model.errors import ConfigError
from bpflint.model.verdict import Kernel

_NUMBERS = st.frozensets(st.integers(1, 300))


@given(
    programs=_NUMBERS,
    maps=_NUMBERS,
    gpl=_NUMBERS,
    helpers=st.dictionaries(st.sampled_from(["xdp", "lsm.s"]), _NUMBERS),
)
def test_a_table_survives_its_file(
    tmp_path_factory: pytest.TempPathFactory, programs: frozenset[int], maps: frozenset[int], gpl: frozenset[int],
    helpers: dict[str, frozenset[int]],
) -> None:  # fmt: skip
    table = Availability(Kernel("arm64", "6.1.9"), programs, maps, helpers, gpl, 'in a "guest"')
    path = tmp_path_factory.mktemp("tables") / "a.toml"
    path.write_text(text_of([table]))
    assert read(path) == (table,)


@pytest.mark.parametrize("kernel", shipped().kernels, ids=str)
def test_every_shipped_kernel_was_measured(kernel: Kernel) -> None:
    table = availability_of(kernel)
    assert table is not None
    assert table.measured.startswith("in a guest")
    assert {1, 2, 3, 6} <= table.program_types
    assert {1, 2, 4, 27} <= table.map_types
    release = facts.release(kernel.release)[:2]
    for item in facts.helpers().values():
        measured = any(kind in table.helpers for kind in item.program_types)
        foreign = kernel.arch == "s390x" and item.name in ("bpf_probe_read", "bpf_probe_read_str")
        if measured and not foreign and item.since and item.since[:2] <= release and item.name not in _OPTIONAL:
            assert _known(table, item.id), (item.name, item.since)


# s390x lacks both by design: kernel and user addresses overlap there (ARCH_HAS_NON_OVERLAPPING_ADDRESS_SPACE)
_OPTIONAL = frozenset(
    ("bpf_rc_keydown", "bpf_rc_pointer_rel", "bpf_rc_repeat", "bpf_override_return", "bpf_copy_from_user")
)
"""Helpers of options that distributions leave out (infrared, error injection), or of sleepable programs only."""


def _known(table: Availability, number: int) -> bool:
    return any(number in found for found in table.helpers.values())


def test_what_a_kernel_lacks_is_told_from_what_was_not_measured() -> None:
    table = availability_of(Kernel("x86_64", "5.10.262"))
    assert table is not None
    ringbuf, loop = facts.helpers()["bpf_ringbuf_reserve"].id, facts.helpers()["bpf_loop"].id
    assert table.has_helper(ringbuf, "kprobe") is True
    assert table.has_helper(loop, "kprobe") is False
    assert table.has_helper(ringbuf, "struct_ops") is None
    assert not _known(table, loop)


def test_a_users_table_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPFLINT_DATA_DIR", str(tmp_path))
    kernel = Kernel("x86_64", "6.1.192")
    path = keep(of_answer(kernel, {"program_types": [1], "map_types": [2], "helpers": {"1": [3]}, "gpl": []}, "here"))
    found = availability_of(kernel)
    assert found is not None
    assert found.helpers == {"socket_filter": frozenset({3})}
    path.write_text("[[kernel]]\nname = 'x86_64:6.1.192'\nmap-types = '1-99999999'\n")
    with pytest.raises(ConfigError, match=r"availability\.toml: is no table of `bpflint kernels probe`: "):
        availability_of(kernel)


@pytest.mark.parametrize(
    "text",
    ["", "[[kernel]]\n", "kernel = 3", "[[kernel]]\nname = 4", "\0", "[[kernel]]\nname='a:1'\nprogram-types='4-1'\n"],
)
def test_a_damaged_file_gives_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value).splitlines()) == 1
