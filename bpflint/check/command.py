"""What does a loader leave in the kernel? The command runs in a guest, several times, with its libraries."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from bpflint.api import ConfigError, Finding, Rule, Span
from bpflint.check.jobs import Facts, Job
from bpflint.kernels.libraries import closure, machine_of
from bpflint.model.verdict import Kernel, Outcome, Verdict

_ROUNDS = 3
_SECONDS = 60.0


def job_of(command: str) -> Job:
    """Return the job that runs a command; ConfigError where it cannot be split or found."""
    return Job("command", {"argv": list(_argv(command)), "rounds": _ROUNDS}, _SECONDS)


def files_of(command: str, arch: str) -> Mapping[str, bytes]:
    """Return what the command needs in a guest of an architecture, by path without the leading `/`.

    ConfigError where the executable cannot be read; empty where it was built for another architecture.
    """
    program = Path(_argv(command)[0])
    try:
        data = program.read_bytes()
    except OSError as error:
        raise ConfigError(f"--run: {program}: cannot be read: {error.strerror or error}") from None
    starts = [program]
    if data.startswith(b"#!"):
        starts.append(Path(data[2:].split(b"\n")[0].split()[0].decode("utf-8", "replace")))
    elif machine_of(data) != arch:
        return {}
    return {str(path).lstrip("/"): content for path, content in closure(starts).items()}


def _argv(command: str) -> Sequence[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ConfigError(f"--run: '{command}': {error}") from None
    found = shutil.which(words[0]) if words else None
    if found is None:
        raise ConfigError(f"--run: '{words[0] if words else ''}' is no program that can be run here")
    return [str(Path(found).resolve()), *words[1:]]


def findings_of(rule: Rule, command: str, answers: Sequence[tuple[Kernel, Facts]], root: Path) -> Iterator[Finding]:
    """Yield BPF804 where objects stay, or more stay with each round, with the counts of every kernel."""
    left = [(kernel, told) for kernel, answer in answers if "why" not in answer and (told := _left(answer))]
    if not left:
        return
    path = Path(_argv(command)[0])
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    runs = tuple(Outcome(kernel, "confirmed", "", "program", "command", told) for kernel, told in left)
    kernels = ", ".join(str(kernel) for kernel, _ in left)
    finding = rule.finding(
        Span(shown, 1, 1, 1, 1), f"`{command}` on {kernels}: {left[0][1]}", subject=f"run:{path.name}"
    )
    yield replace(finding, verdict=Verdict(runs))


def _left(answer: Facts) -> str:
    """What stays: `leaves 1 map, 1 link; the number grows with each of 3 rounds`."""
    before, after = answer["before"], answer["after"]
    last = {name: after[-1][name] - before[name] for name in before}
    some = [f"{count} {name if count > 1 else name.removesuffix('s')}" for name, count in last.items() if count > 0]
    if not some:
        return ""
    grows = len(after) > 1 and any(
        all(later[name] > earlier[name] for earlier, later in pairwise(after)) for name in before
    )
    more = f"; the number grows with each of {len(after)} rounds" if grows else ""
    codes = sorted(set(answer["exit"]))
    return f"leaves {', '.join(some)} behind{more} (exit {', '.join(map(str, codes))})"
