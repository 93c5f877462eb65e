"""What a release carries: the files that its readers and tools look for, and one version in all of them."""

import importlib.util
import re
import tomllib
from pathlib import Path

import collapse_jax

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_citation_has_the_version_and_a_date():
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^version: (.*)$", cited, re.M)[1] == collapse_jax.__version__
    assert re.search(r"^date-released: \d{4}-\d\d-\d\d$", cited, re.M)


def test_both_packages_are_typed_and_say_so():
    assert "Typing :: Typed" in PROJECT["project"]["classifiers"]
    assert all(
        (ROOT / name / "py.typed").is_file()
        for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    )


def test_issues_have_templates_and_security_a_page():
    templates = sorted(path.name for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    assert templates == ["bug.yml", "config.yml", "new-paper.yml", "wrong-statement.yml"]
    assert "privately" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_group_is_pinned():
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M))
    for group in PROJECT["dependency-groups"].values():
        assert {re.split(r"[\[><=]", name)[0].lower() for name in group} <= pinned


def test_the_wheel_is_tried_with_the_ten_lines_of_readme():
    spec = importlib.util.spec_from_file_location("wheel", ROOT / "tools" / "wheel.py")
    wheel = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(wheel)
    lines = wheel.ten_lines().splitlines()
    assert len(lines) == 10
    compile(wheel.ten_lines(), "README.md", "exec")


def test_the_changelog_begins_with_the_version_and_says_nothing_twice():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[(.*?)\]", text, re.M)[1] == collapse_jax.__version__
    entries = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(entries) == len(set(entries))
