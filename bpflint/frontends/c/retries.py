"""Which second parse may go better than the first? One reading of the errors, one change of the request each.

A program leans on things that a build gives and a source tree does not show: a macro on the command line, a header that
another one used to include, an older libbpf. Each remedy answers one such thing, is asked only after errors that point
to it, and is kept only where fewer errors are left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from clang import cindex

from bpflint import headers
from bpflint.frontends.c.parse import Request, error_text
from bpflint.frontends.c.pch import HEADER
from bpflint.frontends.c.skeletons import repaired
from bpflint.model.patterns import pattern

_MOST = 5
"""Parses after the first; every program seen needed two at most."""
_REPAIRS = 3
_UNKNOWN = r"(?:unknown type name|undeclared identifier|incomplete type|incomplete definition of type) '"
_LANGUAGE = {
    "stdbool.h": pattern(r"(?:unknown type name|undeclared identifier) '(?:bool|true|false)'"),
    "stddef.h": pattern(r"(?:unknown type name|undeclared identifier) '(?:size_t|NULL)'"),
}
"""What the headers of the language itself declare."""
_OLD_MAP = pattern(r"'struct bpf_map_def'")
_OLD_BUFFER = pattern(r"(?:field designator|no member named) '(?:sample_cb|lost_cb)'")
_OWN_LIBBPF = pattern(r"static declaration of '(?:bpf|btf|perf|ring)\w*' follows non-static")
_KFUNC = pattern(r"undeclared identifier '[a-z]+_\w+'")
_UAPI = pattern(_UNKNOWN + r"(?:BPF_\w+|XDP_\w+|struct (?:__sk_buff|xdp_md|bpf_\w+))'")
_CLASH = pattern(
    r"(?:use of|redefinition of(?: enumerator)?) '([A-Za-z]\w*)'(?: with tag type that does not match|$| as different)",
    re.M,
)
_OWN_HELPER = pattern(r"(?:redefinition|redeclaration) of '(bpf_\w+)'")
_HELPER_NUMBER = pattern(r"undeclared identifier '(BPF_FUNC_\w+)'")
_NO_HELPER = 1 << 30
"""No kernel counts its helpers so far: `__BPF_FUNC_MAX_ID` of Linux 7.3 is 212."""
_INCOMPLETE = pattern(_UNKNOWN + r"|never completed")
_INTERNAL = pattern(r"'(?:linux|net|trace|block|crypto)/[\w/.-]+' file not found")
_KERNEL = pattern(_UNKNOWN + r"|file not found")
_CONSTANT = pattern(r"undeclared identifier '(_*[A-Z][A-Z0-9_]+)'")
_INTEGER = pattern(r"(?:unknown type name|undeclared identifier) '((?:__)?(u|s|uint|int)(8|16|32|64)(?:_t)?)'")
_POSIX = {
    "clock_t": "long", "clockid_t": "int", "dev_t": "unsigned int", "gid_t": "unsigned int", "ino_t": "unsigned long",
    "key_t": "int", "loff_t": "long long", "mode_t": "unsigned int", "off_t": "long", "pid_t": "int", "ssize_t": "long",
    "time_t": "long", "timer_t": "int", "uid_t": "unsigned int",
}  # fmt: skip
"""What the kernel's linux/types.h makes of asm-generic/posix_types.h on 64 bits; BTF has only what a kernel uses."""
_TYPE_NAME = pattern(r"unknown type name '(\w+)'")
_MEASURED = pattern(r"\b(?:sizeof|typeof|__typeof__)\s*\(\s*(\w+)\s*\)|\b__type\s*\(\s*\w+\s*,\s*(\w+)\s*\)")
"""What is measured so may be a type, though clang calls it an identifier."""
_TRACEPOINT = pattern(r"incomplete definition of type 'struct (tracepoint__[a-z0-9]+__(\w+))'")
_INCLUDES_HEADER = pattern(r'^[ \t]*#[ \t]*include[ \t]*["<](?:[\w./-]*/)?vmlinux\.h[">]', re.M)
_DEFS = headers.ROOT / "libbpf" / "bpf" / "bpf_helper_defs.h"
_BPF_H = headers.ROOT / "uapi" / "linux" / "bpf.h"
_MADE = "/bpflint"
"""The folder of the headers that a remedy makes up; nothing is written there."""
KFUNCS = "BPF_KFUNC_PROTOTYPES"
"""What our own vmlinux.h asks before it declares kfuncs: programs that declare them by themselves differ in a word."""

Remedy = Callable[[Request, str], Request | None]


def remedies(request: Request) -> Sequence[Remedy]:
    """Return what may be tried for a kind of source, the cheapest and most certain first."""
    return {"user": _USER_REMEDIES, "bcc": _BCC_REMEDIES, "bpf": _REMEDIES}[request.kind]


def helps(request: Request, errors: Sequence[str]) -> bool:
    """Return whether any remedy answers the errors of a parse."""
    told = "\n".join(errors)
    return bool(errors) and any(remedy(request, told) is not None for remedy in remedies(request))


def better(
    request: Request, unit: cindex.TranslationUnit, parse: Callable[[Request], cindex.TranslationUnit]
) -> tuple[Request, cindex.TranslationUnit]:
    """Return the request and tree with the fewest errors among the given one and its remedies."""
    request, unit = _with_skeletons(request, unit, parse)
    errors = error_text(unit)
    tried = 0
    for remedy in remedies(request):
        if not errors or tried == _MOST:
            break
        other = remedy(request, "\n".join(errors))
        if other is None:
            continue
        tried += 1
        attempt = parse(other)
        left = error_text(attempt)
        if len(left) < len(errors):
            request, unit, errors = other, attempt, left
    return request, unit


def _with_skeletons(
    request: Request, unit: cindex.TranslationUnit, parse: Callable[[Request], cindex.TranslationUnit]
) -> tuple[Request, cindex.TranslationUnit]:
    """A skeleton that was guessed from text is put right by what clang misses in it."""
    for _ in range(_REPAIRS):
        other = repaired(request, unit)
        if other is None:
            break
        request, unit = other, parse(other)
    return request, unit


def _force(request: Request, name: str) -> Request | None:
    return None if name in request.forced else replace(request, forced=(*request.forced, name))


def _write(request: Request, path: str, lines: Sequence[str]) -> Request:
    """Force a header that is made up."""
    text = "".join(f"{line}\n" for line in lines)
    return replace(request, texts={**(request.texts or {}), path: text}, forced=(*request.forced, path))


def _define(request: Request, name: str) -> Request | None:
    return None if name in request.defines else replace(request, defines=(*request.defines, name))


def _own_helper(request: Request, errors: str) -> Request | None:
    """A program that declares a helper itself was written against a libbpf that lacked it: ours then lacks it too."""
    names = set(_OWN_HELPER.findall(errors))
    if not names:
        return None
    text = _DEFS.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not any(f"(* const {name})" in line for name in names)]
    return replace(request, texts={**(request.texts or {}), str(_DEFS): "\n".join(kept) + "\n"})


def _legacy_libbpf(request: Request, errors: str) -> Request | None:
    """Older than libbpf 1.0: `struct bpf_map_def` came from bpf_helpers.h."""
    return _define(request, headers.LEGACY_LIBBPF) if _OLD_MAP.search(errors) else None


def _old_buffers(request: Request, errors: str) -> Request | None:
    """Older than libbpf 1.0: the callbacks of a perf buffer stood in its options."""
    return _define(request, headers.LEGACY_LIBBPF) if _OLD_BUFFER.search(errors) else None


def _libbpf_features(request: Request, errors: str) -> Request | None:
    """A configure script asks what libbpf offers; ours offers all of it, so that stand-ins would be second ones."""
    names = [name for name in request.asked if name.startswith("HAVE_LIBBPF_") and name not in request.defines]
    return replace(request, defines=(*request.defines, *names)) if names and _OWN_LIBBPF.search(errors) else None


def _kfuncs(request: Request, errors: str) -> Request | None:
    """A kfunc is used without a declaration, as bpftool's newer headers allow."""
    return _define(request, KFUNCS) if _KFUNC.search(errors) else None


def _partial_vmlinux(request: Request, errors: str) -> Request | None:
    """The project's own vmlinux.h declares a few types only, so that the UAPI headers must give theirs."""
    return _define(request, headers.PARTIAL_VMLINUX) if _INCOMPLETE.search(errors) else None


def _uapi(request: Request, errors: str) -> Request | None:
    """bpf_helpers.h of old, or of iproute2, included linux/bpf.h."""
    return _force(request, "linux/bpf.h") if _UAPI.search(errors) else None


def _kernel_of_its_own(request: Request, errors: str) -> Request | None:
    """A header calls a helper by a number that only a patched kernel's `linux/bpf.h` has: it gets one that none has."""
    path = f"{_MADE}/helper_numbers.h"
    asked = set(_HELPER_NUMBER.findall(errors))
    if not asked or path in request.forced:
        return None
    names = sorted(asked.difference(re.findall(r"\b(BPF_FUNC_\w+) =", _BPF_H.read_text(encoding="utf-8"))))
    lines = [f"enum {{ {name} = {_NO_HELPER + number} }};" for number, name in enumerate(names)]
    return _write(request, path, lines) if lines else None


def _language(request: Request, errors: str) -> Request | None:
    """`bool` or `size_t` was left to a header we do not have."""
    names = [name for name, asks in _LANGUAGE.items() if asks.search(errors) and name not in request.forced]
    return replace(request, forced=(*request.forced, *names)) if names else None


def _vmlinux_macro(request: Request, errors: str) -> Request | None:
    """A header asks by `#ifdef` whether types come from vmlinux.h, and the build says so on the command line."""
    names = [name for name in request.asked if "VMLINUX" in name and name not in request.defines]
    return replace(request, defines=(*request.defines, *names)) if names and _INCOMPLETE.search(errors) else None


def _kernel_macro(request: Request, errors: str) -> Request | None:
    """A header shared with user space keeps its BPF part behind `#ifdef __KERNEL__`."""
    asks = "__KERNEL__" in request.asked and _INCOMPLETE.search(errors)
    return _define(request, "__KERNEL__") if asks else None


def _kernel(request: Request, errors: str) -> Request | None:
    """Compiled inside a kernel's tree: what its internal headers give comes from vmlinux.h."""
    return request.kernel() if request.kernel is not None and _KERNEL.search(errors) else None


def _own_names(request: Request, errors: str) -> Request | None:
    """The program has a type of its own whose name a newer kernel took: the kernel's is given another one."""
    names = sorted(set(_CLASH.findall(errors)))
    if not names or (HEADER not in request.forced and not _INCLUDES_HEADER.search(_text(request))):
        return None
    on, off = f"{_MADE}/kernel_names.h", f"{_MADE}/own_names.h"
    texts = {
        **(request.texts or {}), on: "".join(f"#define {name} kernel_{name}\n" for name in names),
        off: "".join(f"#undef {name}\n" for name in names),
    }  # fmt: skip
    at = request.forced.index(HEADER) if HEADER in request.forced else 0  # its guard passes over the program's own line
    after = request.forced[at + 1 :] if HEADER in request.forced else request.forced
    return replace(request, texts=texts, forced=(*request.forced[:at], on, HEADER, off, *after))


def _text(request: Request) -> str:
    given = (request.texts or {}).get(request.path)
    if given is not None:
        return given
    try:
        return Path(request.path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _kernel_headers(request: Request, errors: str) -> Request | None:
    """A header that only a kernel's tree has is missing: nothing else will help before that."""
    return request.kernel() if request.kernel is not None and _INTERNAL.search(errors) else None


def _build(request: Request, errors: str) -> Request | None:
    """A build script defines constants, and a header that it brings along the integer types: of those the value is not
    known, and where a length asks for it the error stays, as it does for what may be a type."""
    lines = []
    for name, kind, bits in sorted(set(_INTEGER.findall(errors))):
        if len(kind) == 1 and not name.endswith("_t"):  # the kernel's own `u32`
            lines += ["#include <linux/types.h>", f"typedef __{kind}{bits} {name};"]
        else:
            lines.append(f"typedef __{'U' if kind[0] == 'u' else ''}INT{bits}_TYPE__ {name};")
    unknown = set(_TYPE_NAME.findall(errors))
    lines += [f"typedef {_POSIX[name]} {name};" for name in sorted(unknown & _POSIX.keys())]
    types = {*unknown, *(name for pair in _MEASURED.findall(_text(request)) for name in pair)}
    lines += [f"extern const int {name};" for name in sorted(set(_CONSTANT.findall(errors)) - types)]
    path = f"{_MADE}/build.h"
    return _write(request, path, lines) if lines and path not in request.forced else None


def _context_type(request: Request, errors: str) -> Request | None:
    """`struct CTXTYPE` is how bcc's examples, and those who learned from them, serve XDP and tc with one text."""
    if "'struct CTXTYPE'" not in errors:
        return None
    return _define(request, "CTXTYPE=xdp_md" if "xdp" in _text(request).lower() else "CTXTYPE=__sk_buff")


def _tracepoint_records(request: Request, errors: str) -> Request | None:
    """bcc makes `tracepoint__sched__x` from the event's format; BTF has the same record as `trace_event_raw_x`."""
    names = [f"{name}=trace_event_raw_{event}" for name, event in sorted(set(_TRACEPOINT.findall(errors)))]
    return replace(request, defines=(*request.defines, *names)) if names else None


_USER_REMEDIES: tuple[Remedy, ...] = (_libbpf_features, _old_buffers, _language)
_BCC_REMEDIES: tuple[Remedy, ...] = (_own_names, _context_type, _tracepoint_records, _build)
"""The rest is given with each text: bcc's own headers, all of vmlinux.h."""
_REMEDIES: tuple[Remedy, ...] = (
    _kernel_headers, _own_helper, _kernel_of_its_own, _legacy_libbpf, _vmlinux_macro, _kernel_macro, _kfuncs, _language,
    _partial_vmlinux, _uapi, _kernel, _kernel_of_its_own, _legacy_libbpf, _own_names, _build,
)  # fmt: skip
