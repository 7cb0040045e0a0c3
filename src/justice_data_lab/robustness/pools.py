"""The pools of controls that another rule would have given: what each scenario keeps."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.robustness.scenarios import People
from justice_data_lab.statistics.arrow import STRATUM_KEY, BoolArray, IntArray, sort_rows


def is_in_pool(cohort: pa.Table, people: People) -> BoolArray:
    """Return which rows of a cohort a scenario keeps: all treated, and these controls.

    ``first_event``: of every person and stratum the earliest by ``index_date``. ``one_event``: the
    first by ``draw_order``. ``linked_never``: those without ``own_last_day``: the request does not
    link them. ``not_treated_elsewhere``: those whom no other request links.
    """
    treated = _values(cohort.column("is_treated"))
    if people == "linked_never":
        kept = _values(pc.is_null(cohort.column("own_last_day")))
    elif people == "not_treated_elsewhere":
        kept = ~_values(cohort.column("is_linked_elsewhere"))
    else:
        kept = _first_of_a_person(cohort, "index_date" if people == "first_event" else "draw_order")
    return treated | kept


def _values(column: pa.ChunkedArray) -> BoolArray:
    return np.asarray(column.to_numpy(), dtype=np.bool_)


def _first_of_a_person(cohort: pa.Table, name: str) -> BoolArray:
    """Return the control of each person and stratum that is first by a column, then by event."""
    controls = np.flatnonzero(~_values(cohort.column("is_treated")))
    table = cohort.select([*STRATUM_KEY, "person_id", name, "event_id"]).take(pa.array(controls))
    place = table.column_names.index(name)
    if pa.types.is_date(table.column(name).type):
        table = table.set_column(place, name, pc.cast(table.column(name), pa.int32()))
    rows = sort_rows(table, by=STRATUM_KEY, then=("person_id", name, "event_id"))
    person: IntArray = rows.integers("person_id")
    is_first = np.append(True, (person[1:] != person[:-1]) | (rows.code[1:] != rows.code[:-1]))
    kept = np.zeros(cohort.num_rows, dtype=bool)
    kept[controls[rows.order[is_first[: len(person)]]]] = True
    return kept
