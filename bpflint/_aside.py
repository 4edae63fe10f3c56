"""How is memory given back that is needed once? The work is done in a process of its own, which then ends."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable


def aside(work: Callable[[], object], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Do something in a child; its files stay, its memory goes, and no later child inherits it.

    What goes wrong there is not told: whoever asks for the result meets it again. `meanwhile` is done here, before the
    child is waited for.
    """
    pid = os.fork()
    if pid == 0:
        code = 1
        gc.disable()  # nothing is given back before the end
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    try:
        meanwhile()
    finally:
        os.waitpid(pid, 0)
