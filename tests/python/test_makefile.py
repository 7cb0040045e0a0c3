"""The Makefile: every target stands once, since make takes the last of two and only warns."""

import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_every_target_stands_once():
    done = subprocess.run(
        ["make", "--dry-run", "--directory", str(PROJECT), "help"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
