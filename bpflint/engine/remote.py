"""How are files read on a cluster? `--executor dask://HOST:PORT`: the same jobs, as futures of Dask (extra `dask`).

The workers need this version of bpflint with the same plugins, and the tree at the same path. A task whose worker is
lost goes to another one; one that has cost several workers fails as a crashed parser does here.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from bpflint import __version__, _hot
from bpflint.engine.local import LocalRules
from bpflint.engine.plugins import load_plugins
from bpflint.engine.worker import Answer, Assignment, Failed, answer
from bpflint.model.data import dataclass
from bpflint.model.errors import ConfigError
from bpflint.reading import Job, Settings

SCHEME = "dask://"
Key = tuple[int, ...]
_ONE = threading.Lock()
"""The front ends keep what they have read, and a worker may have several threads."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What every task needs, sent once."""

    version: str
    codes: tuple[str, ...]
    settings: Settings
    rule_settings: Settings
    files: tuple[str, ...]


class Jobs(Protocol):
    """What has to be done, and where the answers go; more jobs may come of an answer."""

    assignment: Assignment

    def take(self) -> tuple[Key, Job] | None:
        """Return the next job with its key, None where none is waiting."""

    def keep(self, key: Key, answer: Answer) -> None:
        """Take the answer to a job."""


def check_executor(url: str) -> None:
    """Raise ConfigError for an executor that nobody knows, or whose library is missing."""
    if not url.startswith(SCHEME) or url == SCHEME:
        raise ConfigError(f"--executor: '{url}' is not dask://HOST:PORT")
    try:
        import distributed  # noqa: F401  asked for here, so that the complaint comes before the work
    except ImportError:
        raise ConfigError("--executor: dask is not installed; pip install 'bpflint[dask]'") from None


def run_remotely(url: str, jobs: Jobs) -> None:
    """Have all jobs done by the cluster behind a scheduler; ConfigError where it cannot be reached."""
    from distributed import Client, as_completed

    try:
        client = Client(url.removeprefix(SCHEME), timeout="10s")
    except OSError as error:
        raise ConfigError(f"--executor: no scheduler answers at {url} ({error})") from None
    with client:
        assignment = jobs.assignment
        shared = _shared(assignment)  # with each job: what is scattered is lost with the worker that holds it
        waiting: dict[Any, tuple[Key, Job]] = {}

        def submit() -> list[Any]:
            sent = []
            while (item := jobs.take()) is not None:
                future = client.submit(work, replace(item[1], files=()), shared, pure=False)
                waiting[future] = item
                sent.append(future)
            return sent

        done = as_completed(submit())
        for future in done:
            key, job = waiting.pop(future)
            found = _result(future)
            assignment.keep(job, found)
            jobs.keep(key, found)
            done.update(submit())


def _shared(assignment: Assignment) -> Shared:
    codes = tuple(rule.meta.code for rule in assignment.rules.find())
    return Shared(__version__, codes, assignment.settings, assignment.rules.settings, assignment.files)


def _result(future: Any) -> Answer:
    from distributed import KilledWorker

    try:
        found: Answer = future.result()
    except KilledWorker:
        return Failed("its parser crashed (on several workers); the file was left out")
    return found


def work(job: Job, shared: Shared) -> Answer:
    """Do one job; what a worker of the cluster runs."""
    with _ONE:
        return answer(job, _assignment(shared))


_LAST: list[tuple[Shared, Assignment]] = []


def _assignment(shared: Shared) -> Assignment:
    """The assignment of a run, made once a process."""
    if not _LAST or _LAST[0][0] != shared:
        _LAST[:] = [(shared, _made(shared))]
    return _LAST[0][1]


def _made(shared: Shared) -> Assignment:
    plugins = load_plugins()
    rules = tuple(rule for rule in plugins.rules if rule.meta.code in shared.codes)
    if shared.version != __version__ or len(rules) != len(shared.codes):
        raise ConfigError(f"--executor: a worker has bpflint {__version__} or other plugins, not {shared.version}")
    settings = _with_vmlinux(shared.settings)
    frontends = {item.name: item for item in plugins.frontends}
    local = LocalRules(lambda: rules, shared.rule_settings, at_hand=False)
    return Assignment((), frontends, settings, shared.files, local)


def _with_vmlinux(settings: Settings) -> Settings:
    """A worker may not see the folder of the one who asks: the header is made once more, from the same types."""
    if settings.vmlinux_dir is None or settings.vmlinux_dir.is_dir():
        return settings
    from bpflint.kernels.vmlinux import cached_vmlinux_h

    btf = settings.vmlinux_btf.read_bytes() if settings.vmlinux_btf is not None else None
    return replace(settings, vmlinux_dir=cached_vmlinux_h(Path(_hot.cache_folder()), btf).parent)
