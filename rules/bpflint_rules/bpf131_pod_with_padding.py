"""BPF131: do bytes that no field owns leave a Rust struct for the kernel?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Codec,
    Context,
    Finding,
    Hole,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    Use,
    calls,
    holes,
    show_bytes,
)  # fmt: skip
from bpflint_rules._rust import rust_uses, where

_CHECKED = ("derive(Pod)", "derive(NoUninit)", "derive(IntoBytes)", "derive(AsBytes)")
"""Derives of bytemuck and zerocopy that refuse a type with padding when it is compiled."""
_WRITES = ("update", "delete", "lookup", "output")
_PROMISES = ("trait aya::Pod", "trait bytemuck::Pod", "trait bytemuck::NoUninit")
"""Traits whose contract rules padding out, whatever the type is used for."""
_SEVERITIES = {1: Severity.INFO, 2: Severity.WARNING, 3: Severity.ERROR}
_ZEROING = frozenset(("zeroed", "new_zeroed", "write_bytes", "new_box_zeroed"))


class PodWithPadding(Rule):
    """A `repr(C)` struct with padding is given to the kernel as plain bytes.

    ## What it does
    Lays out every `repr(C)` type that Rust code turns into bytes for a map, and reports padding: as an error in a key,
    as a warning in a value. A type that is promised to be plain data (`unsafe impl Pod`) and is only read is a remark.

    ## Why is this bad
    Rust leaves padding uninitialised, also in a struct literal, so a key has bytes of chance in it and equal keys do
    not meet in a hash map. Reading such bytes at all is undefined behaviour, which is what `Pod` promises not to need.

    ## Example
    ```rust
    #[repr(C)]
    struct Key { saddr: u32, port: u16, proto: u8 }   // 1 byte of tail
    unsafe impl aya::Pod for Key {}
    ```

    ## Use instead
    ```rust
    #[repr(C)]
    struct Key { saddr: u32, port: u16, proto: u8, _pad: u8 }
    ```

    ## Known limits
    Silent where the function that passes the bytes clears the value first (`mem::zeroed`), and for types whose padding
    a derive of bytemuck or zerocopy has ruled out.
    """

    meta = RuleMeta(
        code="BPF131", name="pod-with-padding", summary="padding of a Rust struct goes to the kernel",
        severity=Severity.ERROR,
        references=("https://github.com/willfindlay/bpfcontain-rs/issues/10",
                    "https://docs.rs/bytemuck/latest/bytemuck/trait.Pod.html"),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report padded types by the gravest use of each."""
        if unit.language != "rust" or unit.side != "user":
            return
        worst: dict[object, tuple[int, Use, RecordDecl]] = {}
        for use in rust_uses(unit):
            type_ = use.type
            if not isinstance(type_, RecordDecl) or type_.codec is not Codec.RUST_C or type_.span is None:
                continue
            rank = _rank(use, type_, unit)
            if rank and rank > worst.get(type_.key(), (0,))[0]:
                worst[type_.key()] = (rank, use, type_)
        for rank, use, type_ in worst.values():
            yield from self._padded(rank, use, type_, ctx)

    def _padded(self, rank: int, use: Use, decl: RecordDecl, ctx: Context) -> Iterator[Finding]:
        if any(word in decl.attributes for word in _CHECKED) or decl.span is None:
            return
        padding = holes(ctx.layout(decl, ctx.settings.targets[0]))
        if not padding:
            return
        match rank:
            case 3:
                fate = f"take part in the hash of map `{use.map}` as its key: equal keys may not meet"
            case 2:
                fate = f"are written to map `{use.map}` as its {use.role}, uninitialised"
            case _:
                fate = "break what its `unsafe impl Pod` promises, should it ever be written"
        size = sum(item.size for item in padding)
        yield self.finding(
            decl.span,
            f"`{decl.name}` has {show_bytes(size)} {'byte' if size == 8 else 'bytes'} of padding "
            f"{_place(padding[0])} that {fate}",
            subject=decl.name, severity=_SEVERITIES[rank],
            related=[Related(use.span, "use", f"{use.op}, {where(use)}")],
        )  # fmt: skip


def _rank(use: Use, decl: RecordDecl, unit: Unit) -> int:
    """3: a key the program builds; 2: another write; 1: a promise about a type that is only read; 0: nothing to say."""
    if use.op in _WRITES and use.how != "" and not (use.op == "lookup" and use.role != "key"):
        if _cleared(unit, use):
            return 0
        return 3 if use.role == "key" else 2
    return 1 if any(word in decl.attributes for word in _PROMISES) else 0


def _cleared(unit: Unit, use: Use) -> bool:
    """The function that passes the bytes makes a value of zeros."""
    name = use.function.rpartition("::")[2]
    return any(
        call.callee.rpartition("::")[2] in _ZEROING
        for function in unit.functions
        if function.name == name or function.name.startswith(name + "::")
        for call, _ in calls(function)
    )


def _place(hole: Hole) -> str:
    return f"after `{hole.after}`" if hole.after else f"before `{hole.before}`"
