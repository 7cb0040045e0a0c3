"""The parts that a laptop without the build's engines uses do not import them."""

import subprocess
import sys

import pytest

ROOMS = ("own_data", "statistics.power")
COMMANDS = ("estimate", "power", "reply")
BLOCKED = ("dbt", "splink", "statsmodels", "sklearn")
CODE = """
import importlib, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(name + " is blocked")

sys.meta_path.insert(0, Blocked())
room = importlib.import_module("justice_data_lab.{room}")
for module in pkgutil.walk_packages(getattr(room, "__path__", []), room.__name__ + "."):
    importlib.import_module(module.name)
"""


def run(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("room", [*ROOMS, *(f"commands.{name}" for name in COMMANDS)])
def test_every_module_imports_without_dbt_splink_statsmodels_and_sklearn(room: str) -> None:
    done = run(CODE.format(room=room, blocked=BLOCKED))
    assert done.returncode == 0, done.stderr


def test_the_block_holds() -> None:
    done = run(CODE.format(room="dbt_plugins", blocked=BLOCKED))
    assert "dbt is blocked" in done.stderr
