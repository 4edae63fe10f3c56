"""What does a C function do? Its body as blocks of operations, made from libclang cursors."""

from __future__ import annotations

import re
from collections.abc import Callable

from clang.cindex import CursorKind, Token

from bpflint.analysis.graph import Graph
from bpflint.analysis.walk import strip
from bpflint.frontends.c.classify import CPP
from bpflint.frontends.c.cursors import binary_operator, functions_in, initialiser, unary_operator
from bpflint.frontends.c.expressions import Expressions
from bpflint.frontends.c.nodes import Node, attributes, children
from bpflint.model.flow import (
    UNSEEN,
    Assign,
    Binary,
    Call,
    CallExpr,
    Constant,
    Declare,
    Defer,
    Deref,
    Evaluate,
    Expr,
    Function,
    Name,
    Return,
    Test,
    Unary,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.source import Span

_K = CursorKind
_ATOMIC = re.compile(
    r"^__(?:sync|atomic|c11_atomic)_(?:fetch_and_|fetch_)?(add|sub|or|and|xor|nand)(?:_and_fetch|_fetch)?$"
)
_ATOMIC_OPS = {"add": "+=", "sub": "-=", "or": "|=", "and": "&=", "xor": "^=", "nand": "&="}
_EXPECT = ("__builtin_expect", "likely", "unlikely", "__builtin_expect_with_probability")


def lower(cursor: Node, name: str, section: str, ex: Expressions, *, inline: bool) -> Function:
    """Return the flow form of a function definition."""
    return _Lowering(ex).function(cursor, name, section, inline)


class _Lowering:
    """Lowers one body; `ex` turns cursors into expressions and hands side effects back to us."""

    def __init__(self, ex: Expressions) -> None:
        self._ex = ex.for_body(self._side_effect)
        self._graph = Graph()
        self._statements: dict[CursorKind, Callable[[Node], None]] = {
            _K.COMPOUND_STMT: self._compound, _K.DECL_STMT: self._declarations, _K.IF_STMT: self._if,
            _K.WHILE_STMT: self._while, _K.DO_STMT: self._do, _K.FOR_STMT: self._for, _K.SWITCH_STMT: self._switch,
            _K.CASE_STMT: self._case, _K.DEFAULT_STMT: self._default, _K.BREAK_STMT: self._break,
            _K.CONTINUE_STMT: self._continue, _K.RETURN_STMT: self._return, _K.GOTO_STMT: self._goto,
            _K.LABEL_STMT: self._label, _K.NULL_STMT: lambda _: None, _K.ASM_STMT: self._assembly,
            _K.UNEXPOSED_STMT: self._unexposed, _K.CXX_FOR_RANGE_STMT: self._range, _K.CXX_TRY_STMT: self._try,
        }  # fmt: skip
        self._switches: list[tuple[int, Expr, list[bool]]] = []
        self._lost: list[tuple[int, Node, Token]] = []

    def function(self, cursor: Node, name: str, section: str, inline: bool) -> Function:
        given = [item for item in children(cursor) if item.kind is _K.PARM_DECL]
        params = tuple(self._ex.parameter(item) for item in given)
        body = next((item for item in children(cursor) if item.kind is _K.COMPOUND_STMT), None)
        incomplete = bool(self._ex.types.errors) and self._ex.types.has_errors(cursor)
        if body is not None:
            cxx = cursor.translation_unit.spelling.endswith(CPP)
            self._lost = lost_mentions(body) if incomplete or cxx else []
            self._ex.places.wrapped = self._ex.places.is_wrapped(body)
            self._compound(body)
            self._ex.places.wrapped = False
        return Function(
            name, self._ex.places.name_span(cursor), params, self._graph.finish(),
            returns=self._ex.types.convert(cursor.result_type), section=section, inline=inline,
            static=cursor.storage_class.name == "STATIC", method_of=_class_of(cursor),
            incomplete=incomplete,
        )  # fmt: skip

    # -- statements ------------------------------------------------------------------------------------------

    def _statement(self, cursor: Node) -> None:
        handler = self._statements.get(cursor.kind)
        if handler is not None:
            handler(cursor)
        elif cursor.is_expression:
            self._expression_statement(cursor)

    def _compound(self, cursor: Node) -> None:
        for item in children(cursor):
            if self._lost:
                self._mention(item.extent.start.offset)
            self._statement(item)
        if self._lost:
            self._mention(cursor.extent.end.offset)

    def _mention(self, end: int) -> None:
        """Let what libclang gave up on before an offset be seen: nobody knows what it does with the variable."""
        while self._lost and self._lost[0][0] < end:
            _, variable, token = self._lost.pop(0)
            span = self._ex.places.span(token)
            self._graph.emit(Evaluate(Unknown((self._ex.local(variable),), None, span, UNSEEN), span))

    def _unexposed(self, cursor: Node) -> None:
        for item in children(cursor):
            if item.kind.is_statement() or item.is_expression:
                self._statement(item)

    def _assembly(self, cursor: Node) -> None:
        """Assembly may write to any of its operands; libclang does not tell where `asm goto` leads."""
        operands = tuple(self._ex.expr(item) for item in children(cursor) if item.is_expression)
        span = self._ex.places.span(cursor)
        self._graph.emit(Evaluate(Unknown(operands, None, span, "asm"), span))

    def _declarations(self, cursor: Node) -> None:
        for item in children(cursor):
            if item.kind is _K.VAR_DECL:
                self._declare(item)

    def _declare(self, cursor: Node) -> None:
        name = self._ex.local(cursor)
        span = self._ex.places.span(cursor)
        static = cursor.storage_class.name == "STATIC"
        if not static:
            self._graph.emit(Declare(name, span))
        value = initialiser(cursor)
        if value is not None and not static:
            self._assign(name, self._ex.expr(value), span, declares=True)
        elif value is not None:
            self._ex.mentioned.update(functions_in(cursor))
        for attribute in attributes(cursor):
            if cleanup := _cleanup_function(attribute):
                self._ex.mentioned.add(cleanup)
                self._graph.emit(Defer(CallExpr(cleanup, (name,), span=span), span))

    def _assign(self, target: Expr, value: Expr, span: Span, *, declares: bool = False) -> None:
        inner = strip(value)
        if isinstance(inner, CallExpr):
            self._graph.emit(Call(inner, span, target))
        else:
            self._graph.emit(Assign(target, value, span, declares))

    def _expression_statement(self, cursor: Node) -> None:
        value = self._ex.expr(cursor)
        self._evaluate(value, self._ex.places.span(cursor))

    def _evaluate(self, value: Expr, span: Span) -> None:
        inner = strip(value)
        match inner:
            case CallExpr(callee=callee, args=args) if (found := _ATOMIC.match(callee)) and len(args) >= 2:
                target = Deref(strip(args[0]), args[1].type, span)
                self._graph.emit(Update(target, _ATOMIC_OPS[found[1]], args[1], span, atomic=True))
            case CallExpr():
                self._graph.emit(Call(inner, span))
            case Name() | Constant():
                pass
            case _:
                self._graph.emit(Evaluate(value, span))

    def _side_effect(self, cursor: Node) -> Expr | None:
        """Emit what an expression does besides having a value; return that value, None where it does nothing."""
        span = self._ex.places.span(cursor)
        match cursor.kind:
            case _K.BINARY_OPERATOR:
                return self._binary_effect(cursor, span)
            case _K.COMPOUND_ASSIGNMENT_OPERATOR:
                left, right = children(cursor)[:2]
                target, value = self._ex.expr(left), self._ex.expr(right)
                self._graph.emit(Update(target, binary_operator(cursor), value, span))
                return target
            case _K.UNARY_OPERATOR:
                return self._step(cursor, span)
            case _K.StmtExpr:
                return self._statement_expression(cursor)
        return None

    def _binary_effect(self, cursor: Node, span: Span) -> Expr | None:
        match binary_operator(cursor):
            case "=":
                left, right = children(cursor)[:2]
                target = self._ex.expr(left)
                self._assign(target, self._ex.expr(right), span)
                return target
            case ",":
                first, second = children(cursor)[:2]
                self._expression_statement(first)
                return self._ex.expr(second)
        return None

    def _step(self, cursor: Node, span: Span) -> Expr | None:
        op = unary_operator(cursor)
        if op not in ("++", "--", "post++", "post--"):
            return None
        target = self._ex.expr(children(cursor)[0])
        self._graph.emit(Update(target, op[-2:], Constant(1, target.type, span), span))
        return target

    def _statement_expression(self, cursor: Node) -> Expr:
        body = children(cursor)
        items = children(body[0]) if body else []
        for item in items[:-1]:
            self._statement(item)
        if items and items[-1].is_expression:
            return self._ex.expr(items[-1])
        if items:
            self._statement(items[-1])
        return Constant(None, None, self._ex.places.span(cursor))

    # -- jumps -----------------------------------------------------------------------------------------------

    def _condition(self, cursor: Node, then: int, other: int) -> None:
        """Branch on a condition, its `&&`, `||` and `!` as edges of their own."""
        cursor = self._peel(cursor)
        if cursor.kind is _K.BINARY_OPERATOR and (op := binary_operator(cursor)) in ("&&", "||"):
            left, right = children(cursor)[:2]
            middle = self._graph.block()
            self._condition(left, *((middle, other) if op == "&&" else (then, middle)))
            self._graph.current = middle
            self._condition(right, then, other)
            return
        if cursor.kind is _K.UNARY_OPERATOR and unary_operator(cursor) == "!":
            self._condition(children(cursor)[0], other, then)
            return
        value = _expected(self._ex.expr(cursor))
        self._graph.emit(Evaluate(value, self._ex.places.span(cursor)))
        self._graph.branch(value, then, other)

    def _peel(self, cursor: Node) -> Node:
        while True:
            items = children(cursor)
            if cursor.kind is _K.PAREN_EXPR or (cursor.kind is _K.UNEXPOSED_EXPR and len(items) == 1):
                if not items:
                    return cursor
                cursor = items[0]
            elif cursor.kind is _K.CALL_EXPR and cursor.spelling in _EXPECT:
                arguments = cursor.get_arguments()
                if not arguments:
                    return cursor
                cursor = arguments[0]
            else:
                return cursor

    def _if(self, cursor: Node) -> None:
        items = children(cursor)
        while len(items) > 2 and (items[0].kind is _K.DECL_STMT or items[0].kind.is_declaration()):
            self._statement(items.pop(0))  # C++: `if (auto x = f(); x)`
        if len(items) < 2:
            return
        then, after = self._graph.block(), self._graph.block()
        other = self._graph.block() if len(items) > 2 else after
        self._condition(items[0], then, other)
        self._graph.current = then
        self._statement(items[1])
        self._graph.jump(after)
        if len(items) > 2:
            self._graph.current = other
            self._statement(items[2])
            self._graph.jump(after)
        self._graph.current = after

    def _range(self, cursor: Node) -> None:
        """C++ `for (auto &x : items)`: the body runs any number of times."""
        items = children(cursor)
        if items:
            head, inside, after = self._graph.block(), self._graph.block(), self._graph.block()
            self._graph.go(head)
            self._graph.jump(after)
            self._graph.go(inside)
            self._graph.loops.append((head, after))
            self._statement(items[-1])
            self._graph.loops.pop()
            self._graph.jump(head)
            self._graph.current = after

    def _try(self, cursor: Node) -> None:
        """C++ `try`: the body, then each handler as a way around the rest of it."""
        after = self._graph.block()
        start = self._graph.current
        for item in children(cursor):
            if item.kind is _K.CXX_CATCH_STMT and start is not None:
                self._graph.current = start
                handler = self._graph.block()
                self._graph.go(handler)
            for part in children(item) if item.kind is _K.CXX_CATCH_STMT else [item]:
                self._statement(part)
            self._graph.jump(after)
        self._graph.current = after

    def _while(self, cursor: Node) -> None:
        items = children(cursor)
        if len(items) < 2:
            return
        self._loop(None, items[0], None, items[-1])

    def _do(self, cursor: Node) -> None:
        items = children(cursor)
        if len(items) < 2:
            return
        body, test, after = self._graph.block(), self._graph.block(), self._graph.block()
        self._graph.go(body)
        self._graph.loops.append((test, after))
        self._statement(items[0])
        self._graph.loops.pop()
        self._graph.go(test)
        self._condition(items[1], body, after)
        self._graph.current = after

    def _for(self, cursor: Node) -> None:
        items = children(cursor)
        if not items:
            return
        body, parts = items[-1], items[:-1]
        start = test = step = None
        for part in parts:  # libclang leaves empty parts out: the form of each tells which it is
            if test is None and start is None and (part.kind is _K.DECL_STMT or _assigns(part)):
                start = part
            elif test is None and not _steps(part):
                test = part
            else:
                step = part
        self._loop(start, test, step, body)

    def _loop(self, start: Node | None, test: Node | None, step: Node | None, body: Node) -> None:
        if start is not None:
            self._statement(start)
        head, inside, again, after = (self._graph.block() for _ in range(4))
        self._graph.go(head)
        if test is not None:
            self._condition(test, inside, after)
        else:
            self._graph.jump(inside)
        self._graph.current = inside
        self._graph.loops.append((again, after))
        self._statement(body)
        self._graph.loops.pop()
        self._graph.go(again)
        if step is not None:
            self._statement(step)
        self._graph.jump(head)
        self._graph.current = after

    def _switch(self, cursor: Node) -> None:
        items = children(cursor)
        if len(items) < 2:
            return
        value = self._ex.expr(items[0])
        self._graph.emit(Evaluate(value, self._ex.places.span(items[0])))
        if self._graph.current is None:
            return
        head, after = self._graph.current, self._graph.block()
        defaults: list[bool] = []
        self._switches.append((head, value, defaults))
        self._graph.loops.append((None, after))
        self._graph.leave()
        self._statement(items[-1])
        self._graph.jump(after)
        self._graph.loops.pop()
        self._switches.pop()
        if not defaults:
            self._graph.current = head
            self._graph.jump(after)
        self._graph.current = after

    def _case(self, cursor: Node) -> None:
        items = children(cursor)
        if self._switches and len(items) >= 2:
            head, value, _ = self._switches[-1]
            span = self._ex.places.span(items[0])
            label, *last = (self._ex.expr(item) for item in items[:-1])
            met = Binary("==", value, label, None, span)
            if last:  # `case 1 ... 5:`
                met = Binary("&&", Binary(">=", value, label), Binary("<=", value, last[0]), None, span)
            self._enter_case(head, Test(met, "true"))
        if items:
            self._statement(items[-1])

    def _default(self, cursor: Node) -> None:
        if self._switches:
            head, _, defaults = self._switches[-1]
            defaults.append(True)
            self._enter_case(head, None)
        for item in children(cursor):
            self._statement(item)

    def _enter_case(self, head: int, test: Test | None) -> None:
        target = self._graph.block()
        self._graph.jump(target)  # fall through from the case above
        self._graph.current = head
        self._graph.jump(target, test)
        self._graph.current = target

    def _break(self, _: Node) -> None:
        if self._graph.loops:
            self._graph.jump(self._graph.loops[-1][1])
        self._graph.leave()

    def _continue(self, _: Node) -> None:
        target = self._graph.continue_target()
        if target is not None:
            self._graph.jump(target)
        self._graph.leave()

    def _return(self, cursor: Node) -> None:
        items = children(cursor)
        value = self._ex.expr(items[0]) if items else None
        self._graph.emit(Return(value, self._ex.places.span(cursor)))
        self._graph.leave()

    def _goto(self, cursor: Node) -> None:
        items = children(cursor)
        if items:
            self._graph.jump(self._graph.label(items[0].spelling))
        self._graph.leave()

    def _label(self, cursor: Node) -> None:
        self._graph.go(self._graph.label(cursor.spelling))
        for item in children(cursor):
            self._statement(item)


def lost_mentions(body: Node) -> list[tuple[int, Node, Token]]:
    """Return where a body's text names a local variable and its tree has nothing: (offset, variable, token).

    libclang leaves out what it cannot read, such as `SCOPE_EXIT { close(fd); };` without its header; in C++ it does not
    always say so.
    """
    variables: dict[str, Node] = {}
    covered: list[tuple[int, int]] = []
    for item in body.walk_preorder():
        if item.kind is _K.VAR_DECL:
            variables[item.spelling] = item
        if item.kind is _K.VAR_DECL or (item.is_expression and item.kind is not _K.LAMBDA_EXPR):
            covered.append((item.extent.start.offset, item.extent.end.offset))
    found: list[tuple[int, Node, Token]] = []
    covered.sort(reverse=True)
    seen = 0  # the end of what the tree has, up to the token
    for token in body.get_tokens():
        at = token.extent.start.offset
        while covered and covered[-1][0] <= at:
            seen = max(seen, covered.pop()[1])
        if at >= seen and token.spelling in variables:
            found.append((at, variables[token.spelling], token))
    return found


def _class_of(cursor: Node) -> str:
    """The class of a method, "" for a function."""
    parent = cursor.semantic_parent
    return parent.spelling if parent is not None and parent.kind in (_K.CLASS_DECL, _K.STRUCT_DECL) else ""


def _expected(value: Expr) -> Expr:
    """`__builtin_expect(!!(x), 1)` is a test of x."""
    inner = strip(value)
    if isinstance(inner, CallExpr) and inner.callee in _EXPECT and inner.args:
        inner = _expected(inner.args[0])
    if isinstance(inner, Unary) and inner.op == "!":
        nested = strip(inner.value)
        if isinstance(nested, Unary) and nested.op == "!":
            return _expected(nested.value)
    return inner


def _assigns(cursor: Node) -> bool:
    return cursor.kind is _K.BINARY_OPERATOR and binary_operator(cursor) in ("=", ",")


def _steps(cursor: Node) -> bool:
    if cursor.kind is _K.UNARY_OPERATOR:
        return unary_operator(cursor).endswith(("++", "--"))
    return cursor.kind is _K.COMPOUND_ASSIGNMENT_OPERATOR or _assigns(cursor)


def _cleanup_function(attribute: Node) -> str:
    """The function of `__attribute__((cleanup(f)))`, "" for any other attribute."""
    for item in children(attribute):
        if item.kind is _K.DECL_REF_EXPR:
            return item.spelling
    words = [token.spelling for _, token in zip(range(4), attribute.get_tokens(), strict=False)]
    return words[2] if len(words) > 2 and words[0].strip("_") == "cleanup" else ""
