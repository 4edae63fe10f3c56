"""BPF514: does a program that is to run on older kernels load BPF without raising the memlock limit?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from bpflint.api import CallExpr, Context, Finding, Function, Related, Rule, RuleMeta, Severity, Unit, calls, facts
from bpflint_rules._lifetimes import is_entry, is_example, short
from bpflint_rules._modernise import allows_gate

_Found = tuple[Unit, Function, CallExpr]
_TEST = re.compile(r"(?i)(?:^|[_.:])tests?(?:_|$)|_test_")
_CHAIN = 6
"""How many callers the path to the loader may show."""


class MemlockNotRaised(Rule):
    """A program loads maps or programs, and nothing in the project raises `RLIMIT_MEMLOCK`.

    ## What it does
    Looks for calls that create maps or load programs through a library that leaves the limit alone: cilium/ebpf, aya,
    libbpf's calls from before 1.0. It speaks once a project, where it has a `main` and no file names the limit. The
    callers up to the entry are related places: the limit is raised best where the process starts. Where C leaves the
    limit to libbpf's own probe (`libbpf_set_strict_mode`), that call is named.

    ## Why is this bad
    Kernels before 5.11 count the memory of maps and programs against `RLIMIT_MEMLOCK`, 64 KiB by default: the load
    fails with EPERM, which reads like a missing capability. libbpf's probe takes a distribution's kernel that has but
    one feature of 5.11 for a newer one, and does not raise the limit there.

    ## Example
    ```go
    func main() {
        var objs probeObjects
        if err := loadProbeObjects(&objs, nil); err != nil {
            log.Fatal(err)
        }
    ```

    ## Use instead
    ```go
        if err := rlimit.RemoveMemlock(); err != nil {
            log.Fatal(err)
        }
    ```

    ## Known limits
    A hint (info) unless `min-kernel` names a kernel before 5.11; silent from 5.11 on. A limit that a service manager
    or a container sets is not seen. libbpf from 1.0, bcc, libbpf-rs and libbpfgo see to the limit themselves.
    """

    meta = RuleMeta(
        code="BPF514", name="memlock-not-raised", summary="BPF is loaded without raising the memlock limit",
        severity=Severity.WARNING, cross_file=True,
        references=("https://docs.ebpf.io/ebpf-library/libbpf/userspace/libbpf_set_strict_mode/",
                    "https://github.com/falcosecurity/falco/issues/2626"),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report the first load of a project that nowhere names the limit."""
        units = [unit for unit in ctx.project.user_units() if not is_example(unit.path)]
        if allows_gate("memcg-memory", ctx) or any("memlock" in unit.sources for unit in ctx.project.units):
            return
        probed = min(_calls(units, "probes"), key=_place, default=None)
        found = min(_calls(units, "loads"), key=_place, default=None)
        severity = None if ctx.settings.min_kernel else Severity.INFO
        if probed is not None:
            unit, function, call = probed
            message = (
                f"`{call.callee}()` leaves RLIMIT_MEMLOCK to libbpf's probe, which takes distribution kernels before "
                f"5.11 with backports for newer ones: {facts.memlock()[unit.language].advice} the first load"
            )
        elif found is not None and _is_program(found[0], units):
            unit, function, call = found
            message = (
                f"{short(call.callee)}() takes memory that kernels before 5.11 count against RLIMIT_MEMLOCK (64 KiB), "
                f"and nothing in the project raises it: {facts.memlock()[unit.language].advice} it"
            )
        else:
            return
        yield self.finding(
            call.span or function.span, message, subject=f"{function.name}:{call.callee}", severity=severity,
            related=_callers(function, unit, units),
        )  # fmt: skip


def _calls(units: Iterable[Unit], what: str) -> Iterator[_Found]:
    """The calls of a row of facts/memlock.toml, tests' own apart."""
    for unit in units:
        row = facts.memlock().get(unit.language)
        patterns: tuple[str, ...] = getattr(row, what) if row is not None else ()
        own = {item.name for item in unit.functions} if unit.language == "c" else ()
        for function in unit.functions if patterns else ():
            if _TEST.search(function.name):
                continue
            for call, _ in calls(function):
                if call.callee not in own and _is_one(call.callee, patterns) and not _is_one(function.name, patterns):
                    yield unit, function, call


def _place(found: _Found) -> tuple[str, int]:
    unit, function, call = found
    return unit.path, (call.span or function.span).line


def _is_one(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, item) for item in patterns)


def _is_program(unit: Unit, units: Iterable[Unit]) -> bool:
    """Whether the project is more than a library: it has an entry of its own in this language."""
    if unit.language != "c":
        return "program" in unit.sources
    return any(function.name == "main" for item in units if item.language == "c" for function in item.functions)


def _callers(function: Function, unit: Unit, units: list[Unit]) -> list[Related]:
    """The calls that lead from the entry to a function, innermost first, each found first in order of files."""
    chain: list[Related] = []
    seen = {function.name}
    sites = [(call, item) for other in units if other.language == unit.language for item in other.functions
             for call, _ in calls(item)]  # fmt: skip
    while not is_entry(function) and len(chain) < _CHAIN:
        wanted = function.name
        found = next((site for site in sites if site[0].callee == wanted and site[1].name not in seen), None)
        if found is None:
            break
        call, function = found
        seen.add(function.name)
        chain.append(Related(call.span or function.span, "caller", f"`{short(function.name)}` comes here"))
    return chain
