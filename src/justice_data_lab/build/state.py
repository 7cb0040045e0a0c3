"""What the last run of a folder did, and whether a whole build has passed.

A file beside the databases says so from the start of a run on, so that a build that failed, was
killed or is under way is known, and so that ``dbt retry`` can complete a build.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

FILE: Final = "last_run.json"
PASSED: Final = ("success", "pass", "warn", "no-op")
ALONE: Final = "dbt %s alone publishes nothing; dbt build does"
_NAMED_N: Final = 3


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one node of a run ended; ``checksum`` is of its file, ``kind`` dbt's type of resource."""

    node: str
    name: str
    kind: str
    checksum: str
    description: str
    status: str

    @property
    def has_passed(self) -> bool:
        """Whether nothing was wrong; a warning is no failure."""
        return self.status in PASSED


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run and all that it completes.

    inputs: a hash of each kind of input. artefacts: folders of dbt's own files. passed: the results
    that hold, those of the build that ``dbt retry`` goes on with among them. changed: the inputs
    that are no longer what they were then. why: why nothing was published; null where it was.
    """

    command: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    artefacts: Sequence[str] = ()
    passed: Mapping[str, Result] = field(default_factory=dict)
    changed: Sequence[str] = ()
    is_finished: bool = False
    why: str | None = "the run was stopped before its end"


def read(build: Path) -> Run | None:
    """Return the last run of a folder; None where none is known."""
    try:
        content: dict[str, Any] = json.loads((build / FILE).read_text("utf-8"))
        passed = {node: Result(**result) for node, result in content.pop("passed").items()}
        return Run(**content, passed=passed)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def begin(
    build: Path,
    command: str = "build",
    *,
    inputs: Mapping[str, str] | None = None,
    artefacts: Sequence[str] = (),
) -> Run:
    """Mark that the databases of this folder may be changing, or that a test of them failed.

    A retry keeps what passed, unless an input is no longer what it was.
    """
    now = dict(inputs or {})
    before = read(build) if command == "retry" else None
    changed = [name for name in now if before and now[name] != before.inputs.get(name)]
    kept = before.passed if before and not changed else {}
    run = Run(command=command, inputs=now, artefacts=artefacts, passed=kept, changed=changed)
    _write(build, run)
    return run


def end(
    build: Path,
    results: Sequence[Result],
    expected: Mapping[str, str],
    *,
    is_empty: bool = False,
) -> Run:
    """Note how a run ended, and say why nothing of it can be published, if so.

    expected: every model, seed and data test of the project, with the checksum of its file now.
    """
    begun = read(build) or Run(command="build")
    passed = {**begun.passed, **{result.node: result for result in results if result.has_passed}}
    for result in results:
        if not result.has_passed:
            passed.pop(result.node, None)
    run = Run(**{**vars(begun), "passed": passed})
    run = Run(**{**vars(run), "why": _why_not(run, results, expected, is_empty=is_empty)})
    _write(build, run)
    return run


def finish(build: Path) -> None:
    """Mark that a whole build has passed and is published."""
    run = read(build) or Run(command="build")
    _write(build, Run(**{**vars(run), "is_finished": True, "why": None}))


def is_finished(build: Path) -> bool:
    """Return whether the last run was a whole build that passed."""
    return why_older(build) is None


def why_older(build: Path) -> str | None:
    """Return why what is published is older than the last run; None where it is not."""
    if not (build / FILE).exists():
        return None
    run = read(build)
    if run is None:
        return f"{build / FILE} cannot be read"
    return None if run.is_finished else run.why or "the run was stopped while it published"


def _why_not(
    run: Run, results: Sequence[Result], expected: Mapping[str, str], *, is_empty: bool
) -> str | None:
    failed = [result.name for result in results if not result.has_passed]
    skipped = sum(result.status == "skipped" for result in results)
    changed = [node for node in expected if node in run.passed and _is_changed(run, expected, node)]
    missing = expected.keys() - run.passed.keys()
    if run.command == "test":
        return f"{len(failed)} data tests failed ({_named(failed)}); mend them and run dbt build"
    if run.command not in ("build", "retry"):
        return ALONE % run.command
    if is_empty:
        return "--empty builds tables without rows; run dbt build without it"
    if not results:
        return "nothing was run; see the reason above"
    if failed:
        first = [result.name for result in results if _has_failed(result)] or failed
        return (
            f"{len(failed) - skipped} failed ({_named(first)}) and {skipped} were skipped; mend "
            "what failed, then run dbt retry, or dbt build"
        )
    if run.changed:
        return f"{_named(run.changed)} changed since the build that was retried; run dbt build"
    if changed:
        return f"{_named(changed)} changed since it was built; run dbt build"
    if missing:
        return (
            f"{len(missing)} of {len(expected)} models, seeds and data tests were not run; "
            "run dbt build without a selection"
        )
    return None


def _has_failed(result: Result) -> bool:
    return not result.has_passed and result.status != "skipped"


def _is_changed(run: Run, expected: Mapping[str, str], node: str) -> bool:
    return run.passed[node].checksum != expected[node]


def _named(names: Sequence[str]) -> str:
    """Name the first few."""
    more = f" and {len(names) - _NAMED_N} more" if len(names) > _NAMED_N else ""
    return ", ".join(names[:_NAMED_N]) + more


def _write(build: Path, run: Run) -> None:
    """Write the file as a whole or not at all."""
    partial = build / f"{FILE}.partial"
    partial.write_text(json.dumps(asdict(run)) + "\n", "utf-8")
    os.replace(partial, build / FILE)
