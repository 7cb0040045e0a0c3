"""The documents that are written from the project itself, so that they cannot fall behind it.

``python -m documents TARGET BUILD DOCS`` writes, from the manifest in dbt's target folder and a
build of the sample: the data dictionary, the analysts' questions with their answers, and the worked
example.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from justice_data_lab.build.databases import open_build

MOST_ROWS: Final = 25
AUDIENCES: Final = {
    "published": "Published: aggregates under disclosure control",
    "analysis": "Analysis: pseudonymised, for analysts",
    "restricted": "Restricted: identifiable, for data engineers",
}
EXAMPLE: Final = "foundation"
EXAMPLE_PARTS: Final = (
    (
        "Who could be followed",
        "The 1,246 records that were sent, and the first reason for which a record left. The "
        "figures are those of the pilot report, to the record.",
        "select step_number, stage, step, removed_n, remaining_n "
        "from analysis.main.attrition_exact where request_id = $request "
        "and (removed_n > 0 or step_number = 0) order by step_number",
    ),
    (
        "More on those who left",
        "What a provider can do something about, counted.",
        "select detail, n from analysis.main.attrition_detail "
        "where request_id = $request and n > 0 order by detail",
    ),
    (
        "What was found",
        "Every measure before rounding; p is not adjusted for their number here.",
        "select measure, treated_n, round(treated_value, 2) as treated, "
        "round(control_value, 2) as control, round(difference, 2) as difference, "
        "round(difference_lower, 2) as lower, round(difference_upper, 2) as upper, "
        "round(p_value, 3) as p_value, method, conclusion "
        "from analysis.main.outcomes_unrounded "
        "inner join analysis.reference.measures using (measure) "
        "where request_id = $request and analysis_id = 'headline' order by measure_order",
    ),
    (
        "What may be said of it",
        "The sentences that are published with the figures.",
        "select topic, text from published.main.statements "
        "where request_id = $request order by statement_order",
    ),
)

Manifest = dict[str, Any]


def data_dictionary(manifest: Manifest) -> str:
    """Return every table that others may read, with its columns: name, type and meaning."""
    lines = [
        "# Data dictionary",
        "",
        "Written from the YAML of the models by `make documents`.",
        "",
    ]
    for database, title in AUDIENCES.items():
        lines += [f"## {title}", ""]
        for node in _marts(manifest, database):
            lines += [f"### {database}.{node['schema']}.{node['alias']}", ""]
            lines += [_one_line(node["description"]), "", "| column | type | meaning |"]
            lines += ["|---|---|---|"]
            for name, column in node["columns"].items():
                meaning = _one_line(column["description"])
                lines.append(f"| {name} | {column['data_type']} | {_escaped(meaning)} |")
            lines.append("")
    return "\n".join(lines)


def analysts_questions(manifest: Manifest, build: Path) -> str:
    """Return every query of analyses/ with what it asks and its answer on the sample."""
    lines = [
        "# The analysts' questions",
        "",
        "Each is a query in `analyses/`; the answers are those of the sample, written by",
        "`make documents`.",
        "`dbt compile -s path:analyses` writes the queries out for any DuckDB client.",
        "",
    ]
    with open_build(build, "analysis", "published") as connection:
        for node in _analyses(manifest):
            question, query = _question(node["raw_code"])
            lines += [f"## {node['name']}", "", question, ""]
            lines += [*_answer(connection, _resolved(manifest, query)), ""]
    return "\n".join(lines)


def worked_example(build: Path) -> str:
    """Return what became of the sample's request ``foundation``, from its records to its result.

    It follows the pilot report's worked example step by step; its people are synthetic, so that
    exact small numbers may be shown.
    """
    lines = [
        "# Worked example: Foundation",
        "",
        "Written from a build of the sample by `make documents`.",
    ]
    lines += ["All people are synthetic.", ""]
    with open_build(build, "analysis", "published") as connection:
        for title, text, query in EXAMPLE_PARTS:
            lines += [f"## {title}", "", text, "", *_answer(connection, query), ""]
    return "\n".join(lines)


def write_documents(target: Path, build: Path, docs: Path) -> Iterator[Path]:
    """Write the documents and yield each path."""
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    texts = {
        "data-dictionary.md": data_dictionary(manifest),
        "analyses.md": analysts_questions(manifest, build),
        "worked-example.md": worked_example(build),
    }
    for name, text in texts.items():
        (docs / name).write_text(text, "utf-8")
        yield docs / name


def _marts(manifest: Manifest, database: str) -> list[dict[str, Any]]:
    nodes = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["database"] == database
        and node["schema"] == "main"
    ]
    return sorted(nodes, key=lambda node: str(node["alias"]))


def _analyses(manifest: Manifest) -> list[dict[str, Any]]:
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "analysis"]
    return sorted(nodes, key=lambda node: str(node["name"]))


def _question(code: str) -> tuple[str, str]:
    """Split a query from the comment above it."""
    lines = code.splitlines()
    comment = [line for line in lines if line.startswith("--")]
    question = " ".join(line.removeprefix("--").strip() for line in comment)
    return question, "\n".join(line for line in lines if not line.startswith("--"))


def _resolved(manifest: Manifest, query: str) -> str:
    """Write the table of each reference; ValueError for an unknown one."""
    tables = {
        node["name"]: f"{node['database']}.{node['schema']}.{node['alias']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }

    def table(found: re.Match[str]) -> str:
        if found[1] not in tables:
            raise ValueError(f"analyses: no model or seed {found[1]}")
        return tables[found[1]]

    return re.sub(r"\{\{\s*ref\('(\w+)'\)\s*\}\}", table, query)


def _answer(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """Return the result of a query as a Markdown table, its first rows where there are many."""
    parameters = {"request": EXAMPLE} if "$request" in query else None
    cursor = connection.execute(query, parameters)
    names = [str(column[0]) for column in cursor.description or ()]
    rows = cursor.fetchall()
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        lines += ["", f"The first {MOST_ROWS} of {len(rows)} rows."]
    return lines


def _cell(value: object) -> str:
    return "" if value is None else _escaped(str(value))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    for page in write_documents(*map(Path, sys.argv[1:4])):
        print(page)
