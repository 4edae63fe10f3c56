"""Which object does user-side C look a name up in? A handle followed to the file or skeleton that was opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bpflint.analysis.walk import strip
from bpflint.frontends.c.values import DEPTH, Frame, Value, Values
from bpflint.model.flow import Call, CallExpr, Constant, Expr, Function, Name, Op, Select, Unknown

_FILE = re.compile(r"(?:^|/)([\w.-]+\.o)$")
_SAME = ("xdp_program__bpf_obj",)
"""Calls that give the object of the handle they are given (libxdp)."""
_CALLER = "?"
"""What a parameter stands for where the calls that pass it are looked at themselves."""


class Opened:
    """Follows the objects of one file. `path` is the file; `skeletons` are the links by their structs' names."""

    def __init__(self, values: Values, functions: Sequence[Function], path: str, skeletons: Mapping[str, str]) -> None:
        self._values = values
        self._path = path
        self._skeletons = skeletons
        self._is_program = any(item.name == "main" and item.span.path == path for item in functions)

    def object_of(self, expr: Expr, frames: Sequence[Frame]) -> str | None:
        """Return the one object that a handle stands for as seen from some frames: `probe.bpf.o`, a skeleton's link.

        None where it is not surely known: its name is put together, any file may pass it, it is one of two.
        """
        found = {name for frame in frames for name in self._names(expr, frame)} - {_CALLER}
        return found.pop() if len(found) == 1 else None

    def _names(self, expr: Expr, frame: Frame) -> Iterator[str | None]:
        for value in self._values.of(expr, frame):
            match strip(value.expr):
                case Constant():
                    pass  # NULL
                case Name(storage="parameter"):
                    yield _CALLER if frame.depth < DEPTH and self._is_ours(value.frame) else None
                case Select(field="obj", owner=owner):
                    yield self._skeletons.get(owner.removeprefix("struct "))
                case CallExpr(callee=callee, args=(handle, *_)) if callee in _SAME:
                    yield self.object_of(handle, (value.frame,))
                case CallExpr() as call:
                    yield self._opened(call, value.frame)
                case Unknown() if isinstance(op := _operation(value), Call):
                    yield self._opened(op.call, value.frame)  # its address was passed
                case _:
                    yield None

    def _is_ours(self, frame: Frame) -> bool:
        """Whether a function is called by this file alone; one of a header, or of a library, may be by any."""
        function = frame.function
        private = function.span.path == self._path and (function.static or self._is_program)
        return private and frame.caller is None and self._values.is_called(function)

    def _opened(self, call: CallExpr, frame: Frame) -> str | None:
        """The file that libbpf, or a helper of another file, is told to open."""
        texts = (self._values.text(item, frame) for item in call.args)
        files = {found[1] for text in texts if text and (found := _FILE.search(text))}
        return files.pop() if len(files) == 1 else None


def _operation(value: Value) -> Op:
    return value.frame.function.blocks[value.frame.block].ops[value.frame.index]
