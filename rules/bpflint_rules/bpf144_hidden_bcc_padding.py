"""BPF144: does a positional argument of bcc's `Leaf` or `Key` land in padding?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bpflint.api import (
    Array,
    CallExpr,
    Cast,
    Context,
    Expr,
    Field,
    Finding,
    MapDef,
    Opaque,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Span,
)  # fmt: skip
from bpflint_rules._links import loaded
from bpflint_rules._user_maps import table_calls


class HiddenBccPadding(Rule):
    """A table's `Leaf` or `Key` is made with positional arguments, and bcc put padding between the fields.

    ## What it does
    Finds `table.Leaf(a, b)` and `table.Key(a, b)` where the C struct of the table has a hole before one of the fields
    that the arguments are meant for.

    ## Why is this bad
    bcc makes the ctypes class from the C struct and spells each hole out as a field `__pad_N`: the argument after the
    hole is given to the padding, which is an array of char, and all that follow are one field off.

    ## Example
    ```python
    # struct key { u32 pid; u64 when; };
    table.Key(pid, when)          # fields: pid, __pad_1, when
    ```

    ## Use instead
    ```python
    table.Key(pid=pid, when=when)
    ```

    ## Known limits
    Tables whose C text was not found or not fully parsed are left out; so are structs with bitfields or a flexible
    array, to which bcc adds no padding.
    """

    meta = RuleMeta(
        code="BPF144", name="hidden-bcc-padding", summary="a positional argument lands in the padding that bcc adds",
        severity=Severity.WARNING, cross_file=True, references=("https://github.com/iovisor/bcc/issues/2255",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at the bodies of every Python file."""
        programs = list(ctx.project.bpf_units())
        for unit in ctx.project.user_units():
            made = [item for item in table_calls(unit) if _constructs(item[1])]
            linked = loaded(unit, programs) if made else None
            if linked is None or any(item.problems for item in linked):
                continue
            maps = {item.name: item for program in linked for item in program.maps if item.style == "bcc"}
            for _, call, table, op in made:
                yield from self._call(call, maps.get(table), call.span or op.span, ctx)

    def _call(self, call: CallExpr, map_: MapDef | None, span: Span, ctx: Context) -> Iterator[Finding]:
        decl = None if map_ is None else map_.value if call.callee == "Leaf" else map_.key
        if map_ is None or not isinstance(decl, RecordDecl) or any(_is_open(item) for item in call.args):
            return
        hole = _first_hole(ctx.layout(decl, "bpfel").fields[: len(call.args)], decl, ctx)
        if hole is not None:
            field = f"`{hole.name}` of `{decl.name or 'the struct'}`"
            yield self.finding(
                span,
                f"bcc adds a field of padding before {field}: argument {_position(decl, hole)} of `{call.callee}` goes "
                "there; name the fields",
                subject=f"{map_.name}.{call.callee}",
                related=[Related(hole.span, "field", "padding stands before this field")] if hole.span else [],
            )  # fmt: skip


def _constructs(call: CallExpr) -> bool:
    return bool(call.args) and call.callee.rpartition(".")[2] in ("Leaf", "Key")


def _is_open(item: Expr) -> bool:
    """A keyword argument, or a starred one: its type is spelled `name=` or `*`."""
    return isinstance(item, Cast) and isinstance(item.type, Opaque) and item.type.spelling.endswith(("=", "*"))


def _first_hole(fields: Sequence[Field], decl: RecordDecl, ctx: Context) -> Field | None:
    """The first of some fields with padding before it, as bcc sees them (src/cc/json_map_decl_visitor.cc)."""
    layout = ctx.layout(decl, "bpfel")
    odd = any(item.bitfield or isinstance(item.type, Opaque) or _is_flexible(item) for item in layout.fields)
    if decl.kind == "union" or layout.opaque or odd:
        return None
    end = 0
    for field in fields:
        if field.offset > end:
            return field
        end = field.end
    return None


def _is_flexible(field: Field) -> bool:
    return isinstance(field.type, Array) and field.type.length is None


def _position(decl: RecordDecl, field: Field) -> int:
    return next((number for number, item in enumerate(decl.members, 1) if item.name == field.name), 0)
