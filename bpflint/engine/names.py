"""Which names of files mean something before anything is read?"""

from __future__ import annotations

CONFIG_NAMES = ("bpflint.toml", "pyproject.toml")
HEADERS = (".h", ".hh", ".hpp", ".inc", ".def")
OBJECTS = (".o", ".ko")
