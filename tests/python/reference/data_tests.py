"""Zones of odd shape and generated worlds, built with every data test: one that stops is a fault.

make data-tests                                         every odd zone, and 500 worlds
make data-tests DATA_TESTS='--worlds 250 --seed 7 --odd combined'
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from .fuzz import VARIANTS, BuildError, draw_worlds, run_build
from .odd import ODD, write_odd
from .placed import write_worlds
from .settings import Settings

WITH_DATA_TESTS = ("build", "--exclude-resource-type", "unit_test")


def stops(write: Callable[[Path], None], settings: Settings) -> str:
    """Write a zone and build it with every data test; say why it stopped, or nothing."""
    with tempfile.TemporaryDirectory(prefix="jdl-odd-") as name:
        zone, folder = Path(name) / "zone", Path(name) / "build"
        write(zone)
        try:
            run_build(zone, folder, settings, WITH_DATA_TESTS)
        except BuildError as error:
            return str(error)
        return ""


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="reference.data_tests", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--worlds", type=int, default=500, help="how many worlds")
    parser.add_argument("--batch", type=int, default=250, help="how many of them a build")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first batch")
    parser.add_argument("--odd", nargs="*", choices=sorted(ODD), default=sorted(ODD))
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Build each zone; exit status 1 where a build stopped."""
    options = parse(arguments)
    stopped = 0
    for name in options.odd:
        why = stops(lambda zone, name=name: write_odd(zone, name), Settings())
        print(f"{name}: {why or 'every data test passed'}", flush=True)
        stopped += bool(why)
    for place in range(-(-options.worlds // options.batch)):
        start = options.seed + place
        number = min(options.batch, options.worlds - place * options.batch)
        worlds = dict(enumerate(draw_worlds(number, start), start=1))
        settings = VARIANTS[place % len(VARIANTS)]
        why = stops(lambda zone, worlds=worlds: write_worlds(zone, worlds), settings)
        print(f"{number} worlds of seed {start}: {why or 'every data test passed'}", flush=True)
        stopped += bool(why)
    return 1 if stopped else 0


if __name__ == "__main__":
    sys.exit(main())
