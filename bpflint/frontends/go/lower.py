"""What does a Go function do? Its body as blocks of operations, closures as functions of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bpflint.analysis.graph import Graph
from bpflint.frontends.go.expressions import Expressions, Owners, Results, Scopes, Typed, named_children
from bpflint.frontends.go.gotypes import UNKNOWN, Basic, GoType, OtherType, Slice
from bpflint.frontends.go.types import Types
from bpflint.frontends.go.workspace import FuncDecl, GoFile
from bpflint.model.flow import (
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Declare,
    Defer,
    Evaluate,
    Expr,
    Function,
    Go,
    Name,
    Return,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 80


def lower_function(decl: FuncDecl, types: Types, owners: Owners) -> Iterator[Function]:
    """Yield a declared function or method, then the closures inside it.

    `Function.name` is the full name (`pkg/path.Type.Method`); a closure's is its function's with `.func1` behind it.
    """
    full = f"{decl.file.package.path}.{decl.receiver + '.' if decl.receiver else ''}{decl.name}"
    lowering = _Lowering(decl.file, types, Scopes(full), owners, full)
    yield lowering.declared(decl)
    yield from lowering.closures


class _Lowering:
    def __init__(self, file: GoFile, types: Types, scopes: Scopes, owners: Owners, name: str) -> None:
        self._file, self._types, self._scopes, self._owners, self._name = file, types, scopes, owners, name
        self._graph = Graph()
        self._depth = 0
        self._expressions = Expressions(file, types, scopes, owners, self._closure)
        self.closures: list[Function] = []
        self._literals: dict[int, str] = {}
        self._named: list[str] = []
        """The named results of the function being lowered: what a bare `return` gives."""

    # -- functions ------------------------------------------------------------------------------------------

    def declared(self, decl: FuncDecl) -> Function:
        node = decl.node
        params: list[Name] = []
        receiver = node.child_by_field_name("receiver")
        for item in named_children(receiver):
            params.extend(self._parameter(item))
        for item in named_children(node.child_by_field_name("parameters")):
            params.extend(self._parameter(item))
        self._results(node.child_by_field_name("result"))
        named = node.child_by_field_name("name")
        span = self._expressions.span(named if named is not None else node)
        return self._finish(node, self._name, span, tuple(params), decl.receiver)

    def _finish(self, node: Node, name: str, span: Span | None, params: tuple[Name, ...], owner: str = "") -> Function:
        body = node.child_by_field_name("body")
        if body is not None:
            self._block(body)
        place = self._expressions.span(node) if span is None else span
        return Function(name, place, params, self._graph.finish(), method_of=owner)

    def _parameter(self, node: Node) -> Iterator[Name]:
        written = node.child_by_field_name("type")
        if written is None:
            return
        type_ = self._expressions.type_of(written)
        if node.type == "variadic_parameter_declaration":
            type_ = Slice(type_)
        names: list[Node | None] = [item for item in node.children_by_field_name("name") if item.is_named]
        for item in names or [None]:
            text = "_" if item is None else self._expressions.text(item)
            local = self._scopes.declare(text, type_, "parameter")
            span = self._expressions.span(item if item is not None else node)
            yield Name(text, local.decl, self._expressions.model(type_), span, "parameter")

    def _results(self, node: Node | None) -> None:
        """Named results are variables of the body."""
        self._named = []
        if node is None or node.type != "parameter_list":
            return
        for item in named_children(node):
            written = item.child_by_field_name("type")
            for name in item.children_by_field_name("name") if written is not None else ():
                self._scopes.declare(self._expressions.text(name), self._expressions.type_of(written))  # type: ignore[arg-type]
                self._named.append(self._expressions.text(name))

    def _closure(self, node: Node) -> str:
        """A function literal: lowered once, in the scopes it stands in."""
        if node.id in self._literals:
            return self._literals[node.id]
        name = f"{self._scopes.function}.func{len(self._literals) + 1}"
        self._literals[node.id] = name
        outer = (self._graph, self._scopes.function, self._named)
        self._graph, self._scopes.function = Graph(), name
        self._scopes.maps.append({})
        params: list[Name] = []
        for item in named_children(node.child_by_field_name("parameters")):
            params.extend(self._parameter(item))
        self._results(node.child_by_field_name("result"))
        self.closures.append(self._finish(node, name, None, tuple(params)))
        self._scopes.maps.pop()
        self._graph, self._scopes.function, self._named = outer
        return name

    # -- statements -----------------------------------------------------------------------------------------

    def _block(self, node: Node) -> None:
        self._scopes.maps.append({})
        self._statements(node)
        self._scopes.maps.pop()

    def _statements(self, node: Node) -> None:
        for item in named_children(node):
            if item.type == "statement_list":
                self._statements(item)
            else:
                self._statement(item)

    def _statement(self, node: Node) -> None:
        if self._depth > _DEEPEST:
            return
        self._depth += 1
        try:
            self._lower(node)
        finally:
            self._depth -= 1

    def _lower(self, node: Node) -> None:
        match node.type:
            case "short_var_declaration" | "assignment_statement":
                self._assignment(node)
            case "var_declaration":
                for item in named_children(node):
                    specs = named_children(item) if item.type == "var_spec_list" else [item]
                    for spec in specs:
                        self._variable(spec)
            case "type_declaration":
                self._local_types(node)
            case "expression_statement":
                self._evaluate(node.named_child(0))
            case "inc_statement" | "dec_statement":
                target = self._expressions.expr(node.named_child(0))
                op = "++" if node.type == "inc_statement" else "--"
                self._graph.emit(Update(target, op, Unknown(), self._expressions.span(node)))
            case "send_statement":
                channel = self._expressions.expr(node.child_by_field_name("channel"))
                value = self._expressions.expr(node.child_by_field_name("value"))
                span = self._expressions.span(node)
                self._graph.emit(Call(CallExpr("chan.send", (channel, value), None, None, span), span))
            case "receive_statement":
                self._assignment(node)
            case "return_statement":
                self._return(node)
            case "if_statement":
                self._if(node)
            case "for_statement":
                self._for(node)
            case "expression_switch_statement" | "type_switch_statement" | "select_statement":
                self._switch(node)
            case "go_statement" | "defer_statement":
                self._deferred(node)
            case "block":
                self._block(node)
            case "labeled_statement":
                self._labelled(node)
            case "goto_statement":
                self._graph.jump(self._graph.label(self._expressions.text(node.named_child(0))))
                self._graph.leave()
            case "break_statement":
                if self._graph.loops:
                    self._graph.jump(self._graph.loops[-1][1])
                self._graph.leave()
            case "continue_statement":
                target_block = self._graph.continue_target()
                if target_block is not None:
                    self._graph.jump(target_block)
                self._graph.leave()

    def _labelled(self, node: Node) -> None:
        label = node.child_by_field_name("label")
        self._graph.go(self._graph.label(self._expressions.text(label)))
        for item in named_children(node):
            if item.type != "label_name":
                self._statement(item)

    def _evaluate(self, node: Node | None) -> None:
        if node is None:
            return
        value, span = self._expressions.expr(node), self._expressions.span(node)
        self._graph.emit(Call(value, span) if isinstance(value, CallExpr) else Evaluate(value, span))

    def _return(self, node: Node) -> None:
        values = [self._expressions.expr(item) for group in named_children(node) for item in _listed(group)]
        span = self._expressions.span(node)
        values = values or [self._expressions.local(name, span) for name in self._named if name != "_"]
        value: Expr | None = None
        if len(values) == 1:
            value = values[0]
        elif values:
            value = Aggregate(tuple((str(number), item) for number, item in enumerate(values)), None, span)
        self._graph.emit(Return(value, span))
        self._graph.leave()

    def _deferred(self, node: Node) -> None:
        value = self._expressions.expr(node.named_child(0))
        span = self._expressions.span(node)
        if isinstance(value, CallExpr):
            self._graph.emit(Defer(value, span) if node.type == "defer_statement" else Go(value, span))
        else:
            self._graph.emit(Evaluate(value, span))

    def _local_types(self, node: Node) -> None:
        for item in named_children(node):
            name, written = item.child_by_field_name("name"), item.child_by_field_name("type")
            if name is not None and written is not None and item.type in ("type_spec", "type_alias"):
                self._scopes.types[self._expressions.text(name)] = self._expressions.type_of(written)

    # -- assignments ----------------------------------------------------------------------------------------

    def _variable(self, node: Node) -> None:
        written = node.child_by_field_name("type")
        names = [item for item in node.children_by_field_name("name") if item.is_named]
        values = _listed(node.child_by_field_name("value"))
        type_ = self._expressions.type_of(written) if written is not None else None
        if not values:
            for item in names:
                local = self._scopes.declare(self._expressions.text(item), type_ or UNKNOWN)
                span, model = self._expressions.span(item), self._expressions.model(local.type)
                name = Name(self._expressions.text(item), local.decl, model, span, "local")
                self._graph.emit(Declare(name, span))
            return
        self._assign(names, values, node, type_, declare=True)

    def _assignment(self, node: Node) -> None:
        left = _listed(node.child_by_field_name("left"))
        right = _listed(node.child_by_field_name("right"))
        operator = node.child_by_field_name("operator")
        op = self._expressions.text(operator) if operator is not None else ""
        if node.type == "assignment_statement" and op not in ("=", ""):
            target, value = self._expressions.expr(left[0]), self._expressions.expr(right[0])
            self._graph.emit(Update(target, op, value, self._expressions.span(node)))
            return
        declare = node.type == "short_var_declaration" or (
            node.type == "receive_statement" and any(child.type == ":=" for child in node.children)
        )
        if node.type == "receive_statement" and not left:
            for item in right:
                self._evaluate(item)
            return
        self._assign(left, right, node, None, declare=declare)

    def _assign(self, left: list[Node], right: list[Node], node: Node, type_: GoType | None, *, declare: bool) -> None:
        span = self._expressions.span(node)
        if len(right) == 1 and len(left) > 1:
            found = self._several(right[0])
            types = (*found.types, *(UNKNOWN for _ in left))
            targets = [
                self._target(item, type_ or given, declare=declare)
                for item, given in zip(left, types, strict=False)
            ]
            result = Aggregate(tuple((str(number), item) for number, item in enumerate(targets)), None, span)
            self._store(result, found.expr, node)
            return
        values = [self._expressions.typed(item, type_) for item in right]
        for item, value in zip(left, values, strict=False):
            given = type_ or value.type
            target = self._target(item, given, declare=declare)
            self._store(target, value.expr, node, declares=declare)

    def _store(self, target: Expr, value: Expr, node: Node, *, declares: bool = False) -> None:
        span = self._expressions.span(node)
        if isinstance(value, CallExpr):
            self._graph.emit(Call(value, span, target))
        else:
            self._graph.emit(Assign(target, value, span, declares))

    def _several(self, node: Node) -> Results:
        """The value of `a, b = …`: a call's results, or a value with its `ok`."""
        inner = node
        while inner.type == "parenthesized_expression" and inner.named_child_count == 1:
            inner = inner.named_child(0)
        if inner.type == "call_expression":
            return self._expressions.results(inner)
        found = self._expressions.typed(inner)
        return Results(found.expr, (found.type, _BOOL))

    def _target(self, node: Node, type_: GoType, *, declare: bool) -> Expr:
        if node.type == "identifier" and self._expressions.text(node) == "_":
            return Name("_", 0, None, self._expressions.span(node), "local")
        if declare and node.type == "identifier":
            name = self._expressions.text(node)
            if name not in self._scopes.maps[-1]:
                local = self._scopes.declare(name, type_)
                model = self._expressions.model(type_)
                return Name(name, local.decl, model, self._expressions.span(node), "local")
            known = self._scopes.maps[-1][name]
            if known.type is UNKNOWN:
                known.type = type_
        return self._expressions.expr(node)

    # -- control flow ---------------------------------------------------------------------------------------

    def _if(self, node: Node) -> None:
        self._scopes.maps.append({})
        first = node.child_by_field_name("initializer")
        if first is not None:
            self._statement(first)
        then, other, after = self._graph.block(), self._graph.block(), self._graph.block()
        self._condition(node.child_by_field_name("condition"), then, other)
        consequence, alternative = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        for block, body in ((then, consequence), (other, alternative)):
            self._graph.current = block
            if body is not None:
                self._statement(body)
            self._graph.jump(after)
        self._graph.current = after
        self._scopes.maps.pop()

    def _condition(self, node: Node | None, then: int, other: int) -> None:
        while node is not None and node.type == "parenthesized_expression" and node.named_child_count == 1:
            node = node.named_child(0)
        if node is not None and node.type == "binary_expression":
            operator = self._expressions.text(node.child_by_field_name("operator"))
            if operator in ("&&", "||"):
                middle = self._graph.block()
                left = (middle, other) if operator == "&&" else (then, middle)
                self._depth += 1
                if self._depth <= _DEEPEST:
                    self._condition(node.child_by_field_name("left"), *left)
                self._depth -= 1
                self._graph.current = middle
                node = node.child_by_field_name("right")
        if node is None:
            self._graph.leave()
            return
        found = self._expressions.expr(node)
        self._graph.emit(Evaluate(found, self._expressions.span(node)))
        self._graph.branch(found, then, other)

    def _for(self, node: Node) -> None:
        self._scopes.maps.append({})
        head, inside, step, after = (self._graph.block() for _ in range(4))
        clause = next((item for item in node.named_children if item.type in ("for_clause", "range_clause")), None)
        body = node.child_by_field_name("body")
        known = ("for_clause", "range_clause", "block", "comment")
        condition = next((item for item in node.named_children if item.type not in known), None)
        update = None
        if clause is not None and clause.type == "for_clause":
            first = clause.child_by_field_name("initializer")
            if first is not None:
                self._statement(first)
            condition, update = clause.child_by_field_name("condition"), clause.child_by_field_name("update")
        source = None
        if clause is not None and clause.type == "range_clause":
            source = self._expressions.typed(clause.child_by_field_name("right"))
            self._graph.emit(Evaluate(source.expr, self._expressions.span(clause)))
        self._graph.go(head)
        if source is not None:
            self._graph.jump(inside)
            self._graph.jump(after)
        elif condition is not None:
            self._condition(condition, inside, after)
        else:
            self._graph.jump(inside)
        self._graph.current = inside
        if source is not None and clause is not None:
            self._range(clause, source)
        self._graph.loops.append((step, after))
        if body is not None:
            self._block(body)
        self._graph.loops.pop()
        self._graph.go(step)
        if update is not None:
            self._statement(update)
        self._graph.jump(head)
        self._graph.current = after
        self._scopes.maps.pop()

    def _range(self, clause: Node, source: Typed) -> None:
        """`for k, v := range x`: the last name of two is the element, the only one of a channel as well."""
        left = _listed(clause.child_by_field_name("left"))
        declare = any(child.type == ":=" for child in clause.children)
        span = self._expressions.span(clause)
        element = self._expressions.element(source.type)
        under = self._types.underlying(source.type)
        channel = isinstance(under, OtherType) and "chan" in under.spelling
        model = self._expressions.model(element)
        for number, item in enumerate(left):
            if number == 1 or channel:
                value: Expr = CallExpr("range", (source.expr,), None, model, span)
                target = self._target(item, element, declare=declare)
            else:
                value, target = Unknown((), None, span, "key"), self._target(item, UNKNOWN, declare=declare)
            self._store(target, value, clause)

    def _switch(self, node: Node) -> None:
        self._scopes.maps.append({})
        first = node.child_by_field_name("initializer")
        if first is not None:
            self._statement(first)
        value = node.child_by_field_name("value")
        subject = self._expressions.typed(value) if value is not None else None
        if subject is not None and value is not None:
            self._graph.emit(Evaluate(subject.expr, self._expressions.span(value)))
        cases = [item for item in node.named_children if item.type.endswith("case")]
        blocks = [self._graph.block() for _ in cases]
        after = self._graph.block()
        tests = node.type == "expression_switch_statement" and subject is None
        if tests:
            self._tested(cases, blocks, after)
        else:
            self._entered(node, cases, blocks, after)
        self._graph.loops.append((None, after))
        for number, (block, case) in enumerate(zip(blocks, cases, strict=True)):
            self._graph.current = block
            self._scopes.maps.append({})
            self._case(node, case, subject, tested=tests)
            falls = any(item.type == "fallthrough_statement" for item in _body(case))
            self._graph.jump(blocks[number + 1] if falls and number + 1 < len(blocks) else after)
            self._scopes.maps.pop()
        self._graph.loops.pop()
        self._graph.current = after
        self._scopes.maps.pop()

    def _entered(self, node: Node, cases: list[Node], blocks: list[int], after: int) -> None:
        """Nothing is known of which case is taken."""
        head = self._graph.current
        for block in blocks:
            self._graph.current = head
            self._graph.jump(block)
        if node.type != "select_statement" and not any(item.type == "default_case" for item in cases):
            self._graph.current = head
            self._graph.jump(after)

    def _tested(self, cases: list[Node], blocks: list[int], after: int) -> None:
        """`switch { case err != nil: … }` is a chain of tests."""
        other = after
        for case, block in zip(cases, blocks, strict=True):
            if case.type == "default_case":
                other = block
                continue
            for condition in (one for item in case.children_by_field_name("value") for one in _listed(item)):
                following = self._graph.block()
                self._condition(condition, block, following)
                self._graph.current = following
        self._graph.jump(other)

    def _case(self, node: Node, case: Node, subject: Typed | None, *, tested: bool) -> None:
        alias = node.child_by_field_name("alias")
        if alias is not None and subject is not None:
            written = case.children_by_field_name("type")
            type_ = self._expressions.type_of(written[0]) if len(written) == 1 else subject.type
            for item in _listed(alias):
                target = self._target(item, type_, declare=True)
                self._graph.emit(Assign(target, subject.expr, self._expressions.span(item), True))
        communication = case.child_by_field_name("communication")
        if communication is not None:
            self._statement(communication)
        for item in () if tested else case.children_by_field_name("value"):
            for one in _listed(item):
                self._graph.emit(Evaluate(self._expressions.expr(one), self._expressions.span(one)))
        for item in _body(case):
            self._statement(item)


_BOOL = Basic("bool")


def _body(case: Node) -> Iterator[Node]:
    for item in named_children(case):
        if item.type == "statement_list":
            yield from named_children(item)


def _listed(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return list(named_children(node)) if node.type == "expression_list" else [node]
