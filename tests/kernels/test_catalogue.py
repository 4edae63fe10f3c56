"""Which kernel does a name mean, and are a few of its types the same as in the whole?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.engine.targets import architectures, kernels
from bpflint.kernels.catalogue import Catalogue, default_kernels, known_kernels, named_kernel, raw_btf
from bpflint.kernels.pack import shipped
from bpflint.kernels.store import add
from bpflint.kernels.subset import Subset, Wanted
from bpflint.model.errors import ConfigError
from bpflint.model.verdict import Kernel


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BPFLINT_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "release"), [("x86_64:6.1", "6.1.192"), ("amd64:6", "6.18.15"), ("arm64:5.10.223", "5.10.223")]
)
def test_a_prefix_takes_the_highest_release(name: str, release: str) -> None:
    assert named_kernel(name).release == release


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("x86_64:5.15", "did you mean 'x86_64:5.10.262'?"),
        ("x86_64:6.1.3", "did you mean 'x86_64:6.1.192'?"),
        ("riscv64:6.1", "nor any other of riscv64"),
        ("x86_64:", "is no kernel"),
    ],
)
def test_an_unknown_kernel_is_answered_with_the_nearest(name: str, part: str) -> None:
    with pytest.raises(ConfigError, match=r".") as error:
        named_kernel(name)
    assert part in str(error.value)


def test_a_kernel_of_the_users_own_counts() -> None:
    add(raw_btf(named_kernel("x86_64:6.1")), "x86_64", "6.1.200", "a test")
    assert named_kernel("x86_64:6.1") == Kernel("x86_64", "6.1.200")
    assert Kernel("x86_64", "6.1.200") in known_kernels()
    assert Kernel("x86_64", "6.1.200") not in default_kernels(("x86_64",), "")
    asked = Catalogue()
    assert asked.has_function(Kernel("x86_64", "6.1.200"), "btf_trace_sched_switch")
    assert asked.fields(Kernel("x86_64", "6.1.200"), "list_head") is not None


def test_a_kernel_without_types_tells_nothing() -> None:
    add(b"\x7fELF but no more", "x86_64", "9.9.9", "a test")
    asked = Catalogue()
    assert asked.has_function(Kernel("x86_64", "9.9.9"), "vfs_write") is None
    assert asked.fields(Kernel("x86_64", "9.9.9"), "list_head") is None


def test_the_defaults_are_the_shipped_ones_of_the_targets_from_a_release_on() -> None:
    found = default_kernels(("x86_64", "arm64"), "6.12")
    assert {item.release.rsplit(".", 1)[0] for item in found} == {"6.12", "6.18", "7.3"}
    assert {item.arch for item in default_kernels(("s390x",), "")} == {"s390x"}


def test_targets_name_architectures_and_kernels() -> None:
    given = ("x86_64", "arm64:6.1", "amd64:5.10")
    assert architectures(given) == ("x86_64", "arm64")
    assert [str(item) for item in kernels(given, "bpflint.toml:1")] == ["arm64:6.1.192", "x86_64:5.10.262"]
    with pytest.raises(ConfigError, match=r"bpflint\.toml:1: no kernel arm64:4\.4"):
        kernels(("arm64:4.4",), "bpflint.toml:1")


@pytest.mark.parametrize("kernel", ["x86_64:7.3.4", "arm64:5.10", "s390x:6.12"])
def test_a_few_types_are_as_in_the_whole_kernel(kernel: str) -> None:
    named = named_kernel(kernel)
    whole, few = Btf(raw_btf(named)), Subset(shipped()).types(named, Wanted(frozenset(("sock", "btf_trace_sys_exit"))))
    few.check()
    for name in ("sock", "sock_common", "sk_buff_head", "refcount_t"):
        ours, theirs = few.find(name, t.STRUCT, t.TYPEDEF), whole.find(name, t.STRUCT, t.TYPEDEF)
        assert [few.size(item) for item in ours] == [whole.size(item) for item in theirs], name
    assert few.byte_order == whole.byte_order
    assert len(few) < len(whole) // 20


def test_kernels_that_agree_share_one_btf() -> None:
    subset, wanted = Subset(shipped()), Wanted(frozenset(("list_head",)), frozenset())
    assert subset.types(named_kernel("x86_64:6.12"), wanted) is subset.types(named_kernel("arm64:7"), wanted)


def test_functions_and_typedefs_of_tracepoints_are_found() -> None:
    asked, old, new = Catalogue(), named_kernel("x86_64:5.10"), named_kernel("x86_64:7.3")
    assert asked.has_function(old, "vfs_write")
    assert asked.has_function(new, "btf_trace_sched_switch")
    assert asked.has_function(new, "no_such_function") is False
