"""BPF411: is a Go map that a lock guards touched without it somewhere?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import PurePosixPath

from bpflint.api import (
    Confidence,
    Context,
    Deviation,
    Finding,
    Related,
    Rule,
    RuleMeta,
    Severity,
    concurrent,
    deviations,
)  # fmt: skip


class GoMapUnguarded(Rule):
    """A Go map is read or written without the mutex that is held at its other places.

    ## What it does
    Infers the guard of each map-typed field and package variable from the package's own habits: the mutex that most
    functions hold which touch it. It reports the others, also a write under a mere read lock. Locks held by every
    caller of a function count as held in it.

    ## Why is this bad
    User-side agents keep Go maps beside BPF maps and reach both from event loops, watchers and timers. A Go map that
    one goroutine writes while another reads is a fatal error that no `recover` stops: the agent dies, and with it the
    programs and links that it holds.

    ## Example
    ```go
    func (t *Tracker) Add(pid uint32, name string) {
        t.mu.Lock()
        defer t.mu.Unlock()
        t.names[pid] = name
    }

    func (t *Tracker) Name(pid uint32) string {
        return t.names[pid]
    }
    ```

    ## Use instead
    ```go
    func (t *Tracker) Name(pid uint32) string {
        t.mu.RLock()
        defer t.mu.RUnlock()
        return t.names[pid]
    }
    ```

    ## Known limits
    Only files that have to do with BPF are read: a function that nothing in them calls and that the package keeps to
    itself is silent. So are constructors, objects that no one else has yet, what runs before a function that starts an
    object has started its goroutines, what only `main` is seen to run, functions named `…Locked`, a lock that is taken
    on some paths only, a map that is only ever replaced as a whole, and one that no lock guards anywhere.
    """

    meta = RuleMeta(
        code="BPF411", name="go-map-unguarded", summary="a Go map is touched without the lock that guards it elsewhere",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM,
        references=("https://go.dev/doc/articles/race_detector",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report one place a function and map, package by package."""
        units = [unit for unit in ctx.project.user_units() if unit.language == "go" and "_test.go" not in unit.path]
        units.sort(key=lambda unit: (str(PurePosixPath(unit.path).parent), unit.path))
        beside = concurrent([function for unit in units for function in unit.functions])
        for _, files in groupby(units, key=lambda unit: PurePosixPath(unit.path).parent):
            for item in deviations([function for unit in files for function in unit.functions]):
                if _may_race(item, beside):
                    yield self._report(item)

    def _report(self, item: Deviation) -> Finding:
        struct, name = item.field
        label = f"{_short(struct)}.{name}" if struct else _short(name)
        first = next((touch for touch in item.without if touch.write), item.without[0])
        lock = ".".join(_short(part) for part in item.lock_path)
        verb = "written" if first.write else "read"
        measured = all(touch.measured for touch in item.without)
        writes = sum(touch.write for touch in item.guarded)
        related = [
            Related(touch.span, "guarded", f"`{lock}` is held here")
            for touch in sorted(item.guarded, key=lambda touch: (not touch.write, touch.span))[:3]
        ]
        how = "under a mere read lock of" if dict(first.held).get(item.lock) == "r" else "without"
        text = (
            f"`{label}` is {verb} here {how} `{lock}`, which is held at {len(item.guarded)} other places "
            f"({writes} of them writes): "
        )
        text += "the number may be old" if measured else "a concurrent map access ends the process"
        return self.finding(
            first.span, text, subject=f"{first.function}:{label}", related=related,
            severity=Severity.INFO if measured else None,
        )  # fmt: skip


def _may_race(item: Deviation, beside: Mapping[str, bool]) -> bool:
    """Whether another goroutine is seen to come here, or whoever has the object may: not what uses it unseen."""
    own = not item.field[0] or _short(item.field[0]) in item.without[0].function.split(".")
    found = beside.get(item.without[0].function)
    return found is not None and (found or own)


def _short(name: str) -> str:
    """`Conn` of `example.org/agent/conn.Conn`."""
    return name.rsplit(".", 1)[-1]
