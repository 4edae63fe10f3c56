"""What was looked at, and what was not there although one expects it? Lines for people."""

from __future__ import annotations

from collections.abc import Sequence

from bpflint.api import Coverage


def notes_of(
    coverage: Coverage, paths: Sequence[str], *, nothing: bool, failed: bool, elsewhere: int = 0
) -> tuple[str, ...]:  # fmt: skip
    """Return what a person should hear besides the findings: each thing that is expected and was not found.

    `elsewhere` is how many files that are not reported were read in part: something may be unseen through them.
    """
    below = ", ".join(path or "." for path in paths) or "."
    if nothing:
        if failed:
            return ()  # the problems say it better
        return (f"nothing to look at under {below}: no BPF programs, no user-side code; see bpflint scan --show-files",)
    notes: list[str] = []
    if not coverage.programs:
        notes.append(f"no BPF programs found under {below}")
    if not coverage.maps and coverage.programs:
        notes.append("no BPF maps found")
    user = [kind for kind in coverage.files if kind not in ("bpf-c", "object")]
    if coverage.programs and not user:
        notes.append("no user-side code found that uses these maps: nothing was compared across the two sides")
    if elsewhere:
        files = "1 file" if elsewhere == 1 else f"{elsewhere} files"
        notes.append(f"{files} of the project outside of {below} could be read in part only; bpflint scan lists them")
    return tuple(notes)
