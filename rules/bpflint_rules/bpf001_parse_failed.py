"""BPF001: a file could not be read or parsed; the engine says so itself, this is its page."""

from __future__ import annotations

from bpflint.api import Confidence, Rule, RuleMeta, Severity


class ParseFailed(Rule):
    """A file could not be read or parsed.

    ## What it does
    Says that a file was found and could not be read at all: no permission, a syntax error that leaves no tree, a
    damaged object, a parser that crashed or took too long.

    ## Why is this bad
    Nothing in that file was looked at. Silence about it would read as "clean".

    ## Example
    ```console
    $ bpflint scan .
    warning[BPF001] trace.py:3: invalid syntax; fix the syntax (Python 3 is read)
    ```

    ## Use instead
    Fix the file, or name it under `exclude`.

    ## Known limits
    A file that was named on the command line and cannot be read is exit 2; one that was found on the way is a notice.
    """

    meta = RuleMeta(
        code="BPF001",
        name="parse-failed",
        summary="a file could not be read or parsed",
        severity=Severity.WARNING,
        confidence=Confidence.CERTAIN,
    )
