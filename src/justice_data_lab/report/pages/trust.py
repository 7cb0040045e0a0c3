"""Whether the two groups can be compared at all: what was tried where no effect can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from justice_data_lab.gates import GATES, Gate
from justice_data_lab.report.pages.parts import Table, table
from justice_data_lab.report.pages.placebo import placebo_sentences, placebo_table
from justice_data_lab.report.tables import Row, SiteTables
from justice_data_lab.report.wording import code_text, number_text, p_text, range_text
from justice_data_lab.statements.gates import failed_gates


@dataclass(frozen=True)
class Trust:
    """Sentences in their order, and the tables under them."""

    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


def trust(published: SiteTables, request_id: str) -> Trust | None:
    """Return the checks of one request; None where it has none."""
    gates = published.of("diagnostics_gate", request_id)
    year_before = published.of("pre_service_check", request_id)
    sentences = [*gate_sentences(gates)]
    sentences += [text for row in year_before for text in year_before_sentences(row)]
    placebo = published.of("placebo", request_id)
    sentences += [text for row in placebo for text in placebo_sentences(row)]
    tables = [_gates_table(gates)] if gates else []
    tables += [_year_before_table(row) for row in year_before if row["passes"] is not None]
    if any(row["difference"] is not None for row in placebo):
        tables.append(placebo_table(placebo, published.measures))
    return Trust(tuple(sentences), tuple(tables)) if sentences else None


def gate_sentences(gates: Sequence[Row]) -> Iterator[str]:
    """Say which gates failed, or that all were passed; nothing where none is shown."""
    failed = failed_gates(gates).strip()
    if failed:
        yield failed
    elif any(row["passes"] for row in gates):
        yield (
            "The two groups passed every check that comes before results: they are alike enough "
            "to be compared."
        )


def year_before_sentences(row: Row) -> Iterator[str]:
    """Say whether the groups offended alike when the service could have changed nothing."""
    if row["passes"] is None:
        yield (
            "How the two groups offended in the year before cannot be shown "
            f"{code_text(row['code'] or 'x')}."
        )
        return
    rates = f"{number_text(row['treated_value'])}% against {number_text(row['control_value'])}%"
    if row["passes"]:
        yield (
            f"In the year before, the two groups offended alike ({rates}). The service cannot "
            "have caused a difference then, so a difference would have been a warning."
        )
        return
    yield (
        f"In the year before, the two groups did not offend alike ({rates}). The service cannot "
        "have caused this. Either the groups differ in something that is not recorded, or people "
        "are chosen for the service by their last year, which the main analysis allows for. It is "
        "shown as a warning and changes no conclusion."
    )


def _gates_table(gates: Sequence[Row]) -> Table:
    by_code = {row["gate"]: row for row in gates}
    return table(
        "Checks before results",
        ["Check"],
        ["Value", "Limit", "Result"],
        [
            (gate.name, *_gate_cells(gate, by_code[code]))
            for code, gate in GATES.items()
            if code in by_code
        ],
    )


def _gate_cells(gate: Gate, row: Row) -> tuple[str, str, str]:
    code = row["code"]
    value = code_text(code or "z") if row["value"] is None else f"{row['value']:g}{gate.unit}"
    low, high = (
        None if limit is None else f"{limit:g}{gate.unit}" for limit in (gate.lowest, gate.highest)
    )
    limit = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    if row["passes"] is None:
        return value, limit, code_text(code or "x")
    if row["is_overridden"]:
        return value, limit, "Failed, overridden by the lab"
    return value, limit, "Passed" if row["passes"] else "Failed"


def _year_before_table(row: Row) -> Table:
    return table(
        "Proven offending in the year before the index date, the index offence apart",
        ["Measure"],
        [
            *("Received the service (%)", "Comparison group (%)"),
            *("Difference (95% interval)", "p"),
        ],
        [
            (
                "People who offended",
                number_text(row["treated_value"]),
                number_text(row["control_value"]),
                f"{number_text(row['difference'])} "
                f"({range_text(row['difference_lower'], row['difference_upper'])})",
                p_text(row["p_value"], row["code"]),
            )
        ],
    )
