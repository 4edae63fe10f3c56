"""How does `bpflint` start? The console script and `python -m bpflint`."""

import os
import sys

from bpflint._hot import replay

_INTERRUPTED = 130


def program() -> None:
    """Be the console script: run the command line and end the process.

    To end it the usual way the interpreter takes a million objects apart, a tenth of the time of a scan. All that is
    wanted of that is that what was printed is written; whoever traces the process still gets the usual end.
    """
    try:
        code = main()
    except KeyboardInterrupt:  # before the command line is loaded, which knows it too
        code = _INTERRUPTED
    if sys.gettrace() is None and sys.getprofile() is None:
        try:
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
        except OSError:
            sys.exit(code)  # whoever could be told is gone
        os._exit(code)
    sys.exit(code)


def main() -> int:
    """Run the command line and return its exit code.

    What has not changed is not looked at again, and a kernel's struct is told before the command line is loaded.
    """
    _leave_current_folder()
    argv = sys.argv[1:]
    code = replay(argv)
    if code is None and argv[:1] == ["layout"] and "--kernels" in argv:
        from bpflint.cli._kernel_layouts import answer

        code = answer(argv[1:])
    if code is None:
        from bpflint.cli._main import main as run

        code = run(argv)
    return code


def _leave_current_folder() -> None:
    """`python -m` puts the current folder first on the path; nothing may be loaded from a tree that is scanned."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        here = os.getcwd()
    except OSError:  # removed since; the command line says so
        here = ""
    if sys.path and sys.path[0] in ("", here) and here != own:
        del sys.path[0]


if __name__ == "__main__":
    program()
