"""Which pointers are never NULL, and which only look like it?"""

from __future__ import annotations

from bpflint.analysis.certain import certain_pointers
from bpflint.model.flow import AddressOf, Assign, Block, Call, CallExpr, Constant, Function, Name, Op, Select
from bpflint.model.memory import NeverNull
from bpflint.model.source import Span

AT = Span("a.bpf.c", 1, 1, 1, 2)
KNOWN = NeverNull(frozenset({"bpf_get_current_task"}), frozenset({("task_struct", "real_parent")}))
TASK, PARENT = Name("task", 1, storage="local"), Name("parent", 2, storage="local")
SET = Call(CallExpr("bpf_get_current_task", ()), AT, TASK)


def member(field: str) -> Select:
    return Select(TASK, field, True, "task_struct")


def certain(*ops: Op) -> frozenset[int]:
    return certain_pointers(Function("f", AT, (), (Block(ops),)), KNOWN)


def test_what_the_kernel_sets_for_life() -> None:
    assert certain(SET, Assign(PARENT, member("real_parent"), AT)) == {1, 2}


def test_what_is_read_from_there_by_a_helper() -> None:
    read = CallExpr("bpf_probe_read_kernel", (AddressOf(PARENT), Constant(8), AddressOf(member("real_parent"))))
    assert certain(SET, Call(read, AT)) == {1, 2}


def test_another_member_and_another_value_are_not() -> None:
    assert certain(SET, Assign(PARENT, member("mm"), AT)) == {1}
    assert certain(SET, Assign(PARENT, member("real_parent"), AT), Assign(PARENT, Constant(0), AT)) == {1}


def test_what_an_unknown_function_may_write_is_not() -> None:
    fill = CallExpr("fill", (AddressOf(PARENT),))
    assert certain(Assign(PARENT, member("real_parent"), AT), Call(fill, AT)) == frozenset()
