"""What is kept of a run? One JSON document with everything that was asked and said, and metrics for a time series."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bpflint import __version__
from bpflint.api import ConfigError
from bpflint.check.jobs import Facts
from bpflint.check.programs import Loading
from bpflint.check.run import Checked, Session

SCHEMA = 1
_KEPT = 50


def document(checked: Checked, compiler: str, began: datetime) -> Facts:
    """Return the record of a run: kernels as they named themselves, objects by sha256, jobs with their answers."""
    return {
        "schema": SCHEMA, "version": __version__, "began": _stamp(began), "ended": _stamp(datetime.now(UTC)),
        "compiler": compiler, "kernels": [_session(item) for item in checked.sessions],
        "programs": [_loading(item) for item in checked.loadings],
        "findings": [
            {"fingerprint": item.fingerprint, "code": item.code, "path": item.span.path, "line": item.span.line,
             "verdict": item.verdict.state} for item in checked.findings if item.verdict is not None
        ],
    }  # fmt: skip


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _session(session: Session) -> Facts:
    answers = session.answers
    return {
        "kernel": str(session.machine.kernel), "guest": session.machine.guest, "failed": session.failed,
        "hello": answers.hello if answers else {}, "boots": answers.boots if answers else 0,
        "seconds": round(answers.seconds, 3) if answers else 0.0, "console": list(answers.console) if answers else [],
        "objects": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(session.batch.objects.items())},
        "jobs": [{"kind": job.kind, **job.arguments, "answer": answer} for job, answer in
                 zip(session.batch.jobs, answers.answers if answers else (), strict=False)],
    }  # fmt: skip


def _loading(item: Loading) -> Facts:
    return {
        "path": item.unit.path, "program": item.program.name, "kernel": str(item.kernel),
        "errno": item.answer.get("errno"), "why": item.answer.get("why", ""),
        "class": item.kind if item.refused else "", "instructions": item.instructions,
    }  # fmt: skip


def text_of(record: Facts) -> str:
    """Return a record as it is written."""
    return json.dumps(record, indent=1, sort_keys=True) + "\n"


def keep(record: Facts, folder: Path) -> Path:
    """Write a record below a folder and return its place; the oldest beyond fifty go."""
    from bpflint.engine.files import write_atomically

    folder.mkdir(parents=True, exist_ok=True)
    data = text_of(record).encode()
    path = folder / f"{record['began'].replace(':', '')}-{hashlib.sha256(data).hexdigest()[:8]}.json"
    write_atomically(path, data)
    for old in sorted(folder.glob("*.json"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def counts_before(path: Path) -> Mapping[tuple[str, str, str], int]:
    """Return the instructions of each (path, program, kernel) of a record; ConfigError where it is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        programs: Sequence[Mapping[str, Any]] = record["programs"]
        return {(item["path"], item["program"], item["kernel"]): item["instructions"] for item in programs
                if isinstance(item["instructions"], int)}  # fmt: skip
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: is no record of `bpflint check` ({error})") from None


def metrics(checked: Checked) -> str:
    """Return OpenMetrics text: load time and instructions of each program and kernel, findings by code and verdict."""
    return "\n".join([*_metrics(checked), "# EOF", ""])


def _metrics(checked: Checked) -> Iterator[str]:
    yield from ("# TYPE bpflint_load_seconds gauge", "# UNIT bpflint_load_seconds seconds")
    loaded = [item for item in checked.loadings if "seconds" in item.answer]
    for item in loaded:
        yield f"bpflint_load_seconds{_labels(item)} {item.answer['seconds']:.6f}"
    yield "# TYPE bpflint_verified_instructions gauge"
    for item in loaded:
        if item.instructions is not None:
            yield f"bpflint_verified_instructions{_labels(item)} {item.instructions}"
    yield "# TYPE bpflint_findings gauge"
    found = Counter((item.code, item.verdict.state if item.verdict else "none") for item in checked.findings)
    for (code, state), number in sorted(found.items()):
        yield f'bpflint_findings{{code="{code}",verdict="{state}"}} {number}'


def _labels(item: Loading) -> str:
    return f'{{path="{_quoted(item.unit.path)}",program="{item.program.name}",kernel="{item.kernel}"}}'


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
