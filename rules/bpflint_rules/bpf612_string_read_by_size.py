"""BPF612: is a NUL-terminated string read by the size of the buffer?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Array,
    Call,
    Confidence,
    Constant,
    Context,
    Expr,
    Finding,
    Fix,
    Function,
    Name,
    Pointer,
    Rule,
    RuleMeta,
    Scalar,
    Select,
    Severity,
    SizeOf,
    Unit,
    base_of,
    show,
    strip,
)  # fmt: skip
from bpflint_rules._fixes import rename
from bpflint_rules._flow import Site, argument
from bpflint_rules._maps import Maps, maps_of

_USER = frozenset(("bpf_probe_read_user", "bpf_core_read_user"))
_KERNEL = frozenset(("bpf_probe_read_kernel", "bpf_probe_read", "bpf_core_read"))
_STRING = re.compile(r"name|host|path|file|cmd|str|query|func|method|class|url|uri|domain|text|argv?$|symbol", re.I)
_PAYLOAD = re.compile(r"buf|data|payload|msg|message|content|body|raw|bytes|packet|chunk|iov|comm$|addr", re.I)
_HASHED = frozenset(("hash", "percpu_hash", "lru_hash", "lru_percpu_hash"))
_COUNTS = frozenset(("increment", "atomic_increment"))


class StringReadBySize(Rule):
    """A string that ends with NUL is read as if it filled the buffer.

    ## What it does
    Finds probe reads of a whole `char` array from a `char *`, or from an untyped user pointer into an array whose name
    speaks of a string, with a helper that does not stop at the NUL. Reads of kernel strings count where the array is
    part of a hash map's key.

    ## Why is this bad
    The read goes on behind the string. Where it ends close to an unmapped page the whole read fails, and the buffer is
    zero. The bytes behind the NUL stay in the buffer: equal strings become different keys of a map, and leak.

    ## Example
    ```c
    bpf_probe_read_user(&event.host, sizeof(event.host), name);
    ```

    ## Use instead
    ```c
    bpf_probe_read_user_str(&event.host, sizeof(event.host), name);
    ```

    ## Known limits
    Whether memory holds a string is told by types and names; buffers that are named like payloads are left alone.
    """

    meta = RuleMeta(
        code="BPF612", name="string-read-by-size", summary="a string is read by the size of its buffer",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM,
        references=("https://github.com/iovisor/bcc/commit/3297b35aaf6f735df54e3706b1e490777b1ce3bb",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each such read."""
        if unit.side != "bpf" or unit.language != "c":
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            for site in maps.sites(function):
                yield from self._read(site, function, maps)

    def _read(self, site: Site, function: Function, maps: Maps) -> Iterator[Finding]:
        callee = site.call.callee
        target, size, source = (argument(site.call, position) for position in range(3))
        if callee not in _USER | _KERNEL or target is None or size is None or source is None or site.call.macro:
            return
        place = _array(target)
        if place is None or not _is_whole(size, place) or not _is_string(source, place, typed=callee in _KERNEL):
            return
        key = _is_key(place, function, maps)
        if callee in _KERNEL and not key:
            return
        why = "the bytes behind it make keys differ" if key else "it fails where the string ends near an unmapped page"
        instead = f"{'bpf_probe_read_kernel' if callee == 'bpf_probe_read' else callee}_str"
        yield self.finding(
            site.span, f"`{show(place)}` takes all its bytes from a string that ends before: {why}; use {instead}()",
            subject=f"{function.name}:{show(place)}", fixes=_fixes(site, instead),
        )  # fmt: skip


def _array(target: Expr) -> Name | Select | None:
    """The `char` array that a read fills from its first byte."""
    inner = strip(target)
    place = strip(inner.place) if isinstance(inner, AddressOf) else inner
    if not isinstance(place, Name | Select) or not isinstance(place.type, Array) or not _is_char(place.type.element):
        return None
    return place


def _is_char(type_: object) -> bool:
    return isinstance(type_, Scalar) and type_.kind == "char"


def _is_whole(size: Expr, place: Name | Select) -> bool:
    inner, type_ = strip(size), place.type
    if not isinstance(type_, Array) or type_.length is None:
        return False
    if isinstance(inner, SizeOf):
        measured = inner.operand
        return isinstance(measured, Array) and measured.length == type_.length and _is_char(measured.element)
    return isinstance(inner, Constant) and inner.value == type_.length


def _is_string(source: Expr, place: Name | Select, *, typed: bool) -> bool:
    inner = strip(source)
    named, origin = _last(place), _last(inner)
    if isinstance(inner.type, Array) or isinstance(inner, AddressOf) or _PAYLOAD.search(named):
        return False
    if _PAYLOAD.search(origin):
        return False
    if isinstance(inner.type, Pointer) and _is_char(inner.type.pointee):
        return True
    untyped = not isinstance(inner.type, Pointer) or isinstance(inner.type.pointee, Scalar) is False
    return not typed and untyped and bool(_STRING.search(named))


def _last(place: Expr) -> str:
    return place.field if isinstance(place, Select) else place.name if isinstance(place, Name) else ""


def _is_key(place: Expr, function: Function, maps: Maps) -> bool:
    root = base_of(place)
    if not isinstance(root, Name) or not root.decl:
        return False
    keys = [item.key for item in maps.calls(function) if item.map is not None and item.map.kind in _HASHED]
    keys += [site.call.args[0] for site in maps.sites(function) if site.call.callee in _COUNTS and site.call.args]
    return any(isinstance(item, Name) and item.decl == root.decl for key in keys if key for item in [base_of(key)])


def _fixes(site: Site, instead: str) -> list[Fix]:
    """The string helper returns a length, not 0: only a call whose result is dropped is changed."""
    op = site.function.blocks[site.at.block].ops[site.at.index]
    if not isinstance(op, Call) or op.call is not site.call or op.result is not None:
        return []
    return rename(site.call, instead)
