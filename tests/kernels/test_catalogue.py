"""Which kernel does a name mean, and are a few of its types the same as in the whole?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.btf import Btf
from bpflint.btf import types as t
from bpflint.btf.lookup import Types
from bpflint.engine.targets import architectures, kernels
from bpflint.kernels.catalogue import Catalogue, default_kernels, known_kernels, named_kernel, raw_btf
from bpflint.kernels.store import add
from bpflint.kernels.types import TypeSource
from bpflint.kernels.unpack import Declared
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
    whole, few = Btf(raw_btf(named)), TypeSource().types(named)
    for name in ("sock", "sock_common", "sk_buff_head", "refcount_t", "net_device", "bpf_prog_type", "bpf_cmd"):
        kinds = (t.STRUCT, t.TYPEDEF, t.ENUM, t.ENUM64)
        ours, theirs = few.find(name, *kinds), whole.find(name, *kinds)
        assert ours, name
        assert [spelled(few, item) for item in ours] == [spelled(whole, item) for item in theirs], name
    assert few.byte_order == whole.byte_order


def spelled(types: Types, type_id: int, deep: int = 3) -> object:
    """A type in words, with what lies in it and stands behind its pointers as far as some steps."""
    if not type_id or not deep:
        return types.kind(type_id), types.name(type_id)
    one = types.type(type_id)
    match one:
        case t.Composite(members=members):
            inside = [(item.name, item.offset, item.bits, spelled(types, item.type, deep - 1)) for item in members]
            return one.keyword, one.name, one.size, inside
        case t.FuncProto(result=result, params=params):
            return spelled(types, result, deep - 1), [(item.name, spelled(types, item.type, 1)) for item in params]
        case t.Array() | t.Ptr() | t.Qualifier() | t.Typedef():
            more = getattr(one, "name", ""), getattr(one, "length", 0), getattr(one, "keyword", "")
            return types.kind(type_id), *more, spelled(types, one.type, deep - 1)
    return one


def test_kernels_are_alike_where_all_that_was_looked_at_is_the_same() -> None:
    source, new = TypeSource(), named_kernel("x86_64:7.3")
    alike = source.alike(new, ["list_head"])
    assert named_kernel("arm64:5.10") in alike
    assert named_kernel("s390x:6.12") not in alike, "its bytes are in another order"
    assert source.alike(new, ["list_head", "task_struct"]) == (new,)
    assert source.alike(new, ["nothing_has_this_name"]) == alike
    assert source.alike(Kernel("x86_64", "1.0"), ["list_head"]) == (Kernel("x86_64", "1.0"),)


def test_only_the_names_that_answered_are_told() -> None:
    types = TypeSource().types(named_kernel("x86_64:7.3"))
    assert isinstance(types, Declared)
    (sock,) = types.find("sock", t.STRUCT)
    types.asked.clear()
    record = types.type(sock)
    assert isinstance(record, t.Composite)
    assert types.asked == {"sock"}
    assert types.name(record.members[0].type) == "sock_common"
    types.type(record.members[0].type)
    assert types.asked == {"sock", "sock_common"}


def test_functions_and_typedefs_of_tracepoints_are_found() -> None:
    asked, old, new = Catalogue(), named_kernel("x86_64:5.10"), named_kernel("x86_64:7.3")
    assert asked.has_function(old, "vfs_write")
    assert asked.has_function(new, "btf_trace_sched_switch")
    assert asked.has_function(new, "no_such_function") is False
