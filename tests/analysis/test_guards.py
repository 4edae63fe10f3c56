"""Guard inference: which accesses count, which lock is the guard, and what must stay silent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bpflint.analysis.guards import accesses, concurrent, deviations
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Block,
    Call,
    CallExpr,
    Constant,
    Defer,
    Edge,
    Evaluate,
    Function,
    Go,
    Index,
    Name,
    Op,
    Select,
)  # fmt: skip
from bpflint.model.layout import Codec, Member, Opaque, Pointer, RecordDecl
from bpflint.model.source import Span


def at(line: int) -> Span:
    return Span("a.go", line, 1, line, 2)


MEMBERS = (Member("mu", Opaque("Mutex", "a lock"), at(1)), Member("names", Opaque("map[int]string", "a map"), at(2)))
RECORD = RecordDecl("T", "struct", MEMBERS, "go", Codec.GO, at(1))
SELF = Name("t", 1, Pointer("*", RECORD), storage="parameter")


def names(line: int, base: Name = SELF) -> Select:
    return Select(base, "names", True, "T", span=at(line))


def read(line: int, base: Name = SELF) -> Op:
    return Evaluate(names(line, base), at(line))


def write(line: int, base: Name = SELF) -> Op:
    return Assign(Index(names(line, base), Constant(1)), Constant(2), at(line))


def mutex(line: int, verb: str, base: Name = SELF) -> CallExpr:
    return CallExpr(f"sync.RWMutex.{verb}", (), Select(base, "mu", True, "T"), span=at(line))


def lock(line: int, verb: str = "Lock") -> Op:
    return Call(mutex(line, verb), at(line))


def method(name: str, *ops: Op, blocks: tuple[Block, ...] = ()) -> Function:
    return Function(f"T.{name}", at(1), (SELF,), blocks or (Block(ops),))


def run(name: str, line: int) -> CallExpr:
    return CallExpr(f"T.{name}", (), SELF, span=at(line))


ADD = method("Add", lock(10), write(11), lock(12, "Unlock"))
DROP = method("Drop", lock(20), Defer(mutex(21, "Unlock"), at(21)), write(22))


def found(*functions: Function) -> list[tuple[str, int]]:
    return [(item.lock, touch.span.line) for item in deviations((ADD, DROP, *functions)) for touch in item.without]


def test_a_read_without_the_lock_of_every_write_deviates() -> None:
    assert found(method("Show", read(30))) == [("T::mu", 30)]


def test_a_deferred_unlock_holds_to_the_end() -> None:
    assert [item.under("T::mu") for item in accesses((DROP,))] == [True]


def test_after_the_unlock_nothing_is_held() -> None:
    assert found(method("Show", lock(30), read(31), lock(32, "Unlock"), read(33))) == [("T::mu", 33)]


def test_a_lock_taken_on_one_path_only_tells_nothing_where_they_meet() -> None:
    blocks = (
        Block((), (Edge(1), Edge(2))), Block((lock(30),), (Edge(3),)), Block((), (Edge(3),)), Block((read(33),)),
    )  # fmt: skip
    assert found(method("Show", blocks=blocks)) == []  # nor is it known to be missing: `if !safe { mu.Lock() }`


def test_a_goroutine_starts_with_nothing_held() -> None:
    closure = method("Show.func1", read(33))
    shown = method("Show", lock(30), Go(CallExpr("T.Show.func1", ()), at(31)), lock(32, "Unlock"))
    assert found(shown, closure) == [("T::mu", 33)]


@pytest.mark.parametrize(
    ("why", "functions"),
    [
        ("the read is guarded", (method("Show", lock(30, "RLock"), read(31), lock(32, "RUnlock")),)),
        ("its only caller holds the lock",
         (method("evict", write(31)), method("Trim", lock(40), Call(run("evict", 41), at(41)), lock(42, "Unlock")))),
        ("a closure run on the spot runs under the lock",
         (method("Show.func1", read(33)),
          method("Show", lock(30), Call(CallExpr("sort.Slice", (Name("T.Show.func1", storage="function"),)), at(31))))),
        ("nobody who was read runs it, so its callers may hold the lock", (method("evict", read(31)),)),
        ("its name says that the lock is held", (method("EvictLocked", read(31)),)),
        ("the constructor's object is its own", (method("New", write(31)),)),
        ("a map stored as it is made",
         (method("Start", Assign(names(31), CallExpr("make", ()), at(31))),)),
    ],
)  # fmt: skip
def test_silent(why: str, functions: tuple[Function, ...]) -> None:
    assert found(*functions) == [], why


def test_silent_on_an_object_made_here() -> None:
    own = Name("own", 7, Pointer("*", RECORD), storage="local")
    made = Assign(own, AddressOf(Aggregate(())), at(29))
    assert found(method("Load", made, write(30, own))) == []


def test_an_object_is_new_to_a_function_only_while_each_of_its_callers_made_it() -> None:
    own = Name("own", 7, Pointer("*", RECORD), storage="local")
    made = Assign(own, AddressOf(Aggregate(())), at(29))
    load = method("Load", made, Call(CallExpr("T.fill", (), own, span=at(30)), at(30)))
    later = method("Get", Call(run("mid", 40), at(40))), method("mid", Call(run("fill", 41), at(41)))
    assert found(load, method("fill", read(50))) == []
    assert found(load, *later, method("fill", read(50))) == [("T::mu", 50)]


def test_silent_where_the_lock_lies_in_another_struct() -> None:
    foreign = Call(CallExpr("sync.Mutex.Lock", (), Select(SELF, "state", True, "Manager")), at(9))
    functions = [method(name, foreign, write(line)) for name, line in (("A", 10), ("B", 11), ("C", 12))]
    assert list(deviations((*functions, method("Show", read(30))))) == []


def test_a_write_under_a_read_lock_deviates() -> None:
    assert found(method("Touch", lock(30, "RLock"), write(31)), method("Has", lock(40, "RLock"), read(41))) == [
        ("T::mu", 31)
    ]


def test_a_map_that_is_mostly_unguarded_has_no_guard() -> None:
    assert found(*(method(f"Show{n}", read(30 + n)) for n in range(3))) == []


def _sweep(callee: str) -> tuple[Function, Function]:
    through = Call(CallExpr(callee, (), Name("one", 7), span=at(30)), at(30))
    bare = method("Anon", write(40))
    return method("Sweep", lock(29), through, lock(31, "Unlock")), replace(bare, method_of="T")


def test_a_method_behind_an_interface_is_run_under_its_callers_lock() -> None:
    assert found(*_sweep("Anon")) == []


def test_a_method_of_another_package_by_the_same_name_is_no_caller() -> None:
    assert found(*_sweep("os.File.Anon")) == [("T::mu", 40)]


def test_a_length_is_told_apart_from_a_read() -> None:
    length = Evaluate(CallExpr("len", (names(40),), span=at(40)), at(40))
    (deviation,) = deviations((ADD, DROP, method("Len", length)))
    assert [item.measured for item in deviation.without] == [True]


def test_a_map_that_is_only_replaced_is_never_read_while_it_changes() -> None:
    new = Assign(names(40), Name("other", 8), at(40))
    functions = [method("Set", lock(39), new), method("Get", lock(41), read(42)), method("Show", read(43))]
    assert list(deviations(functions)) == []


def test_what_a_start_does_before_its_goroutine_runs_is_alone() -> None:
    loop = Go(run("Loop", 51), at(51))
    assert found(method("Start", read(50), loop)) == []
    assert found(method("Start", loop, read(52))) == [("T::mu", 52)]
    assert found(method("Later", read(53), loop)) == [("T::mu", 53)]


def test_what_is_run_by_a_start_alone_before_its_goroutine_is_alone_too() -> None:
    loop = Go(run("Loop", 51), at(51))
    assert found(method("Start", Call(run("fill", 50), at(50)), loop), method("fill", read(54))) == []
    assert found(method("Start", loop, Call(run("fill", 52), at(52))), method("fill", read(54))) == [("T::mu", 54)]
    assert found(method("Start", Call(run("Fill", 50), at(50)), loop), method("Fill", read(54))) == [("T::mu", 54)]


def test_what_is_run_alone_runs_others_alone_at_any_depth() -> None:
    start = method("Start", Call(run("one", 50), at(50)), Go(run("Loop", 51), at(51)))
    one, two = method("one", Call(run("two", 60), at(60))), method("two", Call(run("three", 61), at(61)))
    assert found(start, one, two, method("three", read(62))) == []


@pytest.mark.parametrize("names", [("walk",), ("even", "odd")])
def test_a_function_that_comes_back_to_itself_holds_what_its_first_caller_holds(names: tuple[str, ...]) -> None:
    ring = [method(item, read(60), Call(run(after, 61), at(61)))
            for item, after in zip(names, (*names[1:], names[0]), strict=True)]  # fmt: skip
    first = Call(run(names[0], 50), at(50))
    assert found(method("Get", lock(49), first, lock(52, "Unlock")), *ring) == []
    assert found(method("Start", first, Go(run("Loop", 51), at(51))), *ring) == []
    assert found(method("Get", first), *ring) == [("T::mu", 60)] * len(names)


def test_what_a_start_hands_on_before_its_goroutine_may_run_beside_it() -> None:
    loop, handler = Go(run("Loop", 51), at(51)), Name("T.handle", 0, None, at(50), "function")
    register = Call(CallExpr("watcher.OnEvent", (handler,)), at(50))
    assert found(method("Start", register, loop), method("handle", read(54))) == [("T::mu", 54)]
    bound = Call(CallExpr("watcher.OnEvent", (Select(SELF, "handle", True),)), at(50))
    start, handle = method("Start", Call(run("handle", 49), at(49)), bound, loop), method("handle", read(54))
    assert found(start, replace(handle, method_of="T")) == [("T::mu", 54)]


def test_who_runs_beside_whom() -> None:
    functions = [
        method("main", Call(run("Once", 60), at(60))), method("Once"), method("Start", Go(run("Loop", 61), at(61))),
        method("Loop", Call(run("Step", 62), at(62))), method("Step"),
    ]  # fmt: skip
    assert concurrent(functions) == {"T.Start": False, "T.Loop": True, "T.Step": True}
