"""BPF116: does a shared struct use a type that the kernel and the C library define with other widths?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Array,
    Cause,
    Codec,
    Context,
    EvidenceKind,
    Finding,
    Member,
    MismatchKind,
    Pair,
    RecordDecl,
    Rule,
    RuleMeta,
    Severity,
    Type,
)  # fmt: skip
from bpflint_rules._pairs import confidence_of, led_by, pair_finding, where

_BPF = "bpfel"
_NARROW = ("arm", "i386")
_COMPILER = frozenset(("long", "size_t", "ssize_t", "bool", "wchar_t"))
"""Names that spell the platform's own widths: BPF107's."""


class KernelLibcTypeWidth(Rule):
    """A shared struct has a `dev_t`, `sigset_t`, `nlink_t`, `timer_t` or another name with two meanings.

    ## What it does
    Compares both sides of each pair; where the difference is a member whose type name both sides have, but made of
    other bytes, that name is the cause. Where the configured targets agree, it names 32-bit targets that would not
    (`time_t`, `ino_t`, `off_t`).

    ## Why is this bad
    `vmlinux.h` has the kernel's types: `dev_t` is 32 bits there and 64 in glibc, with major and minor encoded another
    way. One line in a shared header declares two structs.

    ## Example
    ```c
    struct key { ino_t ino; dev_t dev; };     // included by both sides
    ```

    ## Use instead
    ```c
    struct key { __u64 ino; __u32 dev; };     // user space: new_encode_dev() of st_dev
    ```

    ## Known limits
    Widths are those of glibc with default flags; another C library or `_TIME_BITS=64` may differ.
    """

    meta = RuleMeta(
        code="BPF116", name="kernel-libc-type-width", summary="a type name has other widths in the kernel and in libc",
        severity=Severity.ERROR, cross_file=True,
        references=("https://github.com/libbpf/libbpf/issues/433", "https://github.com/iovisor/bcc/issues/3777"),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report what differs on a configured target, else what would on a 32-bit one."""
        theirs = pair.user.type
        if not isinstance(theirs, RecordDecl) or not isinstance(pair.bpf.type, RecordDecl):
            return
        hits = led_by(pair, ctx, tuple(MismatchKind), (Cause.KERNEL_TYPE,))
        if hits:
            lead = hits[0][1]
            cause = next(_named(pair.bpf.type, ctx, ctx.settings.targets), None)
            name = f" (`{cause[1]}`)" if cause else ""
            message = (
                f"`{lead.user_path or lead.bpf_path}` of {where(pair)}: a type name with two meanings{name} makes it "
                f"{lead.detail}"
            )
            yield from pair_finding(self, pair, hits, message)
            return
        if pair.evidence[0].kind is not EvidenceKind.SAME_HEADER or pair.user.codec is not Codec.C:
            return
        if any(item.mismatches for item in ctx.comparisons(pair)):
            return
        for member, name in _named(theirs, ctx, _NARROW):
            yield self.finding(
                member.span or pair.user.span,
                f"`{member.name}` of {where(pair)} is `{name}`: {_bits(ctx, name)} bits in user space on "
                f"{' and '.join(_NARROW)}, 64 in BPF",
                subject=f"{theirs.name}.{member.name}", targets=_NARROW, confidence=confidence_of(pair),
                severity=Severity.WARNING,
            )  # fmt: skip
            return


def _named(decl: RecordDecl, ctx: Context, targets: Iterable[str]) -> Iterator[tuple[Member, str]]:
    """Members whose type name the table gives another width in libc than in a BPF program."""
    table = ctx.facts.type_widths()
    for member in decl.members:
        for name in _names(member.type):
            row = table.get(name)
            if row is None or name in _COMPILER or not row.kernel64:
                continue
            if any((libc := row.libc(target)) and libc != row.kernel64 for target in targets):
                yield member, name
                break


def _names(type_: Type) -> tuple[str, ...]:
    while isinstance(type_, Array):
        if type_.names:
            return type_.names
        type_ = type_.element
    return tuple(getattr(type_, "names", ()))


def _bits(ctx: Context, name: str) -> int:
    return int(ctx.facts.type_widths()[name].libc(_NARROW[0]))
