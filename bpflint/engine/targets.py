"""Which architectures and kernels does a list of targets mean? `x86_64`, `arm64:5.10`, `host`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from bpflint.analysis.abi import canonical_target
from bpflint.model.errors import ConfigError
from bpflint.model.verdict import Kernel

BIG_ENDIAN: Final = frozenset({"s390x"})


def architectures(targets: Sequence[str]) -> tuple[str, ...]:
    """Return the architectures of targets, each once, `host` as the machine's."""
    names = (os.uname().machine if item == "host" else item.partition(":")[0] for item in targets)
    return tuple(dict.fromkeys(canonical_target(name) for name in names))


def kernels(targets: Sequence[str], place: str) -> tuple[Kernel, ...]:
    """Return the kernels that targets name; ConfigError, with the place they stand at, for one that is not at hand."""
    named = [item for item in targets if item == "host" or ":" in item]
    if not named:
        return ()
    from bpflint.kernels.catalogue import named_kernel, running_kernel  # late: most runs name no kernel

    found = []
    for item in named:
        try:
            found.append(running_kernel() if item == "host" else named_kernel(item))
        except ConfigError as error:
            raise ConfigError(f"{place}: {error}") from None
    return tuple(dict.fromkeys(kernel for kernel in found if kernel is not None))
