"""What do all tests share? One cache folder for derived headers, away from the user's, and what Hypothesis may take."""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

os.environ.setdefault("BPFLINT_CACHE_DIR", os.path.join(tempfile.gettempdir(), f"bpflint-tests-{os.getuid()}"))

# A machine with other work takes seconds for the first text that is drawn: that tells nothing of what is tested.
settings.register_profile("bpflint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bpflint")
