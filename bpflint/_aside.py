"""How is memory given back that is needed once? The work is done in a process of its own, which then ends."""

from __future__ import annotations

import os
from collections.abc import Callable


def aside(work: Callable[[], object]) -> None:
    """Do something in a child; its files stay, its memory goes, and no later child inherits it.

    What goes wrong there is not told: whoever asks for the result meets it again.
    """
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    os.waitpid(pid, 0)
