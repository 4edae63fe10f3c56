"""BPF705: does user space ask for a map that the loaded program does not define?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Rule, RuleMeta, Severity
from bpflint_rules._links import asked, unknown


class UnknownMapName(Rule):
    """A string names a map that no program loaded by this file defines.

    ## What it does
    Compares the names by which user space asks for maps (`b["name"]`, `bpf_object__find_map_by_name(obj, "name")`) with
    the maps of the C text in the same file and of the sources and objects that the file names.

    ## Why is this bad
    The lookup fails at run time only: a KeyError, or a NULL that is used as a map.

    ## Example
    ```python
    b = BPF(text="BPF_HASH(counts, u32); …")
    for key, value in b["count"].items():
    ```

    ## Use instead
    ```python
    for key, value in b["counts"].items():
    ```

    ## Known limits
    Silent where some program of the file was not found or not fully parsed, and where the object is not surely known:
    its file is named at run time, any caller may pass it (C, Go), or its source calls functions of another one that is
    linked with it. Where the C text is put together at run time, only names close to a known one are reported.
    """

    meta = RuleMeta(
        code="BPF705", name="unknown-map-name", summary="user space names a map that no program defines",
        severity=Severity.ERROR, cross_file=True,
        references=("https://docs.ebpf.io/ebpf-library/libbpf/userspace/bpf_object__find_map_by_name/",),
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Look at the names of every user-side file."""
        programs = list(ctx.project.bpf_units())
        for unit in ctx.project.user_units():
            for named, linked in asked(unit, "map", programs):
                known = {map_.name: map_.span for item in linked for map_ in item.maps if map_.style != "global"}
                yield from unknown(self, "map", named, known, linked, ctx)
