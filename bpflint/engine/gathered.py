"""What did rules gather of one unit? Kept with the unit, so that an unchanged one need not be looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bpflint.engine.codec import Codec, Packed, kinds_of
from bpflint.model import claim, core, finding, layout, source, unit
from bpflint.model.verdict import Kernel


@cache
def gathered_codec() -> Codec:
    """Return the codec of what rules may gather: not units and bodies, which are what is not to be looked at again."""
    kinds = [kind for module in (source, layout, finding, claim, core, unit) for kind in kinds_of(module)]
    return Codec([*(kind for kind in kinds if kind not in (claim.LayoutClaim, unit.Unit)), Kernel])


class Gathered(dict[str, object]):
    """What was gathered, by name; what an earlier run kept is unpacked when it is asked for."""

    def __init__(self, kept: Mapping[str, Packed] | None = None) -> None:
        super().__init__()
        self.kept = kept or {}

    def __missing__(self, name: str) -> object:
        try:
            self[name] = found = gathered_codec().decode_any(self.kept[name])
        except (ValueError, TypeError, IndexError, AttributeError):
            raise KeyError(name) from None
        return found

    def packed(self) -> Mapping[str, Packed] | None:
        """Return all of it as it is kept, None where nothing is new. TypeError for what is no plain data."""
        fresh = {name: gathered_codec().encode_any(self[name]) for name in sorted(self.keys() - self.kept.keys())}
        return {**self.kept, **fresh} if fresh else None
