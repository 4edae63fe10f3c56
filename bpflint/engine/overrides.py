"""What did the user say about pairs? The `[[tool.bpflint.pair]]` tables of the configuration."""

from __future__ import annotations

from bpflint.model.data import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOverride:
    """One table: a BPF type or a map, and the user type that reads its bytes; `file` and `line` place it.

    `bpf` is `struct event` or `event`, `map` a map's name, `user` `pkg/x.py:Event` or `Event`; `codec` a Codec value
    or "" for the one the use shows. With `ignore` the two are no pair and no notice is given.
    """

    bpf: str = ""
    map: str = ""
    user: str = ""
    codec: str = ""
    ignore: bool = False
    file: str = ""
    line: int = 0
