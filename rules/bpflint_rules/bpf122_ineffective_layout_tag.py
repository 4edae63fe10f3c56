"""BPF122: does somebody expect a Go struct tag or comment to change the layout?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpflint.api import Context, Finding, RecordDecl, Rule, RuleMeta, Severity, Unit

_TAG = re.compile(r'\b(?:align|alignment)\s*:\s*"(\d+)"|\b(packed|pack)(?:\s*:\s*"(?:\d+|true|yes|packed|)"|$)')
_COMMENT = re.compile(r"^(go:(?:packed|align\b.*|nopadding)|__attribute__\s*\(\(.*\)\))\s*$", re.M)


class IneffectiveLayoutTag(Rule):
    """A Go struct carries a tag or comment that looks as if it packed or aligned the struct; it does nothing.

    ## What it does
    Reports `align:"8"`, `packed:"true"` and their kin among struct tags, and `//go:packed` above a struct.

    ## Why is this bad
    Go has no packed or aligned structs: the compiler ignores tags and unknown directives. The struct keeps Go's own
    padding, and whoever wrote the tag believes otherwise.

    ## Example
    ```go
    type event struct {
        Kind uint8
        Ts   uint64 `align:"1"`        // still at byte 8
    }
    ```

    ## Use instead
    Name the padding on both sides, or read the bytes with `encoding/binary`, which packs:
    ```go
    type event struct { Kind uint8; _ [7]byte; Ts uint64 }
    ```

    ## Known limits
    `align:"name"` names a C field for a checker such as Cilium's and is left alone.
    """

    meta = RuleMeta(
        code="BPF122", name="ineffective-layout-tag", summary="a Go tag or comment does not change the layout",
        severity=Severity.WARNING,
    )  # fmt: skip

    def check_record(self, record: RecordDecl, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Look at the tags of each field and the comment above the struct."""
        if unit.language != "go":
            return
        for member in record.members:
            found = _TAG.search(member.tag)
            if found and member.span is not None:
                yield self.finding(
                    member.span, f"Go ignores the tag `{found[0]}`: `{member.name}` keeps its natural place",
                    subject=f"{record.name}.{member.name}",
                )  # fmt: skip
        found = _COMMENT.search(record.comment)
        if found and record.span is not None:
            yield self.finding(
                record.span, f"Go ignores `{found[0]}`: `{record.name}` keeps its padding", subject=record.name
            )
