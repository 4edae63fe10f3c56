"""Which name counts when types of two programs are compared? What stands before the last `___`: its flavor is dropped.

Source: bpf_core_essential_name_len and bpf_core_is_flavor_sep (libbpf.c), bpf_core_names_match (relo_core.c).
"""

from __future__ import annotations

import re
from typing import Final

SEPARATOR: Final = "___"
_FLAVORED: Final = re.compile(r"(.*[^_])___[^_]", re.S)


def essential(name: str) -> str:
    """Return a name without its flavor: `sock` for `sock___old`; `a____b` and `a___` have none."""
    found = _FLAVORED.match(name)
    return found[1] if found else name


def names_match(local: str, target: str) -> bool:
    """Tell whether two names are the same but for their flavors; an empty one matches only another."""
    return essential(local) == essential(target) if target else not local
