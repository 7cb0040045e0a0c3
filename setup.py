"""The rules that `jdl check` runs, shipped inside the package; the rest is in pyproject.toml."""

import runpy
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# MANIFEST.in puts the same files into the source archive
RULES = runpy.run_path("src/justice_data_lab/project.py")["RULES"]


class BuildWithRules(build_py):
    """Copies the rules from where dbt reads them, so that no second copy is kept."""

    def run(self) -> None:
        """Copy the modules, and then the rules."""
        super().run()
        if self.editable_mode:
            return
        for pattern in RULES:
            files = sorted(Path().glob(pattern))
            if not files:
                raise FileNotFoundError(f"{pattern}: no such file, and the package needs it")
            for file in files:
                target = Path(self.build_lib, "justice_data_lab", "rules", file)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)


setup(cmdclass={"build_py": BuildWithRules})
