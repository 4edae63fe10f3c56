"""BPF142: does a ctypes mirror use a type whose width the platform decides?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Array,
    Cause,
    Codec,
    Context,
    Finding,
    Member,
    MismatchKind,
    Pair,
    Pointer,
    RecordDecl,
    Rule,
    RuleMeta,
    Scalar,
    Severity,
    Type,
    Width,
    normal_name,
)  # fmt: skip
from bpflint_rules._pairs import confidence_of, led_by, pair_finding, where


class CtypesPlatformType(Rule):
    """`c_long`, `c_ulong`, `c_size_t` or `c_void_p` stands in a ctypes mirror of a BPF type.

    ## What it does
    Finds these types in ctypes structures that meet a BPF type. Where the bytes differ on a configured target it is an
    error; else it names the 32-bit targets on which they would.

    ## Why is this bad
    A `long` has 4 bytes in 32-bit user space, while BPF always has 8: the same script decodes other bytes on a
    Raspberry Pi.

    ## Example
    ```python
    _fields_ = [("ts", ct.c_ulong)]
    ```

    ## Use instead
    ```python
    _fields_ = [("ts", ct.c_uint64)]
    ```

    ## Known limits
    A `long` on the BPF side as well is BPF107's to report; here only the mirror is judged.
    """

    meta = RuleMeta(
        code="BPF142", name="ctypes-platform-type", summary="a ctypes type whose width the platform decides",
        severity=Severity.WARNING, cross_file=True, references=("https://github.com/iovisor/bcc/issues/1642",),
    )  # fmt: skip

    def check_pair(self, pair: Pair, ctx: Context) -> Iterable[Finding]:
        """Report a mirror that holds such a type where BPF has a fixed width."""
        decl, ours = pair.user.type, pair.bpf.type
        if not isinstance(decl, RecordDecl) or decl.codec is not Codec.CTYPES or not isinstance(ours, RecordDecl):
            return
        hits = led_by(pair, ctx, tuple(MismatchKind), (Cause.PLATFORM_TYPE,))
        if hits:
            lead = hits[0][1]
            message = f"`{lead.user_path}` of {where(pair)} has a platform's width: {lead.detail}"
            yield from pair_finding(self, pair, hits, message, severity=Severity.ERROR)
            return
        fixed = {normal_name(member.name) for member in ours.members if not _platform(member.type)}
        for member in _members(decl, fixed):
            yield self.finding(
                member.span or pair.user.span,
                f"`{member.name}` of {where(pair)} is `{_name(member.type)}`: 4 bytes in 32-bit user space, 8 in BPF",
                subject=f"{decl.name}.{member.name}", targets=("arm", "i386"), confidence=confidence_of(pair),
            )  # fmt: skip
            return


def _members(decl: RecordDecl, fixed: set[str]) -> Iterator[Member]:
    return (member for member in decl.members if _platform(member.type) and normal_name(member.name) in fixed)


def _platform(type_: Type) -> bool:
    match type_:
        case Scalar(width=width):
            return width in (Width.LONG, Width.POINTER)
        case Array(element=element):
            return _platform(element)
        case Pointer():
            return True
        case _:
            return False


def _name(type_: Type) -> str:
    match type_:
        case Scalar():
            return type_.name
        case Array(element=element):
            return f"{_name(element)} array"
        case Pointer(spelling=spelling):
            return spelling
        case _:
            return "a platform type"
