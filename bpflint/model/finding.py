"""What does a rule report? Findings with places, confidence, fixes and an identity that survives edits."""

from __future__ import annotations

import enum
import hashlib
from typing import Literal

from bpflint.model.claim import Claim
from bpflint.model.data import dataclass
from bpflint.model.source import Span
from bpflint.model.verdict import Verdict


class Severity(enum.IntEnum):
    """How bad it is if it is true."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The word used in every output format."""
        return self.name.lower()


class Confidence(enum.IntEnum):
    """How sure we are that it is true."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CERTAIN = 4

    @property
    def word(self) -> str:
        """The word used in every output format."""
        return self.name.lower()


Persona = Literal["regular", "pedantic"]
Applicability = Literal["safe", "unsafe", "display"]
Disposition = Literal["active", "suppressed", "baselined"]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to the finding: `role` is e.g. `user-side`, `bpf-side`, `map`, `definition`."""

    span: Span
    role: str
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path that leads to the fault."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together: all or none."""

    message: str
    applicability: Applicability
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault at one primary place. `subject` names function, object and ordinal; it never names a line."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span
    subject: str
    persona: Persona = "regular"
    targets: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    flow: tuple[Step, ...] = ()
    fixes: tuple[Fix, ...] = ()
    disposition: Disposition = "active"
    reason: str = ""
    ordinal: int = 0
    """Tells equal subjects in one file apart, counted in source order by the engine."""
    claim: Claim | None = None
    """What check mode may ask a kernel about it, None: nothing."""
    table: str = ""
    """Both sides byte by byte, ready to print below the message; "" none."""
    verdict: Verdict | None = None

    @property
    def fingerprint(self) -> str:
        """Hex sha256 (first 32 digits) of code, path, subject and ordinal: no line, no message."""
        text = "\0".join((self.code, self.span.path, self.subject, str(self.ordinal)))
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Return the order of every output: path, line, column, code, subject."""
        return (self.span.path, self.span.line, self.span.column, self.code, self.subject)
