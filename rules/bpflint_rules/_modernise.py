"""May advice to use a newer form be given? Only where a minimum kernel is configured, and it has the form."""

from __future__ import annotations

from bpflint.api import Context, facts


def allows(since: tuple[int, int], ctx: Context) -> bool:
    """Return whether `min-kernel` is configured and not older than a release."""
    return bool(ctx.settings.min_kernel) and facts.release(ctx.settings.min_kernel) >= since


def allows_gate(name: str, ctx: Context) -> bool:
    """Return whether `min-kernel` has a form of facts/modernise.toml for every configured target."""
    gate = facts.gates()[name]
    return all(allows(gate.get(target, gate["*"]), ctx) for target in ctx.settings.targets)
