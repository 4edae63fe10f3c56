"""What do all tests share? One cache folder for derived headers, away from the user's."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("BPFLINT_CACHE_DIR", os.path.join(tempfile.gettempdir(), f"bpflint-tests-{os.getuid()}"))
