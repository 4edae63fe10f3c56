"""Is what rules gather of one unit asked where the unit is read, once, and kept for the next run?"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bpflint.api import Context, Finding, Job, Loaded, Reads, Rule, RuleMeta, Settings, Severity, Span, Unit
from bpflint.engine.plugins import Plugins
from bpflint.engine.run import Result, run
from bpflint.kernels.types import TypeSource

from . import toy
from .conftest import Write, request_for


def here(unit: Unit, ctx: Context) -> tuple[str, int, tuple[Span, ...]]:
    return unit.path, os.getpid(), tuple(item.span for item in unit.maps)


def curious(unit: Unit, ctx: Context) -> int:
    return len(ctx.project.units)


class Early(Rule):
    """Tells the process in which it was asked, of each unit."""

    meta = RuleMeta(code="TOY201", name="early", summary="s", severity=Severity.INFO)
    gathers = (here,)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        for unit in ctx.project.units:
            path, pid, spans = ctx.gathered(here, unit)
            yield self.finding(Span(path, 1), f"{pid} {len(spans)}", subject=path)


def known(unit: Unit, ctx: Context) -> tuple[int, bool | None]:
    return os.getpid(), ctx.catalogue.has_function(ctx.known_kernels[0], "tcp_sendmsg")


class OfKernels(Early):
    """Asks kernels, of each unit."""

    meta = RuleMeta(code="TOY204", name="of-kernels", summary="s", severity=Severity.INFO)
    gathers = ()
    gathers_in_bulk = (known,)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        for unit in ctx.project.units:
            pid, there = ctx.gathered(known, unit)
            yield self.finding(Span(unit.path, 1), f"{there} {pid != os.getpid()}", subject=unit.path)


class Late(Early):
    """The same, not named for the workers."""

    meta = RuleMeta(code="TOY202", name="late", summary="s", severity=Severity.INFO)
    gathers = ()


class Curious(Early):
    """Looks at what it must not look at."""

    meta = RuleMeta(code="TOY203", name="curious", summary="s", severity=Severity.INFO)
    gathers = (curious,)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        for unit in ctx.project.units:
            ctx.gathered(curious, unit)
        return ()


class OwnFile(toy.ToyFrontEnd):
    def load(self, job: Job, settings: Settings) -> Loaded:
        return replace(super().load(job, settings), reads=Reads((job.path,)))


def scanned(folder: Path, rule: Rule, cache: Path | None = None) -> Result:
    time.sleep(0.06)  # a file of this moment is not kept
    request = request_for(folder, ("",))
    settings = replace(request.settings, cache_dir=cache)
    return run(replace(request, settings=settings), Plugins(lambda: (rule,), (OwnFile(),)))


def said(result: Result) -> list[str]:
    return [item.message for item in result.report.findings]


def test_a_named_function_is_asked_in_the_worker(tmp_path: Path, write: Write) -> None:
    for name in "ab":
        write(f"{name}.toy", "program p\nmap m\n")
    for message in said(scanned(tmp_path, Early())):
        assert message.endswith(" 1")
        assert not message.startswith(f"{os.getpid()} ")


def test_of_a_single_file_it_is_asked_here_while_there_is_nothing_else_to_do(tmp_path: Path, write: Write) -> None:
    write("a.toy", "program p\nmap m\n")
    assert said(scanned(tmp_path, Early())) == [f"{os.getpid()} 1"]


def test_what_a_single_file_uncovers_is_asked_in_the_worker(tmp_path: Path, write: Write) -> None:
    write("a.toy", "program p\nembed map m\n")
    first, second = (item[f"{__name__}.here"] for item in scanned(tmp_path, Early()).harvest.gathered)
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert first[1] == os.getpid() != second[1]


def test_another_is_asked_when_it_is_wanted(tmp_path: Path, write: Write) -> None:
    write("a.toy", "program p\nmap m\n")
    assert said(scanned(tmp_path, Late())) == [f"{os.getpid()} 1"]


def test_the_next_run_takes_what_was_kept_and_asks_of_what_changed(tmp_path: Path, write: Write) -> None:
    folder, cache = tmp_path / "project", tmp_path / "cache"
    for name in "ab":
        write(f"project/{name}.toy", "program p\nmap m\n")
    first = scanned(folder, Early(), cache)
    again = scanned(folder, Early(), cache)
    assert said(again) == said(first)
    assert all(item.packed() is None for item in again.harvest.gathered)
    write("project/b.toy", "program p\nmap m\nmap n\n")
    third = scanned(folder, Early(), cache)
    assert said(third)[0] == said(first)[0]
    assert said(third)[1].endswith(" 2")


def test_what_kernels_answered_a_worker_is_known_to_the_next_run(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpflint.engine.local._BULK", 0)
    folder, cache = tmp_path / "project", tmp_path / "cache"
    for name in "ab":
        write(f"project/{name}.toy", "program p\n")
    first = scanned(folder, OfKernels(), cache)
    assert said(first) == ["True True"] * 2
    assert [answer for (question, *_), answer in first.harvest.answers.items() if question == "function"] == [True]
    monkeypatch.setattr(TypeSource, "has_function", None)  # whoever asks kernels now crashes
    write("project/b.toy", "program p\nmap m\n")
    second = scanned(folder, OfKernels(), cache)
    assert said(second) == ["True True", "True False"]
    assert not second.report.problems


def test_kernels_are_asked_here_where_no_worker_has_read_many_files(tmp_path: Path, write: Write) -> None:
    for name in "ab":
        write(f"{name}.toy", "program p\n")
    assert said(scanned(tmp_path, OfKernels())) == ["True False"] * 2


def test_what_looks_at_the_project_is_a_crash_of_the_rule(tmp_path: Path, write: Write) -> None:
    write("a.toy", "program p\n")
    result = scanned(tmp_path, Curious())
    (problem,) = result.report.problems
    assert problem.code == "BPF099"
    assert "must not look at the project (units)" in problem.message
