"""Plugin ``runs``: the folder of the databases, who holds them open, and how a run ends.

Configuration (profiles.yml): ``zone`` (folder of the raw zone) and ``build`` (folder of the
databases, made here before dbt attaches them), where JDL_DATA and JDL_BUILD name no others.
"""

import json
import os
import re
import subprocess
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.constants import SECRET_ENV_PREFIX
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from justice_data_lab import intake
from justice_data_lab.build import audit, replacement, state
from justice_data_lab.build.databases import DatabaseError, check_nobody_holds
from justice_data_lab.build.inputs import hash_inputs
from justice_data_lab.dbt_plugins import errors, last_lines, owner_only, stages
from justice_data_lab.dbt_plugins.folders import artefact_folders, flags, project_folder, resolved
from justice_data_lab.raw_zone.plan_register import register_estimated, register_plans
from justice_data_lab.raw_zone.reading import inspect_extract
from justice_data_lab.releases.purge import begun

COMMANDS: Final = ("build", "retry", "run", "seed", "test")
"""Commands of dbt that change the databases or say whether they are in order."""


def code_version(project: Path | None = None) -> str:
    """Return the commit of the project's folder, with ``-dirty`` where it was changed since.

    Outside of git it is the version of the package.
    """
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
            cwd=project,
        )
    except (OSError, subprocess.CalledProcessError):
        return f"justice-data-lab {version('justice-data-lab')}"
    return described.stdout.strip()


def command_of(invocation: str) -> str | None:
    """Return the command of a call of dbt: a retry runs as the command that it goes on with."""
    return next((word for word in invocation.split() if word in COMMANDS), None)


def memory_limit() -> str | None:
    """Return what DuckDB may hold in memory before it spills, as JDL_MEMORY says; None: unsaid."""
    limit = os.environ.get("JDL_MEMORY", "").strip()
    if limit and not re.fullmatch(r"[1-9]\d*(\.\d+)?\s*[MG]i?B", limit):
        raise DbtRuntimeError(f"JDL_MEMORY is {limit!r}: write it as 1500MB or 2GB")
    return limit or None


def forget_keys() -> None:
    """Take the keys out of the environment: the profile has read them, and nobody else needs them.

    So no Python model and no program that is started finds them there.
    """
    for name in [name for name in os.environ if name.startswith(SECRET_ENV_PREFIX)]:
        del os.environ[name]


def _is_synthetic(zone: Path) -> bool:
    extract = inspect_extract(zone)[1]
    return extract is not None and extract.is_synthetic


class Plugin(BasePlugin):
    """Puts the databases into the folder of the build, and the functions that the hooks call."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Make the folder, readable by its owner only; DbtRuntimeError where a file is in use."""
        errors.install()
        forget_keys()
        self._zone = resolved(plugin_config["zone"], "JDL_DATA")
        self._build = resolved(plugin_config["build"], "JDL_BUILD")
        owner_only.begin(self._build, artefact_folders())
        replacement.settle(self._build)
        try:
            for name in ("restricted", "analysis", "published_work"):
                check_nobody_holds(self._build / f"{name}.duckdb")
        except DatabaseError as error:
            raise DbtRuntimeError(str(error)) from error
        self._refuse_to_show()
        for request in begun(self._build / "releases"):
            raise DbtRuntimeError(
                f"{request}: its purge was stopped; run jdl purge {request} --yes again"
            )
        owner_only.empty_spill(self._build)
        replacement.abandon(self._build)
        self._began = time.monotonic()
        self._facts: dict[str, Any] = {}
        self._counts: dict[str, int] = {}
        self._due: list[str] = []
        self._command = command_of(flags().INVOCATION_COMMAND or "")
        if self._command is not None:
            last_lines.begin()
            stages.begin()
            self._say("the run ended early; see the reason above")

    def _refuse_to_show(self) -> None:
        """Raise DbtRuntimeError for ``dbt show`` of real people: dbt logs what it shows."""
        if flags().WHICH == "show" and not _is_synthetic(self._zone):
            raise DbtRuntimeError(
                "dbt show writes rows into dbt.log, and the raw zone is not synthetic; open "
                f"{self._build / 'restricted.duckdb'} instead"
            )

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Attach the databases, and spill, in the folder of the build, wherever dbt is called."""
        for attachment in creds.attach or []:
            attachment.path = str(self._build / Path(attachment.path).name)
        config["temp_directory"] = str(self._build / owner_only.SPILL)
        if limit := memory_limit():
            config["memory_limit"] = limit

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Create the functions that the run hooks and method_settings call."""
        conn.create_function(
            "begin_run", self._begin_run, ["VARCHAR"], "VARCHAR", side_effects=True
        )
        conn.create_function(
            "note_estimated", self._note_estimated, ["VARCHAR"], "BOOLEAN", side_effects=True
        )
        conn.create_function("end_run", self._end_run, ["VARCHAR"], "VARCHAR", side_effects=True)
        conn.create_function("publication", self._publication, [], "VARCHAR", side_effects=True)
        conn.create_function(
            "replace_published", self._replace_published, [], "VARCHAR", side_effects=True
        )
        conn.create_function("code_version", lambda: code_version(project_folder()), [], "VARCHAR")

    def _begin_run(self, settings: str) -> str:
        """Mark the databases as unfinished; ``settings`` are the vars of the call, as text."""
        project = project_folder()
        inputs = hash_inputs(self._zone, project, settings)
        command = self._command or "build"
        state.begin(self._build, command, inputs=inputs, artefacts=artefact_folders())
        register_plans(self._build, self._zone)
        self._facts = {"code": code_version(project), "inputs": inputs, "settings": settings}
        audit.note(self._build, command, "begun", **self._facts)
        return command

    def _note_estimated(self, requests: str) -> bool:
        """Register the requests, a JSON list, of which there is a result."""
        register_estimated(self._build, json.loads(requests))
        return True

    def _note(self, outcome: str) -> None:
        """Note in the audit what came of this run."""
        seconds = time.monotonic() - self._began
        audit.note(
            *(self._build, self._command or "build", outcome),
            counts=self._counts,
            seconds=seconds,
            **self._facts,
        )

    def _end_run(self, facts: str) -> str:
        """Note how the run ended; return why it is not published, what passed, and the last lines.

        A test of the databases changes nothing, unless it fails.
        """
        told = json.loads(facts)
        results = [state.Result(**result) for result in told["results"]]
        self._counts = dict(Counter(result.status for result in results))
        self._due = told["due"]
        if self._due:
            self._counts["due for a purge"] = len(self._due)
        if self._command == "test":
            if all(result.has_passed for result in results):
                self._note("passed")
                return json.dumps({"why": "", "lines": self._say(state.ALONE % "test")})
            self._begin_run("")
        run = state.end(self._build, results, told["expected"], is_empty=told["is_empty"])
        if run.why is not None:
            self._note(f"not published: {run.why}")
            return json.dumps({"why": run.why, "lines": self._say(run.why)})
        kinds = ("test", "unit_test")
        checks = [vars(run.passed[node]) for node in sorted(run.passed)]
        return json.dumps({"why": None, "checks": [c for c in checks if c["kind"] in kinds]})

    def _publication(self) -> str:
        """Remove what a stopped build left of ``published.duckdb.next``; return its path."""
        for name in ("published.duckdb.next", "published.duckdb.next.wal"):
            (self._build / name).unlink(missing_ok=True)
        return str(self._build / "published.duckdb.next")

    def _replace_published(self) -> str:
        """Replace ``published.duckdb`` by ``published.duckdb.next``; readers keep the old one."""
        published = self._build / "published.duckdb"
        os.replace(self._build / "published.duckdb.next", published)
        state.finish(self._build)
        self._note("published")
        lines = [*self._to_do(), f"published: {published}"]
        self._put([] if flags().QUIET else lines)
        return json.dumps({"lines": lines})

    def _say(self, why: str) -> list[str]:
        """Say in the last lines of dbt's output that nothing was published, and why."""
        published = self._build / "published.duckdb"
        left = f"{published} is as it was" if published.exists() else "nothing was published before"
        lines = [*self._to_do(), f"not published: {why}; {left}"]
        self._put(lines)
        return lines

    def _to_do(self) -> list[str]:
        """Return a line for each upload that is no request, and for each purge that is due."""
        return [*intake.uploads_that_are_no_request(self._zone), *self._due]

    def _put(self, lines: list[str]) -> None:
        """Keep the last lines, unless dbt writes a line of JSON for each thing that it says."""
        last_lines.put(*([] if flags().LOG_FORMAT == "json" else lines))
