"""The Makefile: every target stands once, since make takes the last of two and only warns."""

import os
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_every_target_stands_once():
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--dry-run", "--directory", str(PROJECT), "help"]
    done = subprocess.run(command, env=alone, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
