"""Try the method on worlds with a known effect: docs/calibration.md.

python tests/python/calibration/calibrate.py [--out docs] [--worlds 1000] [--fresh | --page]

Results are written a scenario at a time, and a run that was cut off goes on where it stopped, if
neither the scenarios nor the code that they run have changed since.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

sys.path.insert(0, str(Path(__file__).parents[1]))

import justice_data_lab.statistics as package
from calibration.figures import Kind, estimate_worlds
from calibration.report import write_report
from calibration.scenarios import SCENARIOS
from calibration.summary import summarise

SEED, CHUNK = 20140401, 20
CODE = (
    *("adjustment", "arrow", "balancing", "baseline", "clusters", "conditions", "contrast"),
    *("covariates", "cox", "doubly_robust", "glm", "intervals", "matching", "newton", "people"),
    *("propensity", "radius", "settings", "support", "tilt_terms", "tilting", "weighted"),
)
Result = dict[str, object]


@cache
def code_fingerprint() -> str:
    """Return a hash of the modules that a run executes and of the worlds that it draws.

    Taken once, so that a module which changes during a run does not pass for what was run.
    """
    folder = Path(package.__file__).parent
    drawn = (Path(__file__).parent / f"{name}.py" for name in ("careers", "figures", "worlds"))
    files = [*(folder / f"{name}.py" for name in CODE), *drawn]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def run_scenario(
    pool: ProcessPoolExecutor, scenario: Kind, *, worlds: int, bar: Progress
) -> Result:
    """Estimate all worlds of a scenario, a chunk a task; same result at any number of processes."""
    task = bar.add_task(scenario.name, total=worlds)
    started = time.monotonic()
    chunks = [range(start, min(start + CHUNK, worlds)) for start in range(0, worlds, CHUNK)]
    tasks = {pool.submit(_timed, scenario, chunk): at for at, chunk in enumerate(chunks)}
    figures: list[np.ndarray] = [np.zeros(0)] * len(chunks)
    seconds = 0.0
    for done in as_completed(tasks):
        figures[tasks[done]], used = done.result()
        seconds += used
        bar.advance(task, len(chunks[tasks[done]]))
    bar.remove_task(task)
    return {
        **definition(scenario, worlds),
        "cpu_seconds_a_world": round(seconds / worlds, 3),
        "wall_seconds": round(time.monotonic() - started, 1),
        "rows": summarise(scenario, np.concatenate(figures)),
    }


def definition(scenario: Kind, worlds: int) -> Result:
    """Return everything that decides a scenario's figures."""
    return {
        "scenario": asdict(scenario),
        "worlds": worlds,
        "seed": SEED,
        "code": code_fingerprint(),
    }


def _timed(scenario: Kind, worlds: range) -> tuple[np.ndarray, float]:
    started = time.process_time()
    return estimate_worlds(scenario, worlds, SEED), time.process_time() - started


def finished(file: Path, worlds: int) -> dict[str, Result]:
    """Return the results of a former run that still hold, by scenario."""
    former = json.loads(file.read_text("utf-8")) if file.exists() else []
    known = {scenario.name: definition(scenario, worlds) for scenario in SCENARIOS}
    return {
        result["scenario"]["name"]: result
        for result in former
        if known.get(result["scenario"]["name"], {}).items() <= result.items()
    }


@contextmanager
def _progress() -> Iterator[Progress]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        yield bar


def main() -> None:
    """Run what is missing, and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=Path("docs"))
    options.add_argument("--worlds", type=int, default=1000)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--fresh", action="store_true", help="Forget former results.")
    options.add_argument("--page", action="store_true", help="Only write the page anew.")
    chosen = options.parse_args()
    folder = chosen.out / "calibration"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    if chosen.page:
        write_report(chosen.out, json.loads(file.read_text("utf-8")))
        return
    done = {} if chosen.fresh else finished(file, chosen.worlds)
    with ProcessPoolExecutor(chosen.processes) as pool, _progress() as bar:
        overall = bar.add_task("scenarios", total=len(SCENARIOS), completed=len(done))
        for scenario in SCENARIOS:
            if scenario.name in done:
                continue
            done[scenario.name] = run_scenario(pool, scenario, worlds=chosen.worlds, bar=bar)
            bar.advance(overall)
            results = [done[s.name] for s in SCENARIOS if s.name in done]
            file.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
            write_report(chosen.out, results)
    write_report(chosen.out, [done[scenario.name] for scenario in SCENARIOS])


if __name__ == "__main__":
    main()
