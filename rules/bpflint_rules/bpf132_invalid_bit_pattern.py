"""BPF132: may the kernel's bytes be no value of the Rust type they become?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import (
    Bits,
    Codec,
    Confidence,
    Context,
    Enum,
    Finding,
    Leaf,
    Pair,
    Pointer,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Scalar,
    Severity,
    Type,
    leaves,
)  # fmt: skip
from bpflint_rules._pairs import confidence_of, where


class InvalidBitPattern(Rule):
    """A Rust type that is read from a map or event has values that not every byte pattern is one of.

    ## What it does
    Looks at the fields of Rust types that meet a BPF type and are `bool`, an enum, `char`, `NonZero…` or a reference,
    and asks what the BPF side stores there. A C `bool`, and a C enum all of whose values have a variant, are fine.

    ## Why is this bad
    A `bool` that is 2, or an enum value without a variant, is undefined behaviour as soon as it is read: the optimiser
    relies on it, and a `match` may jump anywhere. A new enumerator on the BPF side is enough.

    ## Example
    ```rust
    #[repr(u8)] enum Kind { Exec = 0, Exit = 1 }
    #[repr(C)]  struct Event { pid: u32, kind: Kind }       // C: __u8 kind;
    ```

    ## Use instead
    ```rust
    #[repr(C)] struct Event { pid: u32, kind: u8 }
    let kind = Kind::try_from(event.kind)?;
    ```

    ## Known limits
    What the BPF program really stores is not followed: an integer field counts as able to hold any number. The tag of
    an enum with payload is only a remark, since it is made for the purpose.
    """

    meta = RuleMeta(
        code="BPF132", name="invalid-bit-pattern", summary="bytes of the kernel may be no value of the Rust type",
        severity=Severity.WARNING, cross_file=True,
        references=("https://github.com/paradedb/paradedb/issues/6016",
                    "https://doc.rust-lang.org/reference/behavior-considered-undefined.html"),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report the strict fields of types that are read."""
        read = {
            use.type.key()
            for unit in ctx.project.user_units() if unit.language == "rust"
            for use in unit.uses
            if use.op in ("decode", "lookup", "iterate", "open") and isinstance(use.type, RecordDecl)
        }  # fmt: skip
        for pair in ctx.project.pairs:
            theirs, ours = pair.user.type, pair.bpf.type
            if not isinstance(theirs, RecordDecl) or theirs.codec is not Codec.RUST_C or theirs.key() not in read:
                continue
            if isinstance(ours, RecordDecl) and ours.language != "rust":
                yield from self._fields(pair, ctx)

    def _fields(self, pair: Pair, ctx: Context) -> Iterator[Finding]:
        comparison = next(iter(ctx.comparisons(pair)), None)
        if comparison is None or comparison.bpf is None or comparison.user is None:
            return
        if comparison.mismatches or comparison.opaque:
            return  # which bytes a field gets is the first question
        told: set[object] = set()
        ours: dict[Bits, list[Leaf]] = {}
        for leaf in leaves(comparison.bpf):
            ours.setdefault(leaf.offset, []).append(leaf)
        for leaf in leaves(comparison.user):
            same = [item for item in ours.get(leaf.offset, ()) if item.size == leaf.size]
            why = _complaint(leaf, same[-1].field.type if same else None)
            if why and leaf.field.span is not None and same and leaf.field.span not in told:
                told.add(leaf.field.span)
                place = same[-1].field.span
                yield self.finding(
                    leaf.field.span, f"`{leaf.path}` of {where(pair)} {why}",
                    subject=f"{pair.user.name}.{leaf.path}",
                    related=[Related(place, "bpf-side", f"`{same[-1].path}`")] if place is not None else [],
                    severity=Severity.INFO if leaf.path.endswith(".tag") else None,
                    confidence=min(confidence_of(pair), Confidence.MEDIUM),
                )  # fmt: skip


def _complaint(leaf: Leaf, stored: Type | None) -> str:
    """Why a field may get bytes that are no value of its type, "" where it may not."""
    match leaf.field.type:
        case Scalar(kind="bool"):
            if isinstance(stored, Scalar) and stored.kind == "bool":
                return ""
            return f"is a `bool`, and the BPF side's `{_name(stored)}` may hold more than 0 and 1"
        case Scalar(names=("char", *_)):
            return "is a `char`, and not every number is one"
        case Scalar(names=(name, *_)) if name.startswith("NonZero"):
            return f"is `{name}`, which is never 0, while the BPF side's `{_name(stored)}` may be"
        case Pointer(spelling=spelling) if spelling.startswith(("&", "Box<", "fn", "NonNull<")):
            return f"is `{spelling}`: what the BPF side stores is an address of the kernel, or null"
        case Enum(names=names, values=values):
            return _enum(names[0] if names else "enum", dict(values), stored)
    return ""


def _enum(name: str, values: Mapping[str, int], stored: Type | None) -> str:
    if not isinstance(stored, Enum):
        return f"is enum `{name}`, and any other number in the BPF side's `{_name(stored)}` is undefined behaviour"
    missing = [(label, value) for label, value in stored.values if value not in values.values()]
    if not missing:
        return ""
    label, value = missing[0]
    return f"is enum `{name}`: `{label}` ({value}) of the BPF side has no variant"


def _name(type_: Type | None) -> str:
    match type_:
        case Scalar() | Enum() | RecordDecl():
            return type_.name or "enum"
        case Pointer(spelling=spelling):
            return spelling
        case _:
            return "field"
