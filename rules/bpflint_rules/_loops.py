"""Which blocks of a body form a loop?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bpflint.api import Function, predecessors


def loops(function: Function) -> Mapping[int, set[int]]:
    """The blocks of each natural loop by its head: what reaches a jump back without passing the head."""
    into = predecessors(function)
    found: dict[int, set[int]] = {}
    for tail, head in _back_edges(function):
        body, work = {head}, [tail]
        while work:
            number = work.pop()
            if number not in body:
                body.add(number)
                work.extend(into[number])
        found[head] = found.get(head, set()) | body
    return found


def _back_edges(function: Function) -> Iterator[tuple[int, int]]:
    """Jumps to a block that is on the way from the start, by a walk in depth."""
    state = {0: 1}
    stack = [(0, iter(function.blocks[0].edges))] if function.blocks else []
    while stack:
        number, edges = stack[-1]
        edge = next(edges, None)
        if edge is None:
            state[number] = 2
            stack.pop()
        elif state.get(edge.to) == 1:
            yield number, edge.to
        elif edge.to not in state:
            state[edge.to] = 1
            stack.append((edge.to, iter(function.blocks[edge.to].edges)))
