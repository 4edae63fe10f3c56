"""Which subcommand was asked for, and what does its outcome mean to the shell?"""

from __future__ import annotations

import argparse
import errno
import gc
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeGuard

from bpflint import __version__
from bpflint.model.errors import BpflintError, StdoutError

if TYPE_CHECKING:
    from bpflint.engine.replays import Recording

BUG = 3
USAGE = 2
INTERRUPTED = 130
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def commands() -> tuple[str, ...]:
    """Return the names of the subcommands: the modules of this package that do not start with `_`."""
    names = (entry.stem for entry in Path(__file__).parent.glob("*.py"))
    return tuple(sorted(name.replace("_", "-") for name in names if not name.startswith("_")))


def main(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code: 0, 1, 2 usage, 3 our bug, 130 interrupted."""
    if sys.stdout is None:  # closed by the caller (`>&-`): the exit code is still wanted
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  lives as long as the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  likewise
    try:
        code = _ended(argv)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()  # whoever read our output has seen enough
        return 0
    except StdoutError as error:
        return _unwritten(error)
    except BpflintError as error:
        print(f"bpflint: {error}", file=sys.stderr)
        return USAGE
    except Exception as error:  # noqa: BLE001  the top of the command line: a bug of ours gets a line and code 3
        if _interrupted(error):
            return INTERRUPTED
        if _full(error):
            return _unwritten(StdoutError(f"the output cannot be written: {error.strerror}"))
        return _bug(error)


def _ended(argv: Sequence[str]) -> int:
    try:
        return _run(argv)
    except SystemExit as end:  # of argparse: help, or what it cannot parse
        return end.code if isinstance(end.code, int) else USAGE


def _interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is what made an error: in the midst of a class Python 3.11 raises a RuntimeError for it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _full(error: Exception) -> TypeGuard[OSError]:
    """Whether `print` met a full disk; files that are opened by name are told with it, where they are written."""
    return isinstance(error, OSError) and error.filename is None and error.errno in _NO_ROOM


def _unwritten(error: StdoutError) -> int:
    print(f"bpflint: {error}", file=sys.stderr)
    _drop_stdout()
    return USAGE


def _drop_stdout() -> None:
    """Keep the interpreter from complaining at exit about what it could not flush."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(argv: Sequence[str]) -> int:
    _require_folder()
    recording = _recording(argv)
    code = recording.replay() if recording is not None else None
    if code is not None:
        return code
    names = commands()
    chosen = next((word for word in argv if not word.startswith("-")), None)
    if chosen is not None and chosen not in names:
        raise BpflintError(_no_command(chosen, names))
    parser = argparse.ArgumentParser(
        prog="bpflint", description="Find where eBPF programs and the code that loads them disagree about their bytes."
    )
    parser.add_argument("--version", action="version", version=f"bpflint {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    gc.disable()  # what is imported is no garbage; to look for some takes a fifth of the time
    for name in (chosen,) if chosen in names else names:
        module = _module(name)
        sub = subparsers.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    gc.freeze()
    gc.enable()
    args, unknown = parser.parse_known_args(argv)
    if unknown:
        raise BpflintError(_no_option(unknown[0], args.command, subparsers.choices))
    if args.command is None:
        parser.print_help()
        return USAGE
    args.recording = recording
    return int(args.run(args))


def _no_command(word: str, names: Sequence[str]) -> str:
    from bpflint.engine.nearest import did_you_mean  # late: only an error needs it

    hint = f"; did you mean 'bpflint scan {word}'?" if os.path.exists(word) else did_you_mean(word, names)
    return f"unknown command '{word}'{hint} (bpflint --help lists all)"


def _no_option(word: str, command: str | None, parsers: Mapping[str, argparse.ArgumentParser]) -> str:
    from bpflint.engine.nearest import nearest  # late: likewise

    parser = parsers.get(command or "")
    options = [name for action in parser._actions for name in action.option_strings] if parser is not None else []
    found = nearest(word.strip("-"), (name.strip("-") for name in options)) if word.startswith("-") else ""
    hint = next((f"; did you mean '{name}'?" for name in options if found and name.strip("-") == found), "")
    return f"unknown argument '{word}'{hint} ({' '.join(filter(None, ('bpflint', command)))} --help lists all)"


def _require_folder() -> None:
    try:
        os.getcwd()
    except OSError as error:
        raise BpflintError(f"the current folder cannot be used: {error.strerror}; cd to another one") from None


def _recording(argv: Sequence[str]) -> Recording | None:
    """What is needed to replay a run later; only these two commands are."""
    if argv[:1] not in (["scan"], ["hook"]):
        return None
    from bpflint.engine.replays import Recording  # late: hashlib and tempfile, 20 ms

    return Recording(argv)


def _module(name: str | None) -> ModuleType:
    return importlib.import_module(f"bpflint.cli.{(name or '').replace('-', '_')}")


def _bug(error: Exception) -> int:
    import traceback

    if os.environ.get("BPFLINT_TRACEBACK"):
        traceback.print_exc()
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"
    text = " ".join(str(error).split())
    print(
        f"bpflint: internal error: {type(error).__name__}: {text} ({place}); "
        "please report it with the output of BPFLINT_TRACEBACK=1",
        file=sys.stderr,
    )
    return BUG
