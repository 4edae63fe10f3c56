"""What opens, closes and merely uses a BPF resource? The protocols that BPF301 and BPF302 follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bpflint.api import (
    CallExpr,
    Confidence,
    Finding,
    Function,
    Leak,
    Pointer,
    Protocol,
    Rule,
    Severity,
    Step,
    Unit,
    leaks,
)

# libbpf.h and the header that `bpftool gen skeleton` writes (libbpf 1.x, doc/libbpf_overview).
_OPENS = re.compile(
    r"^(?:bpf_object__open(?:_file|_mem|_buffer|_xattr)?|(?:\w+__open(?:_opts|_and_load)?)|ring_buffer__new|"
    r"perf_buffer__new(?:_raw|_opts)?|user_ring_buffer__new|bpf_linker__new|btf__parse(?:_elf|_raw|_split)?|"
    r"btf__load_vmlinux_btf|btf__load_from_kernel_by_id|btf_dump__new)$"
)
_NOT_OPENS = ("bpf_map__open", "bpf_link__open", "btf__open")
_CLOSES = re.compile(
    r"^(?:bpf_object__close|\w+__destroy|ring_buffer__free|perf_buffer__free|user_ring_buffer__free|bpf_linker__free|"
    r"btf__free|btf_dump__free)$"
)
_BORROWS = re.compile(
    r"^(?:\w+__load|\w+__attach|\w+__detach|bpf_object__\w+|bpf_map__\w+|bpf_program__\w+|ring_buffer__\w+|"
    r"perf_buffer__\w+|user_ring_buffer__\w+|btf__\w+|btf_dump__\w+|libbpf_get_error|IS_ERR\w*|printf|fprintf|"
    r"bpf_linker__\w+)$"
)
_KINDS = (
    ("ring_buffer__new", "ring_buffer__free"), ("user_ring_buffer__new", "user_ring_buffer__free"),
    ("perf_buffer__new", "perf_buffer__free"), ("bpf_object__open", "bpf_object__close"),
    ("bpf_linker__new", "bpf_linker__free"), ("btf_dump__new", "btf_dump__free"), ("btf__", "btf__free"),
)  # fmt: skip


def _c_opens(call: CallExpr) -> bool:
    return call.receiver is None and bool(_OPENS.match(call.callee)) and call.callee not in _NOT_OPENS


def _c_effect(call: CallExpr) -> str:
    if _CLOSES.match(call.callee):
        return "close"
    return "borrow" if _BORROWS.match(call.callee) else "escape"


def _python_opens(call: CallExpr) -> bool:
    return call.callee in ("bcc.BPF", "BPF")


_PYTHON_BORROWS = re.compile(r"^(?:attach_|detach_|get_|load_func|trace_|perf_buffer_|ring_buffer_|ksym|kprobe|print$)")


def _python_effect(call: CallExpr) -> str:
    if call.callee in ("cleanup", "__exit__", "close"):
        return "close"
    return "borrow" if _PYTHON_BORROWS.match(call.callee) else "escape"


C = Protocol(_c_opens, _c_effect)  # type: ignore[arg-type]
PYTHON = Protocol(_python_opens, _python_effect)  # type: ignore[arg-type]


def closer_of(callee: str) -> str:
    """Return the function that releases what `callee` opened."""
    for opener, closer in _KINDS:
        if callee.startswith(opener):
            return closer
    if callee in ("bcc.BPF", "BPF"):
        return "cleanup()"
    return f"{callee.rsplit('__', 1)[0]}__destroy"


def found_in(unit: Unit, *, elsewhere: bool) -> Iterator[tuple[Function, Leak]]:
    """Yield the leaks of a user-side unit; `elsewhere`: those that another path of the same body does close."""
    if unit.side != "user" or unit.language not in ("c", "python"):
        return
    protocol = C if unit.language == "c" else PYTHON
    for function in unit.functions:
        if unit.language == "python" and function.name in ("<module>", "main"):
            continue  # bcc cleans up when the interpreter exits
        for leak in leaks(function, protocol):
            if unit.language == "c" and not isinstance(leak.variable.type, Pointer):
                continue  # an int is an error code, whatever the function is called
            if leak.closed_elsewhere == elsewhere:
                yield function, leak


def report(rule: Rule, function: Function, leak: Leak, message: str) -> Finding:
    """Return the finding for a leak: `main` ends with the process, so it is said more softly there."""
    # bcc releases what is left when the interpreter exits: a loss only for a process that lives on.
    one_shot = function.name == "main" or leak.call.callee in ("bcc.BPF", "BPF")
    steps = [Step(leak.opened, f"`{leak.variable.name}` is opened"), *(Step(span, "then") for span in leak.path[:8])]
    steps.append(Step(leak.lost, "and the function is left with it open"))
    return rule.finding(
        leak.opened, message, subject=f"{function.name}:{leak.variable.name}:{leak.call.callee}",
        severity=Severity.INFO if one_shot else None, confidence=Confidence.MEDIUM if one_shot else None, flow=steps,
    )  # fmt: skip
