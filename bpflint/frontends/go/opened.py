"""Which collections of a Go function are of an object whose file is not known?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bpflint.analysis.walk import Origin, operations, origins, strip, walk
from bpflint.frontends.go.provenance import EBPF
from bpflint.model.flow import Aggregate, Call, CallExpr, Constant, Expr, Function, Name

_FILES = (f"{EBPF}.LoadCollectionSpec", f"{EBPF}.LoadCollection")
_MADE = (f"{EBPF}.NewCollection", f"{EBPF}.NewCollectionWithOptions", f"{EBPF}.CollectionSpec.Copy")


def unnamed(function: Function, package: str) -> frozenset[int]:
    """Return the declaration numbers of specs and collections that may be any.

    A caller of another package passes them, or they are read from a file that is named at run time.
    """
    exported = package != "main" and function.name.rsplit(".", 1)[-1][:1].isupper()
    found = {item.decl for item in function.params} if exported else set[int]()
    assigned = origins(function)
    for call, decl in _results(function):
        given = strip(call.args[0] if call.args else call.receiver or call)
        is_made = call.callee in _MADE and isinstance(given, Name) and given.decl in found
        if is_made or (call.callee in _FILES and not _is_named(given, assigned)):
            found.add(decl)
    return frozenset(found - {0})


def _results(function: Function) -> Iterator[tuple[CallExpr, int]]:
    """The calls of a body with the local that takes their first result."""
    for op in operations(function):
        match op:
            case Call(call=call, result=Name(decl=decl) | Aggregate(items=((_, Name(decl=decl)), *_))):
                yield call, decl


def _is_named(path: Expr, assigned: Mapping[int, Origin]) -> bool:
    """Whether the text tells a file, or a constant of the package may: `filepath.Join(dir, "probe.o")`."""
    given = assigned[path.decl].values if isinstance(path, Name) and path.decl in assigned else (path,)
    return all(_tells_file(item) for item in given)


def _tells_file(path: Expr) -> bool:
    if isinstance(whole := strip(path), Name):
        return whole.storage == "global"
    return any(isinstance(part, Constant) and isinstance(part.value, str) and ".o" in part.value for part in walk(path))
