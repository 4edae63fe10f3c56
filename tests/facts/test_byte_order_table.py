"""Does the kernel keep each field of the byte-order table in the order that the table says? Its source is read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bpflint.api import facts
from facts.kernel_source import Kernel, Site, read

FOLDER = os.environ.get("BPFLINT_KERNEL_SOURCE", "")
ARCHIVE = Path("/usr/src/linux-source-6.1.tar.xz")
Row = tuple[str, str]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Row, Sequence[Site]]:
    """Every place of the kernel's source that tells the order of a field of the table."""
    if not FOLDER and not ARCHIVE.exists():
        pytest.skip(f"no kernel source: {ARCHIVE} (linux-source-6.1) is not there, BPFLINT_KERNEL_SOURCE is not set")
    if not FOLDER and not (shutil.which("tar") and shutil.which("xz")):
        pytest.skip(f"tar or xz is missing: {ARCHIVE} cannot be read")
    kernel = Kernel(read(Path(FOLDER) if FOLDER else ARCHIVE, tmp_path_factory.mktemp("linux")))
    return {row: tuple(kernel.sites(*row)) for row in facts.field_orders()}


def faults(row: facts.FieldOrder, sites: Sequence[Site]) -> list[str]:
    """What the source says against a row."""
    bits = 16 if row.valid else row.width
    found = [f"the table has {row.order}, {site}" for site in sites if site.order != row.order]
    found += [f"the table has {bits} bits, {site.width} are in {site}" for site in sites if site.width not in (0, bits)]
    found += [
        f"the table has {row.valid or 'all bits'}, the value is {'' if site.shifted else 'not '}shifted in {site}"
        for site in sites if site.width == 16 and site.shifted != (row.valid == "high16")
    ]  # fmt: skip
    return found or ([] if sites else ["no place of the source tells"])


def test_the_source_agrees_with_every_row(sites: Mapping[Row, Sequence[Site]]) -> None:
    told = {row: found for row, entry in facts.field_orders().items() if (found := faults(entry, sites[row]))}
    assert told == {}


def test_a_row_that_is_wrong_is_found(sites: Mapping[Row, Sequence[Site]]) -> None:
    """Each row with its order turned round, and each port with its half."""
    table = facts.field_orders()
    other = {"network": "host", "host": "network", "low16": "high16", "high16": "low16"}
    turned = {row: replace(entry, order=other[entry.order]) for row, entry in table.items()}
    halves = {row: replace(entry, valid=other[entry.valid]) for row, entry in table.items() if entry.valid}
    assert [row for row, entry in turned.items() if not faults(entry, sites[row])] == []
    assert [row for row, entry in halves.items() if not faults(entry, sites[row])] == []


def test_a_use_tells_by_what_is_done_with_it(tmp_path: Path) -> None:
    """Small texts in place of the kernel's: which of them tell, and what."""
    use = "struct s *p = f();\n{text};\n}}\n"
    texts = {
        "p->x = ntohs(q)": "host", "p->x = htons(1)": "network", "q = htons(p->x)": "host",
        "q = ntohs(p->x)": "network", "if (p->x == ETH_P_IP) f()": "host",
        "if (p->x != htons(ETH_P_IP)) f()": "network", "q = p->x + 1": "host", "q = p->x": "", "t->x = ntohs(q)": "",
    }  # fmt: skip
    for text, order in texts.items():
        kernel = Kernel({"net/core/filter.c": use.format(text=text)})
        assert [site.order for site in kernel.sites("s", "x")] == ([order] if order else []), text
