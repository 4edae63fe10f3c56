"""Does every rule say what its samples promise, and nothing else?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpflint.engine.plugins import Plugins, load_plugins
from bpflint.testing import Sample, rules_without_samples, run_sample, samples

FOLDER = Path(__file__).resolve().parents[2] / "bpf_samples"
CACHE = Path(os.environ["BPFLINT_CACHE_DIR"])


WITHOUT = {
    "BPF004": "needs a compiled object: tests/engine/test_stale.py",
    "BPF005": "needs a compiled object: tests/engine/test_stale.py",
    "BPF007": "pedantic, and samples run without: tests/engine/test_suppress.py",
    "BPF009": "needs kernels: tests/check",
    "BPF801": "needs kernels: tests/check",
    "BPF802": "needs kernels: tests/check",
    "BPF803": "needs kernels: tests/check",
    "BPF804": "needs kernels: tests/check",
    "BPF099": "needs a rule that crashes: tests/engine",
}
"""Codes that no sample can show, and where they are tested instead."""


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return load_plugins()


@pytest.mark.parametrize("sample", samples(FOLDER), ids=lambda sample: sample.name)
def test_sample(sample: Sample, plugins: Plugins) -> None:
    assert run_sample(sample, plugins, cache_dir=CACHE) == []


def test_every_rule_has_a_bad_and_a_good_sample(plugins: Plugins) -> None:
    assert [code for code in rules_without_samples(FOLDER, plugins.rules) if code not in WITHOUT] == []
