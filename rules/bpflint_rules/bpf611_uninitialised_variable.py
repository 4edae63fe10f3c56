"""BPF611: is a variable read that nothing has set?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity, Span, Unit, calls, unset_reads

_OPTIONS = ("-Wuninitialized", "-Wsometimes-uninitialized")


class UninitialisedVariable(Rule):
    """A local variable is read on a path where nothing has given it a value.

    ## What it does
    Reports the compiler's own `-Wuninitialized`, which BPF build systems rarely switch on. The compiler says nothing
    of a file once a header of it is missing; there a walk of our own finds what is unset on every path to a read.

    ## Why is this bad
    The verifier refuses reads of stack bytes that were never written; where the compiler folds them away instead, the
    value is arbitrary: a key that matches nothing, an event with a stranger's bytes. In user space a pointer that
    nobody has set goes to `bpf_map_get_next_key()`, and the walk over the map starts anywhere.

    ## Example
    ```c
    u64 mntns_id;
    key.mntns_id = mntns_id;
    ```

    ## Use instead
    ```c
    u64 mntns_id = gadget_get_current_mntns_id();
    ```

    ## Known limits
    Only plain variables: members of structs are BPF112's to follow. A variable set on some paths only is reported
    where the compiler sees that one outcome of a test always leads to its use.
    """

    meta = RuleMeta(
        code="BPF611", name="uninitialised-variable", summary="a variable is read that nothing has set",
        severity=Severity.ERROR, references=("https://clang.llvm.org/docs/DiagnosticsReference.html#wuninitialized",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report what the compiler saw, and what it could not look at."""
        if unit.origin or unit.language != "c":
            return  # text put together from branches: a mix that no run makes may look uninitialised
        told = set[tuple[str, int]]()
        for function, name, span, text in (*_seen_by_compiler(unit), *_unseen(unit)):
            if (name, span.line) not in told:
                told.add((name, span.line))
                yield self.finding(span, text, subject=f"{function}:{name}")


_Read = tuple[str, str, Span, str]
"""A function, a variable, where it is read, and the message."""


def _seen_by_compiler(unit: Unit) -> Iterator[_Read]:
    asked = set(_asked_of_types(unit))
    for item in unit.diagnostics:
        if item.option in _OPTIONS and item.span.line not in asked:
            name = item.message.split("'")[1] if item.message.count("'") >= 2 else ""
            text = f"`{name}` is read here, but nothing has set it" if name else item.message
            if "within its own initialization" in item.message:
                text = f"`{name}` is read in its own initialiser"
            elif "whenever" in item.message:
                when = item.message[item.message.index("whenever") :]
                text = f"`{name}` is read further on, but nothing has set it {when}"
            yield item.function, name, item.span, text


def _asked_of_types(unit: Unit) -> Iterator[int]:
    """Lines that ask whether a type has a member (`bpf_core_field_exists(old->call)`): no pointer is followed."""
    for function in unit.functions:
        for call, op in calls(function):
            if call.callee.startswith("__builtin_preserve_"):
                yield (call.span or op.span).line


def _unseen(unit: Unit) -> Iterator[_Read]:
    """Reads in what is plain C: a C++ reference gives a value without a trace."""
    for function in unit.functions if unit.path.endswith((".c", ".h")) else ():
        for read in () if function.incomplete else unset_reads(function):
            text = f"`{read.name.name}` is read here, but nothing has set it"
            yield function.name, read.name.name, read.span, text
