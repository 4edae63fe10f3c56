"""BPF517: does a program that has a branch for big endian compile there?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Diagnostic, Finding, Rule, RuleMeta, Severity, Unit

_TWICE = "redefinition of "


class BigEndianBranchBroken(Rule):
    """A program chooses between the byte orders, and what it chooses for big endian does not compile.

    ## What it does
    Compiles each BPF program whose own files ask for the byte order (`#if __BYTE_ORDER__ == …`, `__TARGET_ARCH_s390`)
    for `bpfeb` as well, and reports the errors that only come up there.

    ## Why is this bad
    Nobody on a little-endian machine ever compiles that branch: it breaks with the first field that is renamed, and
    is found by whoever builds for s390x.

    ## Example
    ```c
    #if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        return words[half];                     // `half` was a parameter once
    #else
        return words[0];
    #endif
    ```

    ## Use instead
    ```c
    #if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        return words[1];
    ```

    ## Known limits
    Programs that do not compile for little endian here either (a header is missing), or that say `#error` for big
    endian, are silent; so are branches in headers of libraries.
    """

    meta = RuleMeta(
        code="BPF517", name="big-endian-branch-broken", summary="the branch for big endian does not compile",
        severity=Severity.WARNING, references=("https://github.com/cilium/tetragon/issues/5302",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report each error that only a build for big endian has."""
        told: dict[object, list[Diagnostic]] = {}
        for item in unit.diagnostics:
            if item.option == "bpfeb":
                twice = item.message.startswith(_TWICE)  # one header too many: each of its names comes a second time
                told.setdefault((item.span.path, _TWICE) if twice else item, []).append(item)
        for first, *others in told.values():
            more = f" and {len(others)} more" if others else ""
            yield self.finding(
                first.span, f"for big endian this does not compile: {first.message}{more}", subject=first.message,
                targets=("bpfeb",),
            )  # fmt: skip
