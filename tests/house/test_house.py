"""The rules of CONTRIBUTING about the code itself that a machine can check."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "timeline"
MODULES = {
    ".".join(file.relative_to(SRC.parent).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(SRC.rglob("*.py"))
}
TREES = {module: ast.parse(file.read_text("utf-8")) for module, file in MODULES.items()}

LONGEST_FILE = 400


def test_a_class_name_means_one_thing() -> None:
    names = Counter(
        node.name
        for tree in TREES.values()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_modules_do_not_import_each_other_in_circles() -> None:
    graph = {module: set(_imports(tree)) for module, tree in TREES.items()}
    TopologicalSorter(graph).prepare()  # A CycleError names the modules of a circle.


def _imports(tree: ast.Module) -> Iterator[str]:
    """The modules of the product that are imported when a module is loaded."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


def test_every_package_says_in_a_sentence_what_it_is() -> None:
    first_lines = {
        module: (ast.get_docstring(TREES[module]) or "").partition("\n")[0]
        for module, file in MODULES.items()
        if file.name == "__init__.py"
    }
    assert [module for module, line in first_lines.items() if not line.endswith(".")] == []


def test_no_file_is_too_long() -> None:
    lines = {module: len(file.read_text("utf-8").splitlines()) for module, file in MODULES.items()}
    assert {module: count for module, count in lines.items() if count > LONGEST_FILE} == {}


def test_all_requirements_of_development_are_locked() -> None:
    """The lock file is made for the extra `dev`, which includes the others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {*project["dependencies"], *extras["dev"], *extras["test"]}
    wanted |= {each for extra in ("client", "postgres", "web") for each in extras[extra]}
    names = {re.split(r"[\[>=<~! ;]", each)[0].lower() for each in wanted} - {project["name"]}
    lock = (ROOT / "requirements" / "ci.txt").read_text("utf-8")
    assert names - set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)) == set()
