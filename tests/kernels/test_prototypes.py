"""Which parameters do functions and tracepoints of the shipped kernel, or of a configured one, take?"""

from __future__ import annotations

import marshal
from pathlib import Path

from bpflint.api import Kernel
from bpflint.btf import types as t
from bpflint.btf.encode import encode
from bpflint.kernels.catalogue import Answers
from bpflint.kernels.prototypes import prototypes_of

OWN = encode((
    t.Int("int", 4, 32, 0, 1), t.FuncProto(0, (t.Param("one", 1),)), t.Func("own", 2, 0),
    t.FuncProto(1, ()), t.Func("twice", 2, 0), t.Func("twice", 4, 0),
))  # fmt: skip


def test_functions_and_tracepoints_of_the_shipped_kernel() -> None:
    find = prototypes_of(None)
    function, tracepoint = find("vfs_write"), find("btf_trace_sched_switch")
    assert function is not None
    assert function.params == ("file", "buf", "count", "pos")
    assert function.returns
    assert tracepoint is not None
    assert len(tracepoint.params) == 4
    assert find("no_such_function") is None


def test_a_configured_kernel_is_asked_instead(tmp_path: Path) -> None:
    path = tmp_path / "own.btf"
    path.write_bytes(OWN)
    find = prototypes_of(path)
    own = find("own")
    assert own is not None
    assert own.params == ("one",)
    assert own.chosen
    assert not own.returns
    assert find("twice") is None, "two functions of one name say nothing"
    assert find("vfs_write") is None


def test_a_file_without_types_answers_nothing(tmp_path: Path) -> None:
    path = tmp_path / "broken.btf"
    path.write_bytes(b"none")
    assert prototypes_of(path)("own") is None


def test_of_several_configured_kernels_the_one_with_the_fewest_parameters_answers() -> None:
    kernels = [Kernel("x86_64", "5.10.262"), Kernel("arm64", "7.3.4")]
    old, both = prototypes_of(None, kernels[:1])("inet_csk_accept"), prototypes_of(None, kernels)("inet_csk_accept")
    assert old is not None
    assert both is not None
    assert (len(old.params), len(both.params)) == (4, 2)
    assert both.kernel == "Linux 7.3.4 (arm64)"
    assert both.chosen
    gone = prototypes_of(None, kernels)("tcp_sendpage")
    assert gone is not None
    assert gone.kernel == "Linux 5.10.262 (x86_64)"


def test_what_was_told_once_is_not_looked_up_again() -> None:
    answers: Answers = {}
    first = prototypes_of(None, answers=answers)
    told = [first("vfs_write"), first("no_such_function")]
    assert len(answers) == 2
    assert marshal.loads(marshal.dumps(answers)) == answers
    kept = prototypes_of(Path("no such file"), answers=dict(answers))
    assert [kept("vfs_write"), kept("no_such_function")] == told
