"""Run by `cargo xtask test` in an environment that has the built wheel and nothing else: the lines of the README run there."""

import importlib.metadata
import importlib.util
import re
import shutil
from pathlib import Path

root = Path(__file__).parents[2]
installed = {package.name for package in importlib.metadata.distributions()} - {"pip", "setuptools", "wheel"}
assert installed == {"journey-py"}, installed
assert not any(shutil.which(program) for program in ("cargo", "rustc", "cc", "gcc", "clang")), "there is a compiler"
(lines,) = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
exec(lines, {})

import journey  # noqa: E402

assert Path(journey.__file__).is_relative_to(Path(importlib.util.find_spec("pip").origin).parents[1])
