"""BPF707: is a name compared with what the kernel keeps of it, although it keeps 15 characters?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    Aggregate,
    CallExpr,
    Constant,
    Context,
    Expr,
    Finding,
    Function,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Span,
    Unit,
    calls,
    expressions,
    operations,
    strip,
)  # fmt: skip

_MOST = 15
"""BPF_OBJ_NAME_LEN is 16 with the zero byte at its end (include/uapi/linux/bpf.h)."""
_INFOS = frozenset(("bpf_map_info", "bpf_prog_info"))
_EQUALS = frozenset(("strcmp", "strcasecmp", "__builtin_strcmp"))
_BOUNDED = frozenset(("strncmp", "strncasecmp", "memcmp", "__builtin_strncmp"))
_TOOL = re.compile(r"\bbpftool\b[^|;&]*?\b(?:map|prog)\s+(?!create\b|load)\w+[^|;&]*?\bname\s+([A-Za-z_]\w*)")
"""Not `map create` and `prog load`, whose names are shortened or looked for in an object."""


class MapNameTruncated(Rule):
    """A name of more than 15 characters is looked for where the kernel keeps 15.

    ## What it does
    Finds comparisons of `bpf_map_info.name` or `bpf_prog_info.name` with a longer constant, and calls of bpftool that
    choose a map or a program by a longer name.

    ## Why is this bad
    The kernel stores the first 15 characters of an object's name. The comparison is never equal, and bpftool refuses
    the name.

    ## Example
    ```c
    if (!strcmp(info.name, "connection_stats"))      // 16 characters: the kernel has "connection_stat"
    ```

    ## Use instead
    ```c
    if (!strncmp(info.name, "connection_stats", sizeof(info.name) - 1))
    ```

    ## Known limits
    Names that are not constants are not followed. Pins and lookups in an object go by the full name: they are right.
    """

    meta = RuleMeta(
        code="BPF707", name="map-name-truncated", summary="a name is looked for that the kernel keeps 15 characters of",
        severity=Severity.WARNING, references=("https://docs.ebpf.io/linux/syscall/BPF_OBJ_GET_INFO_BY_FD/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Look at user-side bodies of any language."""
        if unit.side != "user":
            return
        for function in unit.functions:
            for name, span in (*_compared(function), *_asked(function)):
                yield self.finding(
                    span, f"the kernel keeps {_MOST} characters of a name: `{name}` has {len(name)} and is never found",
                    subject=f"{function.name}:{name}",
                )  # fmt: skip


def _compared(function: Function) -> Iterator[tuple[str, Span]]:
    for call, op in calls(function):
        if len(call.args) < 2 or not _whole(call):
            continue
        for one, other in ((0, 1), (1, 0)):
            place, text = strip(call.args[one]), strip(call.args[other])
            if isinstance(place, Select) and place.field == "name" and place.owner in _INFOS and _is_long(text):
                yield str(getattr(text, "value", "")), call.span or op.span


def _whole(call: CallExpr) -> bool:
    """Whether a comparison goes past what the kernel keeps."""
    if call.callee in _EQUALS:
        return True
    size = strip(call.args[2]) if call.callee in _BOUNDED and len(call.args) > 2 else None
    return isinstance(size, Constant) and isinstance(size.value, int) and size.value > _MOST


def _is_long(expr: Expr) -> bool:
    return isinstance(expr, Constant) and isinstance(expr.value, str) and len(expr.value) > _MOST


def _asked(function: Function) -> Iterator[tuple[str, Span]]:
    """`system("bpftool map dump name …")`, `["bpftool", "map", "show", "name", "…"]`."""
    for op in operations(function):
        for expr in expressions(op):
            match expr:
                case Constant(value=str() as text):
                    pass
                case Aggregate(items=items):
                    words = [strip(item).value if isinstance(strip(item), Constant) else "?" for _, item in items]  # type: ignore[union-attr]
                    text = " ".join(str(word) for word in words)
                case _:
                    continue
            for name in _TOOL.findall(text) if "bpftool" in text else ():
                if len(name) > _MOST:
                    yield name, expr.span or op.span
