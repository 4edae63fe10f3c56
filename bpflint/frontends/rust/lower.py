"""What does a Rust function do? Its body as blocks of operations; closures become functions of their own."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from bpflint.analysis.graph import Graph
from bpflint.frontends.rust.evaluate import Evaluator
from bpflint.frontends.rust.impls import Function as Declared
from bpflint.frontends.rust.lower_expressions import Expressions, Locals
from bpflint.frontends.rust.syntax import text_of
from bpflint.model.flow import (
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Constant,
    Evaluate,
    Expr,
    Function,
    Name,
    Op,
    Return,
    Test,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.source import Span

_DEEPEST = 4
"""Closures in closures past this are left out."""


def lower(evaluator: Evaluator, function: Declared) -> Iterator[Function]:
    """Yield a function's body in the flow form, then its closures'."""
    made = _Lowering(evaluator, function, Locals())
    body = function.body
    if body is None:
        return
    node = function.item.node
    owner = function.owner.name if function.owner is not None else ""
    name_node = node.child_by_field_name("name") or node
    listed = node.child_by_field_name("parameters")
    yield made.run(function.item.name, made.span(name_node), listed, body, owner)
    yield from made.closures


class _Lowering:
    """Lowers one body. Expressions are made by `Expressions`, which comes back here for what branches."""

    def __init__(self, evaluator: Evaluator, function: Declared, locals_: Locals, level: int = 0) -> None:
        self._ev = evaluator
        self._level = level
        self._function = function
        self._graph = Graph()
        self._locals = locals_
        self._expressions = Expressions(evaluator, function, locals_, self._branching)
        self._loops: dict[str, tuple[int, int]] = {}
        self._temporary = 0
        self.closures: list[Function] = []

    def span(self, node: Node) -> Span:
        """Return the Span of a node of the function's file."""
        return self._function.item.source.span(node)

    def run(self, name: str, span: Span, params: Node | None, body: Node, owner: str) -> Function:
        """Return the whole function."""
        self._locals.open()
        nodes = params.named_children if params is not None else ()
        found = [item for node in nodes for item in self._parameter(node)]
        value = self._value(body)
        if self._graph.current is not None and body.type == "block" and _has_tail(body):
            self._graph.emit(Return(value, self.span(body)))
            self._graph.leave()
        elif self._graph.current is not None and body.type != "block":
            self._graph.emit(Return(value, self.span(body)))
        self._locals.close()
        return Function(name, span, tuple(found), self._graph.finish(), method_of=owner)

    def _parameter(self, node: Node) -> Iterator[Name]:
        match node.type:
            case "self_parameter":
                yield self._expressions.declare("self", node, "parameter")
            case "parameter":
                pattern = node.child_by_field_name("pattern")
                yield from self._names(pattern, "parameter")
            case _:
                yield from self._names(node, "parameter")

    def _names(self, pattern: Node | None, storage: str = "local") -> list[Name]:
        return self._expressions.bound(pattern, storage)

    # -- statements ------------------------------------------------------------------------------------------

    def _block(self, node: Node) -> Expr:
        self._locals.open()
        found: Expr = Aggregate((), None, self.span(node))
        for item in node.named_children:
            if item.type == "expression_statement":
                inner = next(iter(item.named_children), None)
                if inner is None:
                    continue
                closed = item.children[-1].type == ";"
                value = self._value(inner)
                if closed:
                    self._evaluate(value, inner)
                else:
                    found = value
            elif item.type == "let_declaration":
                self._let(item)
            elif not item.type.endswith(("_item", "comment", "declaration", "definition", "statement")):
                found = self._value(item)
        self._locals.close()
        return found

    def _evaluate(self, value: Expr, node: Node) -> None:
        if isinstance(value, CallExpr):
            self._graph.emit(Call(value, self.span(node)))
        elif not isinstance(value, Name | Constant | Aggregate):
            self._graph.emit(Evaluate(value, self.span(node)))

    def _let(self, node: Node) -> None:
        given, pattern = node.child_by_field_name("value"), node.child_by_field_name("pattern")
        value = self._value(given) if given is not None else None
        alternative = node.child_by_field_name("alternative")
        if alternative is not None and value is not None:
            there, other = self._graph.block(), self._graph.block()
            self._graph.jump(there, Test(value, "nonnull"))
            self._graph.jump(other, Test(value, "null"))
            self._graph.current = other
            self._value(alternative)
            self._graph.jump(there)
            self._graph.current = there
        if value is not None:
            self._bind(pattern, value, node)
        else:
            self._names(pattern)

    def _bind(self, pattern: Node | None, value: Expr, node: Node) -> None:
        """Names of a pattern take a value, or a part of it."""
        if pattern is None:
            return
        names = self._names(pattern)
        whole = pattern.type in ("identifier", "mut_pattern", "ref_pattern")
        for name in names:
            span = self.span(node)
            if whole and isinstance(value, CallExpr):
                self._graph.emit(Call(value, span, name))
            else:
                part = value if whole else Unknown((value,), name.type, span, text_of(pattern)[:40])
                self._graph.emit(Assign(name, part, span, declares=True))
        if not names:
            self._evaluate(value, node)

    # -- what branches ---------------------------------------------------------------------------------------

    def _value(self, node: Node) -> Expr:
        return self._expressions.make(node)

    def _branching(self, node: Node) -> Expr | None:
        """What an expression that has statements or jumps in it gives; None for any other."""
        match node.type:
            case "block":
                return self._block(node)
            case "unsafe_block" | "async_block" | "const_block" | "try_expression" | "await_expression":
                return self._wrapped(node)
            case "if_expression":
                return self._if(node)
            case "match_expression":
                return self._match(node)
            case "while_expression" | "loop_expression" | "for_expression":
                return self._loop(node)
            case "return_expression":
                inner = next(iter(node.named_children), None)
                self._graph.emit(Return(self._value(inner) if inner is not None else None, self.span(node)))
                self._graph.leave()
            case "break_expression" | "continue_expression":
                self._jump(node)
            case "assignment_expression" | "compound_assignment_expr":
                self._assign(node)
            case "closure_expression":
                return self._closure(node)
            case _:
                return None
        return Aggregate((), None, self.span(node))

    def _wrapped(self, node: Node) -> Expr:
        inner = next((item for item in node.named_children if item.type not in ("label", "lifetime")), None)
        if inner is None:
            return Unknown((), None, self.span(node))
        value = self._value(inner)
        if node.type == "try_expression" and self._graph.current is not None:
            fine, failed = self._graph.block(), self._graph.block()
            held = self._held(value, inner)
            self._graph.jump(fine, Test(held, "ok"))
            self._graph.jump(failed, Test(held, "error"))
            self._graph.current = failed
            self._graph.emit(Return(held, self.span(node)))
            self._graph.current = fine
            return held
        return value

    def _held(self, value: Expr, node: Node) -> Expr:
        """A value that is used after a jump: a call is made once, its result has a name."""
        if not isinstance(value, CallExpr):
            return value
        name = self._fresh(node)
        self._graph.emit(Call(value, self.span(node), name))
        return name

    def _fresh(self, node: Node) -> Name:
        self._temporary += 1
        return Name(f"%{self._temporary}", -self._temporary, None, self.span(node), "local")

    def _if(self, node: Node) -> Expr:
        then, other, after = self._graph.block(), self._graph.block(), self._graph.block()
        result = self._fresh(node)
        self._locals.open()
        self._condition(node.child_by_field_name("condition"), then, other)
        self._graph.current = then
        self._into(result, node.child_by_field_name("consequence"), after)
        self._locals.close()
        self._graph.current = other
        alternative = node.child_by_field_name("alternative")
        inner = next(iter(alternative.named_children), None) if alternative is not None else None
        self._into(result, inner, after)
        self._graph.current = after
        return result

    def _into(self, result: Name, node: Node | None, after: int) -> None:
        """A branch: its value goes into the common name, then on to what follows."""
        if node is not None:
            value = self._value(node)
            if self._graph.current is not None and not (isinstance(value, Aggregate) and not value.items):
                span = self.span(node)
                self._graph.emit(
                    Call(value, span, result) if isinstance(value, CallExpr) else Assign(result, value, span)
                )
        self._graph.jump(after)

    def _condition(self, node: Node | None, then: int, other: int) -> None:
        if node is None:
            self._graph.jump(then)
            return
        if node.type == "let_condition":
            value = self._held(self._value(node.child_by_field_name("value") or node), node)
            inside = self._graph.block()
            self._graph.jump(inside, Test(value, "nonnull"))
            self._graph.jump(other, Test(value, "null"))
            self._graph.current = inside
            self._bind(node.child_by_field_name("pattern"), value, node)
            self._graph.jump(then)
            return
        operator = text_of(node.child_by_field_name("operator")) if node.type == "binary_expression" else ""
        if operator in ("&&", "||") or node.type == "let_chain":
            parts = [item for item in node.named_children if not item.type.endswith("comment")]
            for item in parts[:-1]:
                middle = self._graph.block()
                self._condition(item, *((middle, other) if operator != "||" else (then, middle)))
                self._graph.current = middle
            self._condition(parts[-1] if parts else None, then, other)
            return
        if node.type == "unary_expression" and text_of(node).startswith("!"):
            self._condition(next(iter(node.named_children), None), other, then)
            return
        if node.type == "parenthesized_expression":
            self._condition(next(iter(node.named_children), None), then, other)
            return
        value = self._value(node)
        self._graph.emit(Evaluate(value, self.span(node)))
        self._graph.branch(value, then, other)

    def _match(self, node: Node) -> Expr:
        subject = self._held(self._value(node.child_by_field_name("value") or node), node)
        self._graph.emit(Evaluate(subject, self.span(node)))
        head, after, result = self._graph.current, self._graph.block(), self._fresh(node)
        body = node.child_by_field_name("body")
        for arm in body.named_children if body is not None else ():
            if arm.type != "match_arm":
                continue
            self._graph.current = head
            self._graph.go(self._graph.block())
            self._locals.open()
            self._arm(arm, subject, result, after)
            self._locals.close()
        self._graph.current = after
        return result

    def _arm(self, arm: Node, subject: Expr, result: Name, after: int) -> None:
        pattern = arm.child_by_field_name("pattern")
        guard = pattern.child_by_field_name("condition") if pattern is not None else None
        for part in pattern.named_children if pattern is not None else ():
            if guard is None or part != guard:
                self._bind(part, subject, part)
        if guard is not None:
            inside = self._graph.block()
            self._condition(guard, inside, after)
            self._graph.current = inside
        self._into(result, arm.child_by_field_name("value"), after)

    def _loop(self, node: Node) -> Expr:
        head, inside, after = self._graph.block(), self._graph.block(), self._graph.block()
        given = self._value(node.child_by_field_name("value") or node) if node.type == "for_expression" else None
        self._graph.go(head)
        self._locals.open()
        if node.type == "while_expression":
            self._condition(node.child_by_field_name("condition"), inside, after)
        else:
            self._graph.jump(inside)
            if given is not None:
                self._graph.jump(after)
        self._graph.current = inside
        if given is not None:
            element = Unknown((given,), None, self.span(node), "element")
            self._bind(node.child_by_field_name("pattern"), element, node)
        label = next((text_of(item) for item in node.named_children if item.type == "label"), "")
        self._graph.loops.append((head, after))
        if label:
            self._loops[label] = (head, after)
        body = node.child_by_field_name("body")
        if body is not None:
            self._evaluate(self._value(body), body)
        self._graph.loops.pop()
        self._graph.jump(head)
        self._locals.close()
        self._graph.current = after
        return Aggregate((), None, self.span(node))

    def _jump(self, node: Node) -> None:
        label = next((text_of(item) for item in node.named_children if item.type == "label"), "")
        inner = next((item for item in node.named_children if item.type != "label"), None)
        if inner is not None:
            self._evaluate(self._value(inner), inner)
        loops = [self._loops[label]] if label in self._loops else self._graph.loops[-1:]
        for head, after in loops:
            target = head if node.type == "continue_expression" else after
            if target is not None:
                self._graph.jump(target)
        self._graph.leave()

    def _assign(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        value, target = self._value(right), self._value(left)
        span = self.span(node)
        op: Op = Assign(target, value, span)
        if node.type == "compound_assignment_expr":
            op = Update(target, text_of(node.child_by_field_name("operator")), value, span)
        elif isinstance(value, CallExpr):
            op = Call(value, span, target)
        self._graph.emit(op)

    def _closure(self, node: Node) -> Expr:
        body = node.child_by_field_name("body")
        if body is None or self._level > _DEEPEST:
            return Unknown((), None, self.span(node), "closure")
        inner = _Lowering(self._ev, self._function, self._locals.captured(), self._level + 1)
        name = f"{self._function.item.name}::{{closure}}"
        made = inner.run(name, self.span(node), node.child_by_field_name("parameters"), body, "")
        self.closures.extend((made, *inner.closures))
        return Unknown((), None, self.span(node), "closure")


def _has_tail(block: Node) -> bool:
    """Whether a block ends with an expression: that is what the function returns."""
    last = next((item for item in reversed(block.named_children) if not item.type.endswith("comment")), None)
    if last is None or last.type == "let_declaration" or last.type.endswith("_item"):
        return False
    return last.type != "expression_statement" or last.children[-1].type != ";"
