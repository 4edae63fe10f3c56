"""What does one Python module hold? Its Unit, and jobs for the C text inside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bpflint.frontends.python.bcc import Bcc
from bpflint.frontends.python.ctypes_types import CTypes
from bpflint.frontends.python.formats import dtype_record
from bpflint.frontends.python.fragments import Texts
from bpflint.frontends.python.lower import lower_module
from bpflint.frontends.python.module import Module
from bpflint.model.errors import FrontEndError
from bpflint.model.layout import RecordDecl
from bpflint.model.unit import Link, Unit
from bpflint.reading import Job, Loaded, Reads, Settings

_MOST_BYTES = 8 << 20
_MOST_TEXT = 4 << 20


def load_unit(job: Job, settings: Settings) -> Loaded:
    """Return the Unit of a module and a job for each C text it hands to bcc."""
    data = _read(settings.root, job.path)
    module = Module(job.path, data)
    types = CTypes(module)
    bcc = Bcc(module, types)
    jobs = tuple(_texts(module, job, bool(job.extra.get("many"))))
    links = [*bcc.links(), *(Link("inline", f"{job.path}#{item.extra['name']}") for item in jobs)]
    unit = Unit(
        job.path, "python", "user", records=(*types.records(), *_dtypes(module)), uses=tuple(bcc.uses()),
        functions=tuple(lower_module(module)), links=tuple(links), references=tuple(bcc.references()),
        includes=(job.path,),
    )  # fmt: skip
    return Loaded((unit,), jobs, Reads((job.path,)))


def _read(root: Path, path: str) -> bytes:
    try:
        data = (root / path).read_bytes()
    except OSError as error:
        raise FrontEndError(f"{path}: cannot be read ({error.strerror})") from error
    if len(data) > _MOST_BYTES:
        raise FrontEndError(f"{path}: {len(data) >> 20} MB is too large for a Python source; exclude it")
    return data


def _dtypes(module: Module) -> Iterator[RecordDecl]:
    for name, value in module.values.items():
        if isinstance(value, ast.Call) and module.resolve(value.func) == "numpy.dtype":
            found = dtype_record(value, module, name)
            if found is not None:
                yield found


def _texts(module: Module, job: Job, many: bool) -> Iterator[Job]:
    """The C texts by two choices of branches: the first of every `if`, and the last."""
    seen: set[str] = set()
    for last in (False, True):
        for number, (_, found) in enumerate(Texts(module, last).calls):
            if found is None or not found.text.strip() or found.text in seen or len(found.text) > _MOST_TEXT:
                continue
            seen.add(found.text)
            name = f"text{number}" + ("b" if last else "")
            extra = {"name": name, **({"many": "1"} if many else {}), **({"optional": "1"} if last else {})}
            yield Job("c", job.path, "bcc", found.text, found.places(), job.files, extra)
