"""Which names of files mean something before anything is read?"""

from __future__ import annotations

from bpflint._hot import CONFIG_NAMES as CONFIG_NAMES

HEADERS = (".h", ".hh", ".hpp", ".inc", ".def")
OBJECTS = (".o", ".ko")
