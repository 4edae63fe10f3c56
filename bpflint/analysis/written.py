"""What is known of each bit of an object on one path: written, perhaps written, or left to the compiler."""

from __future__ import annotations

from typing import NamedTuple


class Written(NamedTuple):
    """Masks over the bits of an object.

    `certain` bits are written; bits outside `perhaps` are not. `loose` ones are padding that an initialiser list left
    to the compiler, `text` ones lie in a buffer behind the NUL of a string; both only matter outside `perhaps`.
    `lost` ones may have lost what they held before this body: a copy of a literal need not bring its padding.
    """

    certain: int = 0
    perhaps: int = 0
    loose: int = 0
    text: int = 0
    lost: int = 0

    def wrote(self, bits: int) -> Written:
        """Return the state after bits are written for certain."""
        kept = ~bits
        return Written(
            self.certain | bits, self.perhaps | bits, self.loose & kept, self.text & kept, self.lost & kept
        )  # fmt: skip

    def maybe(self, bits: int) -> Written:
        """Return the state after bits may have been written."""
        return Written(self.certain, self.perhaps | bits, self.loose & ~bits, self.text & ~bits, self.lost)

    def unsure(self, bits: int) -> Written:
        """Return the state after bits may have lost their value, or not."""
        return self._replace(certain=self.certain & ~bits, lost=self.lost | bits)

    def without(self, bits: int) -> Written:
        """Return the state after bits have lost their value."""
        kept = ~bits
        return Written(
            self.certain & kept, self.perhaps & kept, self.loose & kept, self.text & kept, self.lost | bits
        )  # fmt: skip

    def part(self, start: int, bits: int) -> Written:
        """Return the state of the bits from `start` under a mask, moved to 0."""
        return Written(*((item >> start) & bits for item in self))

    def with_part(self, start: int, bits: int, part: Written) -> Written:
        """Return the state with the bits under a mask at `start` replaced by those of `part`."""
        kept = ~(bits << start)
        return Written(*((old & kept) | (new & bits) << start for old, new in zip(self, part, strict=True)))

    def then(self, later: Written) -> Written:
        """Return the state after another body has written to the same object."""
        perhaps = self.perhaps | later.perhaps
        return Written(
            (self.certain & ~later.lost) | later.certain, perhaps, (self.loose | later.loose) & ~perhaps,
            (self.text | later.text) & ~perhaps, (self.lost & ~later.certain) | later.lost,
        )  # fmt: skip

    def joined(self, other: Written) -> Written:
        """Return what holds on either of two paths that are not told apart."""
        return Written(
            self.certain & other.certain, self.perhaps | other.perhaps, self.loose & other.loose,
            self.text & other.text, self.lost | other.lost,
        )  # fmt: skip
