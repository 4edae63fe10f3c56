"""What does the configuration say? Reads `bpflint.toml` or `[tool.bpflint]`, checks every key, keeps where it stood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from typing import Any

from bpflint.analysis.abi import canonical_target
from bpflint.engine.nearest import did_you_mean
from bpflint.engine.overrides import PairOverride
from bpflint.engine.root import Root
from bpflint.model.data import dataclass
from bpflint.model.errors import ConfigError
from bpflint.model.finding import Persona, Severity
from bpflint.model.layout import Codec

_MACRO = re.compile(r"[A-Za-z_]\w*(\([\w, .]*\))?(=.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One configuration; fields are the keys with `-` as `_`. `places` names `file:line` of each key that was given."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    targets: tuple[str, ...] = ("x86_64", "arm64")
    bpfeb: bool = False
    min_kernel: str = ""
    include_dirs: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    system_headers: bool = False
    libclang_path: str = ""
    vmlinux_btf: str = ""
    objects: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING
    persona: Persona = "regular"
    file_timeout: int = 60
    """Seconds after which a file that is still being read is given up."""
    pair: tuple[PairOverride, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """Return `file:line` of a key, or the name of the flag that stands for it."""
        return self.places.get(key, f"--{key}")


@dataclass(frozen=True, slots=True)
class _File:
    """The file being read: its name for messages and its lines."""

    name: str
    lines: tuple[str, ...]
    prefix: str

    def line_of(self, key: str, nth: int = 0) -> int:
        """TOML readers give no places, so the key is looked for as text; 1 where it is written some other way."""
        quoted = re.escape(key)
        header = re.compile(rf"\s*\[\[?\s*(?:{re.escape(self.prefix)})?[\"']?{quoted}[\"']?\s*[.\]]")
        assign = re.compile(rf"\s*[\"']?{quoted}[\"']?\s*[.=]|.*[{{,]\s*[\"']?{quoted}[\"']?\s*=")
        hits = [row for row, line in enumerate(self.lines, 1) if header.match(line) or assign.match(line)]
        return hits[min(nth, len(hits) - 1)] if hits else 1

    def error(self, key: str, text: str, nth: int = 0) -> ConfigError:
        return ConfigError(f"{self.name}:{self.line_of(key, nth)}: {text}")


def load_config(root: Root) -> Config:
    """Return the configuration of a root, the defaults where it has none; raises ConfigError with file and line."""
    if root.config is None:
        return Config()
    name = root.config.name
    try:
        text = root.config.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}: cannot be read: {_reason(error)}") from None
    table = _table(name, text)
    prefix = "tool.bpflint." if name == "pyproject.toml" else ""
    return _read(table, _File(name, tuple(text.splitlines()), prefix))


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"


def _table(name: str, text: str) -> dict[str, Any]:
    import tomllib  # late: a run without a configuration does not need it

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = found[1] if found else "1"
        raise ConfigError(f"{name}:{line}: not valid TOML: {error}") from None
    if name != "pyproject.toml":
        return data
    tool = data.get("tool", {}).get("bpflint", {})
    if not isinstance(tool, dict):
        raise ConfigError(f"{name}: [tool.bpflint] must be a table")
    return tool


def _read(table: dict[str, Any], file: _File) -> Config:
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for key, value in table.items():
        reader = _READERS.get(key)
        if key == "tool" and not file.prefix:
            raise file.error(key, f"[tool.bpflint] is for pyproject.toml; in {file.name} the keys stand without it")
        if reader is None:
            raise file.error(key, f"unknown key '{key}'{did_you_mean(key, _READERS)} (bpflint config lists all keys)")
        values[key.replace("-", "_")] = reader(value, key, file)
        places[key] = f"{file.name}:{file.line_of(key)}"
    return Config(**values, places=places)


def _strings(value: object, key: str, file: _File) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise file.error(key, f"'{key}' must be a list of strings")


def _macros(value: object, key: str, file: _File) -> tuple[str, ...]:
    for item in (macros := _strings(value, key, file)):
        if complaint := macro_complaint(item):
            raise file.error(key, complaint)
    return macros


def macro_complaint(text: str) -> str:
    """Return what is wrong with a macro as `-D` takes it, "" for a good one."""
    return "" if _MACRO.fullmatch(text) else f"'{text}' is no macro: NAME or NAME=VALUE"


def _string(value: object, key: str, file: _File) -> str:
    if isinstance(value, str):
        return value
    raise file.error(key, f"'{key}' must be a string")


def _boolean(value: object, key: str, file: _File) -> bool:
    if isinstance(value, bool):
        return value
    raise file.error(key, f"'{key}' must be true or false")


def _seconds(value: object, key: str, file: _File) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise file.error(key, f"'{key}' must be a number of seconds above 0")


def _targets(value: object, key: str, file: _File) -> tuple[str, ...]:
    names = _strings(value, key, file)
    for name in names:
        try:
            name == "host" or canonical_target(name.partition(":")[0])
        except ConfigError as error:
            raise file.error(key, str(error)) from None
    return names


def _severity(value: object, key: str, file: _File) -> Severity:
    return severity_of(_string(value, key, file), lambda text: file.error(key, text))


def severity_of(word: str, error: Callable[[str], ConfigError]) -> Severity:
    """Return the severity of a word; raises what `error` makes of the complaint."""
    try:
        return Severity[word.upper()]
    except KeyError:
        raise error(f"'{word}' is no severity: error, warning or info") from None


def _persona(value: object, key: str, file: _File) -> Persona:
    match value:
        case "regular" | "pedantic":
            return value
        case _:
            raise file.error(key, f"'{key}' must be 'regular' or 'pedantic'")


def _kernel(value: object, key: str, file: _File) -> str:
    text = _string(value, key, file)
    if re.fullmatch(r"\d+\.\d+(\.\d+)?", text):
        return text
    raise file.error(key, f"'{key}' must be a kernel release such as '5.10'")


def _globs(value: object, key: str, file: _File) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise file.error(key, f"'{key}' must be a table: a file pattern = a list of codes")
    return tuple((pattern, _strings(codes, pattern, file)) for pattern, codes in value.items())


def _pairs(value: object, key: str, file: _File) -> tuple[PairOverride, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise file.error(key, "'pair' must be an array of tables: [[tool.bpflint.pair]]")
    return tuple(_pair(item, nth, file) for nth, item in enumerate(value))


def _pair(table: dict[str, Any], nth: int, file: _File) -> PairOverride:
    known = [item.name for item in fields(PairOverride) if item.name not in ("file", "line")]
    for key, value in table.items():
        if key not in known:
            raise file.error(key, f"unknown key '{key}' in a pair{did_you_mean(key, known)}")
        (_boolean if key == "ignore" else _string)(value, key, file)
    codecs = [codec.value for codec in Codec]
    if table.get("codec", "") not in ("", *codecs):
        raise file.error("codec", f"unknown codec '{table['codec']}'{did_you_mean(table['codec'], codecs)}")
    if not (table.get("bpf") or table.get("map")) or not (table.get("user") or table.get("ignore")):
        raise file.error("pair", "a pair needs 'bpf' or 'map', and 'user' (or 'ignore = true')", nth)
    return PairOverride(**table, file=file.name, line=file.line_of("pair", nth))


_READERS: Mapping[str, Callable[[object, str, _File], object]] = {
    "select": _strings,
    "extend-select": _strings,
    "ignore": _strings,
    "per-file-ignores": _globs,
    "exclude": _strings,
    "targets": _targets,
    "bpfeb": _boolean,
    "min-kernel": _kernel,
    "include-dirs": _strings,
    "defines": _macros,
    "system-headers": _boolean,
    "libclang-path": _string,
    "vmlinux-btf": _string,
    "objects": _strings,
    "fail-on": _severity,
    "persona": _persona,
    "file-timeout": _seconds,
    "pair": _pairs,
}

KEYS = tuple(_READERS)
"""Every key a configuration may have."""
