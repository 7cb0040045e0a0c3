"""The intake's SQL models on uploads alone, outside of dbt: the build's own files and no others.

The models of ``models/`` are rendered with Jinja as dbt renders them, with the macros of the house,
and made in a DuckDB of the caller's. What the build would say of an upload, this says.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import jinja2
import yaml

from justice_data_lab.intake.loading import Connection

ANSWERED: Final = ("int_intake__requests", "request_checks", "upload_findings")
"""Models that a reply is written from; each is a table of the connection afterwards."""

_MACRO_FOLDERS: Final = ("macros/cross_db", "macros/rules")


def run_intake(
    connection: Connection, *, project: Path, data_as_of: date, reoffending_data_to: date
) -> None:
    """Make the tables of ``ANSWERED``, and the views that they read, in ``connection``.

    The source ``uploads`` is there already, as ``load_uploads`` leaves it. ``project`` is the
    folder of ``dbt_project.yml``, with its models, macros and seeds. The two dates stand for those
    of an extract: nothing after ``reoffending_data_to`` can be followed.
    """
    connection.execute(
        f"create view raw__lab__extract as select date '{data_as_of}' as data_as_of, "
        f"date '{reoffending_data_to}' as reoffending_data_to, true as is_synthetic, "
        "cast(null as varchar) as contact"
    )
    models = _Models(connection, project)
    for name in ANSWERED:
        models.make(name)


class _Models:
    """Renders and creates models and what they refer to, each once."""

    def __init__(self, connection: Connection, project: Path) -> None:
        self._connection = connection
        self._sql = {path.stem: path for path in (project / "models").rglob("*.sql")}
        self._seeds = {path.stem: path for path in (project / "seeds").rglob("*.csv")}
        self._made: set[str] = set()
        settings = yaml.safe_load((project / "dbt_project.yml").read_text("utf-8"))
        self._environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"], autoescape=False
        )
        self._environment.globals.update(
            ref=self._ref,
            source=lambda source, table: f"{source}__{table}",
            var=settings["vars"].__getitem__,
            adapter=self,
        )
        # `return` is a word of dbt's Jinja; here a macro's text is its value
        self._environment.globals["return"] = lambda value: value
        self._macros = self._read_macros(project)
        self._environment.globals.update(self._macros)

    def make(self, name: str) -> None:
        """Create the model or seed ``name``, after what it refers to."""
        if name in self._made:
            return
        self._made.add(name)
        if name in self._seeds:
            path = str(self._seeds[name]).replace("'", "''")
            self._connection.execute(
                f"create table {name} as from read_csv('{path}', header = true, sep = ',', "
                "quote = '\"')"
            )
            return
        template = self._environment.from_string(self._sql[name].read_text("utf-8"))
        config: dict[str, str] = {}
        sql = template.render(config=lambda **given: config.update(given) or "")
        kind = config.get("materialized", "table")
        self._connection.execute(f"create {kind} {name} as {sql}")

    def dispatch(self, name: str, _package: str) -> Any:
        """Return DuckDB's version of a macro, as dbt's ``adapter.dispatch`` does."""
        return self._macros[f"duckdb__{name}"]

    def _ref(self, name: str) -> str:
        self.make(name)
        return name

    def _read_macros(self, project: Path) -> dict[str, Any]:
        text = "\n".join(
            path.read_text("utf-8")
            for folder in _MACRO_FOLDERS
            for path in sorted((project / folder).glob("*.sql"))
        )
        module = self._environment.from_string(text).module
        return {name: value for name, value in vars(module).items() if not name.startswith("_")}
