"""Are plugins found, and is one that does not load told in a line that names its distribution?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bpflint.api import PluginError
from bpflint.engine import plugins
from bpflint.engine.plugins import Found, find, load_frontends, load_reporters, load_rules

RULE = """
from bpflint.api import Rule, RuleMeta, Severity
class Base(Rule): pass
class A(Base):
    meta = RuleMeta(code="{code}", name="{name}", summary="s", severity=Severity.INFO)
"""


class Site:
    """A folder on the path with distributions in it, as pip leaves them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, distribution: str, package: str, **modules: str) -> None:
        info = self.folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[bpflint.rules]\nx = {package}\n")
        (self.folder / package).mkdir()
        (self.folder / package / "__init__.py").write_text('"""A package."""\n')
        for name, text in modules.items():
            (self.folder / package / f"{name}.py").write_text(text)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(plugins.BUILT_IN, "rules", "no_rules_here")
    (tmp_path / "no_rules_here").mkdir()
    (tmp_path / "no_rules_here" / "__init__.py").write_text("")
    real = plugins.find

    def without_installed(kind: str) -> tuple[Found, ...]:
        """The environment that runs the tests may have bpflint installed."""
        return tuple(item for item in real(kind) if item.package != "bpflint_rules")

    monkeypatch.setattr(plugins, "find", without_installed)
    before = set(sys.modules)
    yield Site(tmp_path)  # type: ignore[misc]
    for name in set(sys.modules) - before:
        del sys.modules[name]


def codes() -> list[str]:
    return [rule.meta.code for rule in load_rules()]


def test_a_package_is_walked_and_private_modules_are_not(site: Site) -> None:
    site.add("dist-a", "pkg_a", one=RULE.format(code="AAA002", name="two"), _hidden="raise ValueError")
    sub = site.folder / "pkg_a" / "more"
    sub.mkdir()
    (sub / "__init__.py").write_text("")
    (sub / "deep.py").write_text(RULE.format(code="AAA001", name="one"))
    assert codes() == ["AAA001", "AAA002"]


def test_what_another_package_defines_is_not_taken_twice(site: Site) -> None:
    site.add("dist-a", "pkg_a", one=RULE.format(code="AAA001", name="one"), two="from pkg_a.one import A\n")
    assert codes() == ["AAA001"]


@pytest.mark.parametrize(
    ("module", "complaint"),
    [
        (
            "raise ValueError('no\\nluck')",
            "dist-a: cannot load 'pkg_a.one': ValueError: no luck; repair or uninstall dist-a",
        ),
        ("import not_there", "dist-a: cannot load 'pkg_a.one': ModuleNotFoundError"),
        ("def (", "dist-a: cannot load 'pkg_a.one': SyntaxError"),
        (RULE.format(code="BPF101", name="one"), "dist-a: rule BPF101: the prefix BPF is bpflint's own"),
        (RULE.format(code="toolong1", name="one"), "dist-a: rule 'one': 'toolong1' is no code"),
        (RULE.format(code="AAA001", name="one") + "    def __init__(self, x): pass", "dist-a: cannot create A"),
    ],
)
def test_a_plugin_that_does_not_load_is_told_in_one_line(site: Site, module: str, complaint: str) -> None:
    site.add("dist-a", "pkg_a", one=module)
    with pytest.raises(PluginError) as error:
        load_rules()
    assert str(error.value).startswith(complaint)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("code", "name"), [("AAA001", "other"), ("BBB001", "one")])
def test_a_code_or_name_taken_twice_names_both(site: Site, code: str, name: str) -> None:
    site.add("dist-a", "pkg_a", one=RULE.format(code="AAA001", name="one"))
    site.add("dist-b", "pkg_b", one=RULE.format(code=code, name=name))
    with pytest.raises(PluginError, match=r"^dist-b: rule .* is taken by AAA001 of dist-a$"):
        load_rules()


def test_the_built_ins_are_found_without_installed_metadata() -> None:
    assert Found("bpflint", "bpflint_rules") in find("rules")
    assert "json" in load_reporters()


def test_front_ends_do_not_load_their_parsers_when_they_are_listed() -> None:
    code = (
        "import sys; from bpflint.engine.plugins import load_frontends; load_frontends(); print('clang' in sys.modules)"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=_env())
    assert done.stdout.strip() == "False", done.stderr
    assert {item.name for item in load_frontends()} >= {"c"}


def _env() -> dict[str, str]:
    import os

    root = Path(__file__).resolve().parents[2]
    return {**os.environ, "PYTHONPATH": f"{root}:{root / 'rules'}"}
