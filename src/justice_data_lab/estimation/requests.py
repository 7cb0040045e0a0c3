"""The pass: every analysis of every request, one after the other, and what is kept of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.estimation.analysis import (
    REQUEST_STAGES,
    Analysis,
    Inputs,
    estimate_analysis,
)
from justice_data_lab.measures import HEADLINE
from justice_data_lab.statistics.arrow import rows_table
from justice_data_lab.statistics.guard import FAILURES_SCHEMA
from justice_data_lab.statistics.settings import AnalysisKey

ANALYSES_SCHEMA = pa.schema(
    [
        ("request_id", pa.string()),
        ("analysis_id", pa.string()),
        ("treated_n", pa.int64()),
        ("controls_n", pa.int64()),
        ("ended_by", pa.string()),
    ]
)
OF_PEOPLE = ("scores", "matches")
"""Tables with a row a member: of analyses other than the headline, the treated alone are kept."""
OF_A_REQUEST = ("estimates", "diagnostics")

ReadMembers = Callable[[AnalysisKey], pa.Table]
Keep = Callable[[str, pa.Table], None]


def estimate_requests(
    inputs: Inputs,
    read_members: ReadMembers,
    keep: Keep,
    done: Callable[[], None] = lambda: None,
) -> pa.Table:
    """Run the stages on every analysis, holding the members of one at a time.

    read_members: returns the members of an analysis, with their outcomes. keep: is given the name
    of a table and rows of it (see ``analysis.SCHEMAS``), again and again. done: is called after
    each analysis; after a headline once its request is finished.

    Returns one row per (request_id, analysis_id): its treated people, the control events of its
    pool, and the first stage that failed, null where none did.
    """
    rows: list[dict[str, object]] = []
    for keys in _by_request(inputs):
        request = _Request(inputs, read_members, keep)
        for key in keys:
            rows.append(request.estimate(key))
            if key[1] == HEADLINE:
                request.finish()
            done()
    rows.sort(key=lambda row: (str(row["request_id"]), str(row["analysis_id"])))
    return rows_table(rows, ANALYSES_SCHEMA)


def _by_request(inputs: Inputs) -> Iterator[list[AnalysisKey]]:
    """Yield the analyses of each request, its headline last: what needs it comes at the end."""
    requests: dict[str, list[AnalysisKey]] = {}
    for key in sorted(inputs.settings, key=lambda key: (key[0], key[1] == HEADLINE, key[1])):
        requests.setdefault(key[0], []).append(key)
    yield from requests.values()


@dataclass
class _Request:
    """The analyses of one request: the small tables of all of them, and the headline itself."""

    inputs: Inputs
    read_members: ReadMembers
    keep: Keep
    small: Mapping[str, list[pa.Table]] = field(
        default_factory=lambda: {name: [] for name in OF_A_REQUEST}
    )
    headline: Analysis | None = None

    def estimate(self, key: AnalysisKey) -> dict[str, object]:
        """Run the stages of one analysis and keep what they made; returns its row."""
        cohort = self.read_members(key)
        analysis = estimate_analysis(key, cohort, self.inputs)
        for name, table in analysis.tables.items():
            is_treated_only = name in OF_PEOPLE and key[1] != HEADLINE
            self.keep(name, table.filter(table["is_treated"]) if is_treated_only else table)
        self._keep_failures(analysis)
        for name, tables in self.small.items():
            tables.append(analysis.tables[name])
        if key[1] == HEADLINE:
            self.headline = analysis
        treated_n = int(pc.sum(cohort["is_treated"]).as_py() or 0)
        return {
            "request_id": key[0],
            "analysis_id": key[1],
            "treated_n": treated_n,
            "controls_n": cohort.num_rows - treated_n,
            "ended_by": analysis.ended_by,
        }

    def finish(self) -> None:
        """Run the stages that need the results of all analyses of the request."""
        if self.headline is None:
            return
        of_all = {name: pa.concat_tables(tables) for name, tables in self.small.items()}
        headline = self.headline
        whole = Analysis(
            headline.key, headline.cohort, self.inputs, tables=headline.tables | of_all
        )
        for name, work in REQUEST_STAGES.items():
            before = set(whole.tables)
            whole.run(name, work)
            for made in whole.tables.keys() - before:
                self.keep(made, whole.tables[made])
        self._keep_failures(whole)

    def _keep_failures(self, analysis: Analysis) -> None:
        self.keep("failures", pa.Table.from_pylist(analysis.failures, schema=FAILURES_SCHEMA))


def members_reader(members: object) -> ReadMembers:
    """Return the reader of a relation of the members of all analyses: it is filtered, not read."""

    def read(key: AnalysisKey) -> pa.Table:
        request_id, analysis_id = (value.replace("'", "''") for value in key)
        condition = f"request_id = '{request_id}' and analysis_id = '{analysis_id}'"
        return members.filter(condition).to_arrow_table()  # type: ignore[attr-defined]

    return read
