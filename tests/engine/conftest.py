"""How is the engine run in tests? A project of toy files in a fresh folder, and a request for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bpflint.api import Settings
from bpflint.engine.config import load_config
from bpflint.engine.plugins import Plugins
from bpflint.engine.request import Flags, Request, per_file_wishes, wishes
from bpflint.engine.root import Root
from bpflint.engine.run import Result, run

from . import toy

RULES = (toy.BadRule(), toy.StyleRule(), toy.CrossRule(), toy.BoomRule())
PLUGINS = Plugins(lambda: RULES, (toy.ToyFrontEnd(),))

Write = Callable[[str, str], Path]
Scan = Callable[..., Result]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    def scan(*paths: str, plugins: Plugins = PLUGINS, jobs: int = 1, **options: Any) -> Result:
        return run(request_for(tmp_path, paths or ("",), jobs, **options), plugins)

    return scan


def request_for(folder: Path, paths: tuple[str, ...], jobs: int = 1, **options: Any) -> Request:
    names = Flags.__dataclass_fields__
    flags = Flags(**{key: value for key, value in options.items() if key in names})
    config_file = folder / "bpflint.toml"
    root = Root(folder, config_file if config_file.exists() else None)
    config = load_config(root)
    if "file_timeout" in options:
        config = replace(config, file_timeout=options["file_timeout"])
    select, ignore = wishes(config, flags)
    return Request(
        root=root,
        config=config,
        settings=Settings(root=folder, jobs=jobs),
        paths=tuple("" if path == "." else path for path in paths),
        select=select,
        ignore=ignore,
        per_file=tuple(per_file_wishes(config)),
        persona=flags.persona or config.persona,
        fail_on=flags.fail_on or config.fail_on,
        objects=config.objects,
        only=flags.only,
        allow_empty=flags.allow_empty,
    )
