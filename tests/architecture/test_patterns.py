"""Is every pattern that waits for its first use one that compiles, and then the pattern it stands for?"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import bpflint
import bpflint_rules
from bpflint.model import patterns
from bpflint.model.patterns import pattern


def waiting(item: object) -> Iterator[patterns._Waiting]:
    if isinstance(item, patterns._Waiting):
        yield item
    elif isinstance(item, dict | tuple | list):
        for each in item.values() if isinstance(item, dict) else item:
            yield from waiting(each)


def test_all_patterns_compile() -> None:
    found = 0
    for package in (bpflint, bpflint_rules):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if info.name.endswith("__main__"):
                continue
            for item in vars(importlib.import_module(info.name)).values():
                for each in waiting(item):
                    assert isinstance(each.flags, int), info.name
                    found += 1
    assert found > 50


def test_a_pattern_is_the_one_it_stands_for() -> None:
    item = pattern(r"(?P<word>a+)b", re.I)
    for _ in range(2):
        match = item.search("xAAb")
        assert match is not None
        assert match["word"] == "AA"
    assert item.sub("-", "ab aab") == "- -"
    assert (item.pattern, item.groups, item.flags & re.I) == (r"(?P<word>a+)b", 1, re.I)
    assert pattern(rb"x").fullmatch(b"x") is not None


def test_a_fault_is_told_at_the_first_use() -> None:
    item = pattern("(")
    with pytest.raises(re.error):
        item.search("")
