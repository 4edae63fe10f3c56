"""What does a Python function do? Its body as blocks of operations, made from the ast."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bpflint.analysis.graph import Graph
from bpflint.frontends.python.module import Module
from bpflint.model.flow import (
    Aggregate,
    Assign,
    Binary,
    Call,
    CallExpr,
    Cast,
    Conditional,
    Constant,
    Defer,
    Evaluate,
    Expr,
    Function,
    Index,
    Name,
    Return,
    Select,
    Unary,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.layout import Opaque
from bpflint.model.source import Span

NO_POSITION = "an argument by keyword"

_BINARY: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "/", ast.Mod: "%", ast.LShift: "<<",
    ast.RShift: ">>", ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^", ast.Pow: "**", ast.MatMult: "@",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "==",
    ast.IsNot: "!=", ast.In: "in", ast.NotIn: "not in", ast.And: "&&", ast.Or: "||",
}  # fmt: skip


def lower_module(module: Module) -> Iterator[Function]:
    """Yield every function of a module, the module's own statements first as `<module>`."""
    body = [item for item in module.tree.body if not isinstance(item, ast.FunctionDef | ast.ClassDef)]
    if body:
        yield _Lowering(module).function("<module>", module.span(body[0]), (), body)
    for node, owner in _functions(module.tree, ""):
        params = [item.arg for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        yield _Lowering(module).function(node.name, module.name_span(node), tuple(params), node.body, owner)


def _functions(node: ast.AST, owner: str) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child, owner
        yield from _functions(child, child.name if isinstance(child, ast.ClassDef) else owner)


class _Lowering:
    def __init__(self, module: Module) -> None:
        self._module = module
        self._graph = Graph()
        self._locals: dict[str, int] = {}
        self._params: tuple[str, ...] = ()

    def function(
        self, name: str, span: Span, params: tuple[str, ...], body: list[ast.stmt], owner: str = ""
    ) -> Function:
        self._params = params
        names = tuple(Name(item, self._number(item), storage="parameter") for item in params)
        for node in body:
            for item in ast.walk(node):
                if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
                    self._number(item.id)
        self._body(body)
        return Function(name, span, names, self._graph.finish(), method_of=owner)

    def _number(self, name: str) -> int:
        return self._locals.setdefault(name, len(self._locals) + 1)

    # -- statements ------------------------------------------------------------------------------------------

    def _body(self, body: list[ast.stmt]) -> None:
        for node in body:
            self._statement(node)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                found = self._expr(value)
                for target in targets:
                    self._assign(self._expr(target), found, node)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(self._expr(target), self._expr(value), node)
            case ast.AugAssign(target=target, op=op, value=value):
                left = self._expr(target)
                self._graph.emit(Update(left, _BINARY[type(op)] + "=", self._expr(value), self._module.span(node)))
            case ast.Expr(value=value):
                self._evaluate(self._expr(value), node)
            case ast.Return(value=value):
                self._graph.emit(Return(self._expr(value) if value else None, self._module.span(node)))
                self._graph.leave()
            case ast.If():
                self._if(node)
            case ast.While() | ast.For() | ast.AsyncFor():
                self._loop(node)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                self._with(items, body, node)
            case ast.Try() | ast.TryStar():
                self._try(node)
            case ast.Raise():
                if node.exc is not None:
                    self._graph.emit(Evaluate(self._expr(node.exc), self._module.span(node)))
                self._graph.leave()
            case ast.Break():
                if self._graph.loops:
                    self._graph.jump(self._graph.loops[-1][1])
                self._graph.leave()
            case ast.Continue():
                target_block = self._graph.continue_target()
                if target_block is not None:
                    self._graph.jump(target_block)
                self._graph.leave()
            case ast.Delete(targets=targets):
                for target in targets:
                    call = CallExpr("del", (self._expr(target),), span=self._module.span(node))
                    self._graph.emit(Call(call, self._module.span(node)))
            case ast.Match(subject=subject, cases=cases):
                self._match(subject, [case.body for case in cases], node)

    def _assign(self, target: Expr, value: Expr, node: ast.stmt) -> None:
        span = self._module.span(node)
        if isinstance(value, CallExpr):
            self._graph.emit(Call(value, span, target))
        else:
            self._graph.emit(Assign(target, value, span))

    def _evaluate(self, value: Expr, node: ast.stmt) -> None:
        span = self._module.span(node)
        self._graph.emit(Call(value, span) if isinstance(value, CallExpr) else Evaluate(value, span))

    def _if(self, node: ast.If) -> None:
        then, other, after = self._graph.block(), self._graph.block(), self._graph.block()
        self._condition(node.test, then, other)
        for block, body in ((then, node.body), (other, node.orelse)):
            self._graph.current = block
            self._body(body)
            self._graph.jump(after)
        self._graph.current = after

    def _condition(self, node: ast.expr, then: int, other: int) -> None:
        match node:
            case ast.BoolOp(op=op, values=[*first, last]):
                for value in first:
                    middle = self._graph.block()
                    self._condition(value, *((middle, other) if isinstance(op, ast.And) else (then, middle)))
                    self._graph.current = middle
                self._condition(last, then, other)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self._condition(operand, other, then)
            case _:
                found = self._expr(node)
                self._graph.emit(Evaluate(found, self._module.span(node)))
                self._graph.branch(found, then, other)

    def _loop(self, node: ast.While | ast.For | ast.AsyncFor) -> None:
        head, inside, after = self._graph.block(), self._graph.block(), self._graph.block()
        source = None if isinstance(node, ast.While) else self._expr(node.iter)
        self._graph.go(head)
        if isinstance(node, ast.While):
            forever = isinstance(node.test, ast.Constant) and bool(node.test.value)
            if forever:
                self._graph.jump(inside)
            else:
                self._condition(node.test, inside, after)
        else:
            self._graph.emit(Evaluate(source, self._module.span(node.iter)))  # type: ignore[arg-type]
            self._graph.jump(inside)
            self._graph.jump(after)
        self._graph.current = inside
        if not isinstance(node, ast.While):
            element = Unknown((source,) if source is not None else (), text="element")
            self._graph.emit(Assign(self._expr(node.target), element, self._module.span(node.target)))
        self._graph.loops.append((head, after))
        self._body(node.body)
        self._graph.loops.pop()
        self._graph.jump(head)
        self._graph.current = after
        self._body(node.orelse)

    def _with(self, items: list[ast.withitem], body: list[ast.stmt], node: ast.stmt) -> None:
        for item in items:
            value = self._expr(item.context_expr)
            span = self._module.span(item.context_expr)
            held: Expr = value
            if item.optional_vars is not None:
                held = self._expr(item.optional_vars)
                self._assign(held, value, node)
            elif isinstance(value, CallExpr):
                self._graph.emit(Call(value, span))
            self._graph.emit(Defer(CallExpr("__exit__", (), held, span=span), span))
        self._body(body)

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        handlers = [self._graph.block() for _ in node.handlers]
        after = self._graph.block()
        for handler in handlers:
            self._graph.jump(handler)  # the body may fail before its first effect
        body = self._graph.block()
        self._graph.go(body)
        self._body(node.body)
        for handler in handlers:
            self._graph.jump(handler)
        self._body(node.orelse)
        self._graph.jump(after)
        for block, item in zip(handlers, node.handlers, strict=True):
            self._graph.current = block
            self._body(item.body)
            self._graph.jump(after)
        self._graph.current = after
        self._body(node.finalbody)

    def _match(self, subject: ast.expr, bodies: list[list[ast.stmt]], node: ast.stmt) -> None:
        self._graph.emit(Evaluate(self._expr(subject), self._module.span(node)))
        after = self._graph.block()
        head = self._graph.current
        for body in bodies:
            self._graph.current = head
            block = self._graph.block()
            self._graph.go(block)
            self._body(body)
            self._graph.jump(after)
        self._graph.current = head
        self._graph.jump(after)
        self._graph.current = after

    # -- expressions -----------------------------------------------------------------------------------------

    def _expr(self, node: ast.expr) -> Expr:
        span = self._module.span(node)
        match node:
            case ast.Name(id=name):
                if name in self._locals:
                    return Name(name, self._locals[name], None, span, "parameter" if name in self._params else "local")
                return Name(self._module.resolve(node) or name, 0, None, span, "global")
            case ast.Constant(value=value):
                if value is None:
                    return Constant(0, None, span, "None")
                kept = value if isinstance(value, int | float | str) else None
                return Constant(kept, None, span)
            case ast.Attribute(value=value, attr=attr):
                return Select(self._expr(value), attr, span=span)
            case ast.Subscript(value=value, slice=index):
                return Index(self._expr(value), self._expr(index), None, span)
            case ast.Call():
                return self._call(node)
            case ast.BinOp(left=left, op=op, right=right):
                return Binary(_BINARY[type(op)], self._expr(left), self._expr(right), None, span)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return Binary(_BINARY[type(op)], self._expr(left), self._expr(right), None, span)
            case ast.BoolOp(op=op, values=values):
                found = self._expr(values[0])
                for value in values[1:]:
                    found = Binary(_BINARY[type(op)], found, self._expr(value), None, span)
                return found
            case ast.UnaryOp(op=op, operand=operand):
                sign = {ast.Not: "!", ast.Invert: "~", ast.USub: "-"}.get(type(op), "+")
                return Unary(sign, self._expr(operand), None, span)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Conditional(self._expr(test), self._expr(body), self._expr(orelse), None, span)
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                return Aggregate(tuple(("", self._expr(item)) for item in items), None, span)
            case ast.Await(value=value) | ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self._expr(value)
        parts = tuple(self._expr(item) for item in ast.iter_child_nodes(node) if isinstance(item, ast.expr))
        return Unknown(parts, None, span)

    def _call(self, node: ast.Call) -> Expr:
        span = self._module.span(node)
        args = (*(self._argument(item) for item in node.args), *(self._keyword(word) for word in node.keywords))
        dotted = self._module.resolve(node.func)
        root = dotted.split(".")[0]
        if isinstance(node.func, ast.Attribute) and (not dotted or root in self._locals):
            return CallExpr(node.func.attr, args, self._expr(node.func.value), None, span)
        if isinstance(node.func, ast.Attribute) and root not in self._module.imported():
            return CallExpr(node.func.attr, args, self._expr(node.func.value), None, span)
        return CallExpr(dotted or "", args, None if dotted else self._expr(node.func), None, span)

    def _argument(self, node: ast.expr) -> Expr:
        return self._without_position(node.value, "*") if isinstance(node, ast.Starred) else self._expr(node)

    def _keyword(self, word: ast.keyword) -> Expr:
        return self._without_position(word.value, f"{word.arg or '**'}=")

    def _without_position(self, node: ast.expr, written: str) -> Expr:
        """An argument whose place in the call says nothing: the value, with `name=` or `*` as its type's spelling."""
        return Cast(self._expr(node), Opaque(written, NO_POSITION), self._module.span(node), implicit=True)
