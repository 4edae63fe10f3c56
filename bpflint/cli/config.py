"""Which keys may a configuration have, and what do they say here? `bpflint config`."""

from __future__ import annotations

import argparse
from pathlib import Path

from bpflint.engine.config import KEYS, load_config
from bpflint.engine.nearest import did_you_mean
from bpflint.engine.root import find_root
from bpflint.model.errors import ConfigError
from bpflint.model.finding import Severity

HELP = "show the configuration: every key, its value here and what it means"

_MEANING = {
    "select": "rules that run, by code, prefix, name or ALL (default: every rule but the pedantic ones)",
    "extend-select": "rules that run as well",
    "ignore": "rules that do not run; the longest prefix wins, ignore wins a tie",
    "per-file-ignores": 'rules that say nothing in some files: {"tests/**" = ["BPF301"]}',
    "exclude": "files and folders that are neither read nor reported",
    "targets": "user targets: x86_64 arm64 s390x riscv64 arm i386 ppc64le mips64le loong64, or ARCH:RELEASE",
    "bpfeb": "also lay out for big-endian BPF",
    "min-kernel": "the oldest kernel the project supports, e.g. '5.10'",
    "include-dirs": "include folders of the C code, relative to the root",
    "defines": "macros of the C code, 'X=Y'",
    "system-headers": "read /usr/include too; two machines may then disagree",
    "libclang-path": "a libclang other than the installed one",
    "vmlinux-btf": "raw BTF that a missing vmlinux.h is made from (default: the embedded kernel)",
    "objects": "globs of compiled objects to read, also below ignored folders",
    "fail-on": "the severity from which a finding raises exit code 1: error, warning, info",
    "persona": "regular or pedantic",
    "file-timeout": "seconds after which a file that is still being read is given up",
    "pair": "[[tool.bpflint.pair]] bpf or map, user, codec, ignore: types that share bytes, or do not",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `config`."""
    parser.add_argument("key", nargs="?", help="one key only")


def run(args: argparse.Namespace) -> int:
    """Print the keys with their values and where they were set."""
    if args.key is not None and args.key not in KEYS:
        raise ConfigError(f"unknown key '{args.key}'{did_you_mean(args.key, KEYS)}")
    root = find_root(Path.cwd())
    config = load_config(root)
    print(f"# root: {root.path}")
    print(f"# file: {root.config or 'none; bpflint.toml or [tool.bpflint] in pyproject.toml'}")
    for key in KEYS if args.key is None else (args.key,):
        place = f"   # {config.places[key]}" if key in config.places else ""
        print(f"\n# {_MEANING[key]}\n{key} = {_toml(getattr(config, key.replace('-', '_')))}{place}")
    return 0


def _toml(value: object) -> str:
    if value is None:
        return '["ALL"]'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f'"{value.word}"' if isinstance(value, Severity) else str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) if isinstance(item, tuple | str) else str(item) for item in value) + "]"
    return f'"{value}"'
