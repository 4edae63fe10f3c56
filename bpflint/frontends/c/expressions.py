"""What does a C expression read and compute? Expression trees of the flow form, made from libclang cursors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from clang import cindex
from clang.cindex import CursorKind

from bpflint.frontends.c.cursors import Places, binary_operator, constant, unary_operator
from bpflint.frontends.c.nodes import Node, children
from bpflint.frontends.c.types import Types
from bpflint.model.flow import (
    UNSEEN,
    AddressOf,
    Aggregate,
    Binary,
    CallExpr,
    Cast,
    Conditional,
    Constant,
    Deref,
    Expr,
    Index,
    Name,
    Select,
    SizeOf,
    Unary,
    Unknown,
)  # fmt: skip
from bpflint.model.layout import Array, Pointer, Type
from bpflint.model.source import Span

_K = CursorKind
_SIZED_BUILTIN = re.compile(r"^(__sync_\w+?)_(?:1|2|4|8|16)$")
_SWAP_MACRO = re.compile(r"hton|ntoh|cpu_to_be|be\d\d_to_cpu|swab|bswap")
_FUNCTIONS = (_K.FUNCTION_DECL, _K.CXX_METHOD, _K.CONSTRUCTOR, _K.DESTRUCTOR)
_RECORDS = (_K.STRUCT_DECL, _K.UNION_DECL, _K.CLASS_DECL)
Effect = Callable[[Node], Expr | None]
Storage = Literal["local", "parameter", "global", "function"]


class Expressions:
    """Converts expressions of one translation unit; `for_body` binds one to a function being lowered."""

    def __init__(self, places: Places, types: Types, macros: Mapping[tuple[int, int], str]) -> None:
        self.places, self.types = places, types
        self._macros = macros
        self._effect: Effect = lambda _: None
        self._locals: dict[int, int] = {}
        self._variables: dict[int, tuple[str, Storage, int, Type | None]] = {}
        self._depth = 0
        self._holders: dict[int, tuple[str, bool]] = {}
        self.lambdas: dict[str, Node] = {}
        self.mentioned: set[str] = set()
        """The functions that the bodies so far name."""

    def for_body(self, effect: Effect) -> Expressions:
        """Return a copy whose side effects go to `effect` and whose locals are numbered anew."""
        own = Expressions(self.places, self.types, self._macros)
        own._effect = effect
        own._holders, own.lambdas, own.mentioned = self._holders, self.lambdas, self.mentioned
        return own

    def parameter(self, cursor: Node) -> Name:
        """Return a parameter as a Name."""
        return Name(cursor.spelling, self._number(cursor), self._passed(cursor),
                    self.places.name_span(cursor), "parameter")  # fmt: skip

    def _passed(self, cursor: Node) -> Type:
        """The type of a parameter: `char name[16]` is a pointer (C17 6.7.6.3p7)."""
        type_ = self.types.convert(cursor.type)
        if not isinstance(type_, Array):
            return type_
        return Pointer(f"{cursor.type.spelling.split('[')[0].rstrip()} *", type_.element)

    def local(self, cursor: Node) -> Name:
        """Return a local variable as a Name."""
        return Name(cursor.spelling, self._number(cursor), self._declared(cursor),
                    self.places.name_span(cursor), "local")  # fmt: skip

    def _declared(self, cursor: Node) -> Type:
        """The type of a variable; `typeof(skb->protocol) __r` (BPF_CORE_READ) keeps the member's `__be16`."""
        type_ = cursor.type
        if "typeof" in type_.spelling:
            for item in children(cursor):
                while item.kind in (_K.PAREN_EXPR, _K.UNEXPOSED_EXPR) and children(item):
                    item = children(item)[0]
                if item.kind is _K.MEMBER_REF_EXPR and item.type.get_canonical() == type_.get_canonical():
                    return self.types.convert(item.type)
        return self.types.convert(type_)

    def _number(self, cursor: Node) -> int:
        return self._locals.setdefault(cursor.canonical.hash, len(self._locals) + 1)

    def expr(self, cursor: Node) -> Expr:
        """Return the expression tree of a cursor; what is not modelled becomes Unknown with its parts."""
        if self._depth > 200:
            return Unknown(text="nested too deeply")
        self._depth += 1
        read = _READERS.get(cursor._kind_id)
        found = read(self, cursor) if read is not None else self._unknown(cursor, children(cursor))
        self._depth -= 1
        return found

    def _parenthesis(self, cursor: Node) -> Expr:
        inside = children(cursor)
        return self.expr(inside[0]) if inside else self._unknown(cursor, [])

    def _index(self, cursor: Node) -> Expr:
        base, index = children(cursor)[:2]
        return Index(self.expr(base), self.expr(index), self._type(cursor), self.places.span(cursor))

    def _cast(self, cursor: Node) -> Expr:
        inner = children(cursor)
        if not inner:
            return self._unknown(cursor, [])
        return Cast(self.expr(inner[-1]), self._type(cursor), self.places.span(cursor))

    def _null(self, cursor: Node) -> Expr:
        return Constant(0, self._type(cursor), self.places.span(cursor), "nullptr")

    def _this(self, cursor: Node) -> Expr:
        return Name("this", 0, self._type(cursor), self.places.span(cursor))

    def _string(self, cursor: Node) -> Expr:
        return Constant(_text(cursor), self._type(cursor), self.places.span(cursor))

    def _literal(self, cursor: Node) -> Expr:
        return Constant(constant(cursor), self._type(cursor), self.places.span(cursor), self._macro_at(cursor))

    def _compound(self, cursor: Node) -> Expr:
        return self.expr(children(cursor)[-1])

    def _type(self, cursor: Node) -> Type:
        return self.types.convert(cursor.type)

    def _unknown(self, cursor: Node, parts: list[Node]) -> Unknown:
        inner = tuple(self.expr(part) for part in parts if part.is_expression)
        return Unknown(inner, self._type(cursor), self.places.span(cursor))

    def _unexposed(self, cursor: Node) -> Expr:
        parts = [item for item in children(cursor) if item.is_expression]
        if len(parts) != 1:
            return self._atomic(cursor, parts) or self._unknown(cursor, parts)
        inner = self.expr(parts[0])
        type_ = self._type(cursor)
        if isinstance(inner, Constant) and isinstance(inner.value, int):
            return Constant(inner.value, type_, inner.span, inner.spelling)
        if inner.type is type_ or inner.type == type_:
            return inner
        return Cast(inner, type_, self.places.span(cursor), implicit=True)

    def _atomic(self, cursor: Node, parts: list[Node]) -> Expr | None:
        """`__atomic_fetch_add(p, v, order)` is an AtomicExpr: pointer, order, then values in the tree."""
        if len(parts) < 2:
            return None
        first = next(iter(cursor.get_tokens()), None)
        if first is None or not first.spelling.startswith(("__atomic_", "__c11_atomic_")):
            return None
        values = [self.expr(part) for part in (parts[0], *parts[2:], parts[1])]
        return CallExpr(first.spelling, tuple(values), None, self._type(cursor), self.places.span(cursor))

    def _reference(self, cursor: Node) -> Expr:
        decl, span = cursor.referenced, self.places.span(cursor)
        if decl is None:
            return Name(cursor.spelling, 0, self._type(cursor), span)
        if decl.kind is _K.ENUM_CONSTANT_DECL:
            return Constant(decl.enum_value, self._type(cursor), span, cursor.spelling)
        key = int(decl.data[0] or 0)  # the declaration itself
        if key not in self._variables:
            self._variables[key] = self._variable(decl)
        name, storage, number, type_ = self._variables[key]
        return Name(name, number, type_ or (None if storage == "function" else self._type(cursor)), span, storage)

    def _variable(self, decl: Node) -> tuple[str, Storage, int, Type | None]:
        """A name, its storage and number, and the type that a local was declared with."""
        name = decl.spelling
        if decl.kind is _K.FUNCTION_DECL:
            self.mentioned.add(name)
            return name, "function", 0, None
        if decl.kind is _K.PARM_DECL:
            type_ = self._passed(decl)
            return name, "parameter", self._number(decl), type_ if isinstance(type_, Pointer) else None
        parent = decl.semantic_parent
        if parent is None or parent.kind not in _FUNCTIONS or decl.storage_class.name in ("STATIC", "EXTERN"):
            return name, "global", 0, None
        return name, "local", self._number(decl), self._declared(decl)

    def _member(self, cursor: Node) -> Expr:
        items = [item for item in children(cursor) if item.is_expression]
        if not items:
            return self._own_member(cursor)
        base, name = self.expr(items[0]), cursor.spelling
        if not name or "::(" in name:  # the hidden step into an anonymous struct or union
            return base
        owner, relocated = self._holder(cursor.referenced)
        arrow = items[0].type.get_canonical().kind is cindex.TypeKind.POINTER
        return Select(base, name, arrow, owner, self._type(cursor), self.places.span(cursor), relocated,
                      self._macro_at(cursor))  # fmt: skip

    def _holder(self, decl: Node | None) -> tuple[str, bool]:
        """The record of a member, and whether the loader relocates it."""
        if decl is None:
            return "", False
        key = int(decl.data[0] or 0)
        if key not in self._holders:
            self._holders[key] = _bare_owner(_owner(decl)), self.types.is_relocated(decl.semantic_parent)
        return self._holders[key]

    def _own_member(self, cursor: Node) -> Expr:
        """C++: a member's bare name inside a method of its class."""
        decl = cursor.referenced
        if decl is None or not cursor.spelling:
            return self._unknown(cursor, [])
        this = Name("this", 0, None, self.places.span(cursor))
        return Select(this, cursor.spelling, True, self._holder(decl)[0], self._type(cursor), self.places.span(cursor))

    def _lambda(self, cursor: Node) -> Expr:
        """C++: a lambda is a function of its own; the unit lowers its body."""
        span = self.places.span(cursor)
        name = f"lambda at {span.line}:{span.column}"
        self.lambdas[name] = cursor
        made = Name(name, 0, None, span, "function")
        captured = {item.referenced.canonical.hash: item.referenced for item in cursor.walk_preorder()
                    if item.kind in (_K.DECL_REF_EXPR, _K.VARIABLE_REF) and item.referenced is not None
                    and item.referenced.kind is _K.VAR_DECL}  # fmt: skip
        outer = tuple(self.local(item) for item in captured.values() if item.canonical.hash in self._locals)
        return Unknown((made, *outer), None, span, UNSEEN) if outer else made

    def _call(self, cursor: Node) -> Expr:
        items = children(cursor)
        given = items[1:] if not self.types.cxx else cursor.get_arguments()
        args = tuple([self.expr(item) for item in given])
        span, type_ = self.places.span(cursor), self._type(cursor)
        if self.types.cxx and given and items and items[0] == given[0]:
            # an operator, whose left side comes first, or a constructor
            return CallExpr(cursor.spelling, args, None, type_, span)
        callee = self.expr(items[0]) if items else Unknown()
        if items and _undeclared(items[0]):
            args = tuple(_maybe_address(item) for item in args)
        while isinstance(callee, Cast):
            callee = callee.value
        match callee:
            case Name(name=name):
                found = _SIZED_BUILTIN.match(name)
                return CallExpr(found[1] if found else name, args, None, type_, span, self._macro_of(cursor, name))
            case Select(base=base, field=field) if field.startswith("operator ") and not args:
                return base  # C++: a conversion to a function pointer or a bool
            case Select(base=base, field=field):
                return CallExpr(field, args, base, type_, span, self._macro_of(cursor, field))
            case Deref(pointer=Name(name=name)):
                return CallExpr(name, args, None, type_, span)
        return CallExpr(cursor.spelling, args, callee, type_, span)

    def _operator(self, cursor: Node) -> Expr:
        effect = self._effect(cursor)
        if effect is not None:
            return effect
        items = [item for item in children(cursor) if item.is_expression]
        span, type_ = self.places.span(cursor), self._type(cursor)
        if cursor.kind is _K.UNARY_OPERATOR and items:
            return self._unary(cursor, self.expr(items[0]), type_, span)
        if cursor.kind is _K.BINARY_OPERATOR and len(items) == 2:
            left, right = self.expr(items[0]), self.expr(items[1])
            folded = _folded(Binary(binary_operator(cursor), left, right, type_, span))
            if isinstance(folded, Constant) and _SWAP_MACRO.search(written := self._macro_at(cursor)):
                # a swap written with shifts: its argument's name is not its value's
                return replace(folded, spelling=written)
            return folded
        return self._unknown(cursor, items)

    def _unary(self, cursor: Node, inner: Expr, type_: Type, span: Span) -> Expr:
        match unary_operator(cursor):
            case "&":
                return AddressOf(inner, type_, span)
            case "*":
                return Deref(inner, type_, span)
            case "-" if isinstance(inner, Constant) and isinstance(inner.value, int):
                return Constant(-inner.value, type_, span, inner.spelling)
            case "+" | "":
                return inner
            case op:
                return Unary(op, inner, type_, span)

    def _conditional(self, cursor: Node) -> Expr:
        items = [self.expr(item) for item in children(cursor)[:3]]
        if len(items) < 3:
            return Unknown(tuple(items), self._type(cursor), self.places.span(cursor))
        return Conditional(items[0], items[1], items[2], self._type(cursor), self.places.span(cursor))

    def _sizeof(self, cursor: Node) -> Expr:
        span, value = self.places.span(cursor), constant(cursor)
        words = [token.spelling for _, token in zip(range(1), cursor.get_tokens(), strict=False)]
        if words and not words[0].startswith("sizeof"):
            written = self._macro_at(cursor)
            if not written and words[0].strip("_") in ("alignof", "Alignof"):
                return Constant(value, self._type(cursor), span)
        operands = [item for item in children(cursor) if item.is_expression]
        if operands:
            saved, self._effect = self._effect, lambda _: None
            try:
                of = self.expr(operands[0])
            finally:
                self._effect = saved
            return SizeOf(self.types.convert(operands[0].type), of, self._type(cursor), span)
        named = next((item for item in children(cursor) if item.kind is _K.TYPE_REF), None)
        operand = self.types.convert(named.type) if named is not None else None
        if isinstance(value, int) and named is not None and named.type.get_size() != value:
            operand = None  # an array of, or a pointer to, the named type
        return SizeOf(operand, None, self._type(cursor), span) if operand is not None else Constant(
            value, self._type(cursor), span, "sizeof"
        )  # fmt: skip

    def _aggregate(self, cursor: Node) -> Expr:
        items: list[tuple[str, Expr]] = []
        for item in children(cursor):
            field, value = "", item
            if item.kind is _K.UNEXPOSED_EXPR:
                parts = children(item)
                named = [part for part in parts if part.kind is _K.MEMBER_REF]
                if named and len(parts) > len(named):
                    field, value = ".".join(part.spelling for part in named), parts[-1]
            if value.is_expression:
                items.append((field, self.expr(value)))
        return Aggregate(tuple(items), self._type(cursor), self.places.span(cursor))

    def _macro_at(self, cursor: Node) -> str:
        """The macro written where a literal stands, e.g. ETH_P_IP; the argument's place inside another macro."""
        written = self.places.written_in_macro(cursor.location)
        return "" if written is None else self._macros.get(written, "")

    def _macro_of(self, cursor: Node, callee: str) -> str:
        name = self._macro_at(cursor) or self._macros.get(self.places.locate(cursor.extent.start), "")
        return name if name != callee else ""


_READERS: Mapping[int, Callable[[Expressions, Node], Expr]] = {
    kind.value: read
    for read, kinds in (
        (Expressions._parenthesis, (_K.PAREN_EXPR,)),
        (Expressions._unexposed, (_K.UNEXPOSED_EXPR,)),
        (Expressions._reference, (_K.DECL_REF_EXPR,)),
        (Expressions._member, (_K.MEMBER_REF_EXPR,)),
        (Expressions._call, (_K.CALL_EXPR,)),
        (Expressions._operator, (_K.BINARY_OPERATOR, _K.COMPOUND_ASSIGNMENT_OPERATOR, _K.UNARY_OPERATOR, _K.StmtExpr)),
        (Expressions._index, (_K.ARRAY_SUBSCRIPT_EXPR,)),
        (Expressions._cast, (_K.CSTYLE_CAST_EXPR, _K.CXX_STATIC_CAST_EXPR, _K.CXX_REINTERPRET_CAST_EXPR,
                             _K.CXX_CONST_CAST_EXPR, _K.CXX_FUNCTIONAL_CAST_EXPR)),
        (Expressions._null, (_K.CXX_NULL_PTR_LITERAL_EXPR,)),
        (Expressions._lambda, (_K.LAMBDA_EXPR,)),
        (Expressions._this, (_K.CXX_THIS_EXPR,)),
        (Expressions._conditional, (_K.CONDITIONAL_OPERATOR,)),
        (Expressions._sizeof, (_K.CXX_UNARY_EXPR,)),
        (Expressions._string, (_K.STRING_LITERAL,)),
        (Expressions._aggregate, (_K.INIT_LIST_EXPR,)),
        (Expressions._compound, (_K.COMPOUND_LITERAL_EXPR,)),
        (Expressions._literal, (_K.INTEGER_LITERAL, _K.CHARACTER_LITERAL, _K.FLOATING_LITERAL,
                                _K.CXX_BOOL_LITERAL_EXPR)),
    )
    for kind in kinds
}  # fmt: skip
"""By number, since a `match` over twenty kinds costs more than all that is done with most expressions."""


def _owner(field: Node) -> str:
    """The record a field is reached through: an anonymous member has no name of its own and lends its holder's."""
    parent = field.semantic_parent
    while parent is not None and parent.kind in _RECORDS:
        holder = parent.semantic_parent
        if not parent.is_anonymous() or holder is None or holder.kind not in _RECORDS:
            return parent.type.spelling
        parent = holder
    return ""


def _text(cursor: Node) -> int | str | None:
    """A string literal's text; clang folds one as an initialiser only, elsewhere its spelling has the quotes."""
    spelled = cursor.spelling
    if spelled.startswith('"') and spelled.endswith('"') and "\\" not in spelled:
        return spelled[1:-1]
    return constant(cursor)


def _bare_owner(spelling: str) -> str:
    words = [word for word in spelling.split() if word not in ("struct", "union", "const", "volatile")]
    return " ".join(words) if words and "(" not in spelling else ""


_FOLD: Mapping[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "|": lambda a, b: a | b,
    "&": lambda a, b: a & b, "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b if 0 <= b < 128 else 0, ">>": lambda a, b: a >> b if 0 <= b < 128 else 0,
}  # fmt: skip


def _undeclared(callee: Node) -> bool:
    """Whether a call's name was seen nowhere before: clang makes up a declaration without parameters."""
    while callee.kind is not _K.DECL_REF_EXPR:
        inner = children(callee)
        if len(inner) != 1:
            return False
        callee = inner[0]
    return callee.type.kind is cindex.TypeKind.FUNCTIONNOPROTO


def _maybe_address(arg: Expr) -> Expr:
    """Return an argument of an undeclared function, which may be a macro of a header that is missing.

    `_(task->mm)` and the like take the member's address and copy from there, so the load is not known to happen.
    """
    place = arg.value if isinstance(arg, Cast) and arg.implicit else arg  # clang widens what is narrower than an int
    return Unknown((place,), arg.type, arg.span, UNSEEN) if isinstance(place, Select | Deref | Index) else arg


def _folded(value: Binary) -> Expr:
    """Two integer constants joined by arithmetic are a constant."""
    left, right = value.left, value.right
    if (
        isinstance(left, Constant) and isinstance(right, Constant) and value.op in _FOLD
        and isinstance(left.value, int) and isinstance(right.value, int)
    ):  # fmt: skip
        folded = _FOLD[value.op](left.value, right.value)
        return Constant(folded, value.type, value.span, left.spelling or right.spelling)
    return value
