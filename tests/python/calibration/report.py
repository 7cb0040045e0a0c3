"""docs/calibration.md, its figures and its tables, from the results of a run."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt

from calibration.figures import YEAR_BEFORE
from calibration.scenarios import SCENARIOS
from calibration.summary import pooled_false_positives

Row = Mapping[str, object]
STYLE = {
    "svg.hashsalt": "justice-data-lab",
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
BLUE, ORANGE, GREY = "#1d70b8", "#d4351c", "#6f777b"


@dataclass(frozen=True)
class Bar:
    """One thing that was promised: what was reached, and whether it holds within two errors."""

    promise: str
    scenario: str
    reached: float
    error: float
    lowest: float
    highest: float
    unit: str

    @property
    def verdict(self) -> str:
        """Return ``held``, ``within two errors`` or ``not held``."""
        if self.lowest <= self.reached <= self.highest:
            return "held"
        slack = 2 * self.error
        if self.lowest - slack <= self.reached <= self.highest + slack:
            return "within two errors"
        return "**not held**"


def bars_of(rows: Sequence[Row]) -> list[Bar]:
    """Return every promise about these rows, in the order of the table."""
    known = [row for row in rows if "bias" in row]
    found = [bar for row in known if row["rules"] == "as built" for bar in _bars_of_row(row)]
    found += [bar for row in known for bar in _bars_of_biased(row)]
    found += [_bar_of_year_before(row) for row in known if row["rules"] == YEAR_BEFORE.name]
    null = {s.name for s in SCENARIOS if not s.effect}
    wrong = [r for r in known if _is_plain(r) and r["rules"] == "as built"]
    wrong = [row for row in wrong if row["scenario"] in null]
    if wrong:
        share, error = pooled_false_positives(wrong)
        promise = "false positives, null scenarios together"
        found.append(Bar(promise, f"{len(wrong)} scenarios", share, error, 0.0, 5.5, "%"))
    return sorted(found, key=lambda bar: bar.promise)


def _is_plain(row: Row) -> bool:
    return row["measure"] == "rate" and row["estimator"] == "headline"


def _bars_of_row(row: Row) -> list[Bar]:
    """Return what is promised of an estimate by the rules as they are built."""
    treated_n = {s.name: s.treated_n for s in SCENARIOS}[str(row["scenario"])]
    if _is_plain(row):
        highest = 100.0 if treated_n < 60 else 99.0
        return [
            _bar("bias of the rate", row, "bias", -0.3, 0.3, "points"),
            _bar("coverage of the headline", row, "coverage", 94.0, highest, "%"),
        ]
    if row["measure"] == "rate":
        return [_bar("coverage of the doubly robust", row, "coverage", 93.5, 97.0, "%")]
    if row["estimator"] == "headline" and treated_n >= 60:
        return [
            _bar("bias of the frequency", row, "bias", -0.01, 0.01, "a person"),
            _bar("coverage of counts", row, "coverage", 93.0, 100.0, "%"),
        ]
    return []


def _bars_of_biased(row: Row) -> list[Bar]:
    """Return how the other conditions must be biased: fixed against the service, none for it."""
    edges = {"fixed": (0.5, 100.0), "none": (-100.0, -0.5)}.get(str(row["rules"]))
    if edges is None or not _is_plain(row):
        return []
    promise = f"bias under `{row['rules']}`, in its known direction"
    return [_bar(promise, row, "bias", *edges, "points")]


def _bar_of_year_before(row: Row) -> Bar:
    """Return what the check of the year before owes: zero is held, or what was planted is seen."""
    scenario = {s.name: s for s in SCENARIOS}[str(row["scenario"])]
    if not getattr(scenario, "planted", 0.0):
        return _bar("the year before holds zero", row, "coverage", 94.0, 97.0, "%")
    lowest = 60.0 if scenario.treated_n < 800 else 80.0
    reached, error = _number(row, "significant_percent"), _number(row, "significant_error")
    promise = "5 points planted on the year before are flagged"
    return Bar(promise, scenario.name, reached, error, lowest, 100.0, "%")


def _bar(promise: str, row: Row, what: str, lowest: float, highest: float, unit: str) -> Bar:
    value = "bias" if what == "bias" else "coverage_percent"
    return Bar(
        promise,
        str(row["scenario"]),
        _number(row, value),
        _number(row, f"{what}_error"),
        lowest,
        highest,
        unit,
    )


def write_report(docs: Path, results: Sequence[Mapping[str, object]]) -> None:
    """Write docs/calibration.md, and beside it the figures and the table of all rows."""
    folder = docs / "calibration"
    rows = [row for result in results for row in result["rows"]]  # type: ignore[attr-defined]
    _write_table(folder / "results.csv", rows)
    with plt.rc_context(STYLE):
        _coverage_figure(folder / "coverage.svg", rows)
        _bias_figure(folder / "bias.svg", rows)
    (docs / "calibration.md").write_text(_page(results, rows), "utf-8")


def _page(results: Sequence[Mapping[str, object]], rows: Sequence[Row]) -> str:
    bars = bars_of(rows)
    missed = [bar for bar in bars if "not held" in bar.verdict]
    worlds = sorted({int(str(result["worlds"])) for result in results})
    codes = sorted({str(result["code"]) for result in results})
    done = f"{len(results)} of the {len(SCENARIOS)} scenarios"
    return "\n".join(
        [
            "# Calibration: does an interval cover the truth as often as it says?",
            "",
            f"Made by `make calibrate`: {', '.join(map(str, worlds))} worlds a scenario, {done}.",
            "Every world is drawn with an effect that is known, and goes through the code that a",
            "build runs: the score fitted anew, radius matching, the exact balance, the headline's",
            "interval and the doubly robust estimate. `results.csv` and `results.json` in",
            "`calibration/` hold every figure; a run that is cut off goes on where it stopped,",
            f"unless the code has changed since (this is of code `{'`, `'.join(codes)}`).",
            "",
            "## The worlds",
            "**Careers**: people offend for years, by a Poisson process with a frailty that nobody",
            "sees, and every offence is an index event. A service starts after a delay, at a rate",
            "that follows risk and record, and only for people free of offences until then.",
            "It has no effect. `rules of before` are those of the first two rounds: one event a",
            "person, nobody who starts later, width 0.2, no exact balance. `the year before` is",
            "the negative control: what was known and done a year before the index date. Who",
            "starts depends on the record at the index date, the last year included (but in",
            "`careers_traits` and `planted`): no rule takes that out of the year before.",
            "",
            "**One event each**: 16 covariates, half normal and half binary; the rate of offences",
            "is log-linear in them, times the frailty. Strong selection is twice the mild one and",
            "adds a square and a product that no score sees; treated and pool then differ by about",
            "17 points before matching. In the `unseen` scenarios offending holds the same square",
            "and product. What drives offending is measured in the rest: confounding by what is",
            "not, no method removes. With a delay, the service starts at a rate of its own, and",
            "only for people free of offences then. An effect takes people off the list of",
            "re-offenders; the truth of a world is the mean over its own treated, from potential",
            "outcomes.",
            "",
            *_scenario_lines(results),
            "",
            "## What was promised, and what was reached",
            f"{len(bars) - len(missed)} of {len(bars)} hold, allowing two Monte Carlo errors.",
            "",
            *_bar_lines(bars),
            "",
            "![Coverage by scenario](calibration/coverage.svg)",
            "",
            "![Bias by scenario](calibration/bias.svg)",
            "",
            "## All figures of the rate and the frequency",
            *_figure_lines(rows),
            "",
        ]
    )


def _scenario_lines(results: Sequence[Mapping[str, object]]) -> list[str]:
    lines = [
        "| scenario | what it is | treated | pool | effect, points | CPU s a world |",
        "|---|---|--:|--:|--:|--:|",
    ]
    spent = {r["scenario"]["name"]: r["cpu_seconds_a_world"] for r in results}  # type: ignore[index]
    for s in SCENARIOS:
        lines.append(
            f"| `{s.name}` | {s.description} | {s.treated_n:,} | {s.pool_n:,} | {s.effect:g} "
            f"| {spent.get(s.name, 'not run')} |"
        )
    return lines


def _bar_lines(bars: Sequence[Bar]) -> list[str]:
    lines = ["| promise | scenario | reached | error | promised | |", "|---|---|--:|--:|---|---|"]
    for bar in bars:
        low, high = f"{bar.lowest:g}", f"{bar.highest:g}"
        span = f"{low} to {high}" if bar.lowest > -100 else f"at most {high}"
        span = f"at least {low}" if bar.highest == 100 else span
        lines.append(
            f"| {bar.promise} | `{bar.scenario}` | {bar.reached:.2f} {bar.unit} | {bar.error:.2f} "
            f"| {span} | {bar.verdict} |"
        )
    return lines


def _figure_lines(rows: Sequence[Row]) -> list[str]:
    lines = [
        "| scenario | rules | measure | estimator | bias | SD | mean width "
        "| coverage % | p <= 0.05, % | estimated |",
        "|---|---|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        if "bias" not in row:
            continue
        digits = 2 if row["measure"] == "rate" else 3
        lines.append(
            f"| `{row['scenario']}` | {row['rules']} | {row['measure']} "
            f"| {str(row['estimator']).replace('_', ' ')} | {_number(row, 'bias'):.{digits}f} "
            f"| {_number(row, 'estimate_sd'):.{digits}f} "
            f"| {_number(row, 'interval_width'):.{digits}f} "
            f"| {_number(row, 'coverage_percent'):.1f} | {_number(row, 'significant_percent'):.1f} "
            f"| {row['estimated_n']} |"
        )
    return lines


def _coverage_figure(file: Path, rows: Sequence[Row]) -> None:
    series = [
        (f"{label}, {measure}", colour, marker, measure, estimator)
        for label, colour, estimator in (
            ("headline", BLUE, "headline"),
            ("doubly robust", ORANGE, "doubly_robust"),
        )
        for measure, marker in (("rate", "o"), ("frequency", "s"))
    ]
    figure, axes = plt.subplots(figsize=(7, 8))
    axes.axvspan(94, 98, color=BLUE, alpha=0.08, lw=0)
    axes.axvline(95, color=GREY, lw=0.8)
    for shift, (label, colour, marker, measure, estimator) in enumerate(series):
        some = [
            row
            for row in rows
            if row["rules"] == "as built"
            and (row["measure"], row["estimator"]) == (measure, estimator)
            and "bias" in row
        ]
        axes.errorbar(
            [_number(row, "coverage_percent") for row in some],
            [_place(row) + 0.18 * shift - 0.27 for row in some],
            xerr=[2 * _number(row, "coverage_error") for row in some],
            fmt=marker,
            ms=4,
            color=colour,
            mfc=colour if marker == "o" else "white",
            label=label,
            lw=1,
        )
    _finish(figure, axes, file, "Coverage of the 95% interval, % (bars: two Monte Carlo errors)")


def _bias_figure(file: Path, rows: Sequence[Row]) -> None:
    figure, axes = plt.subplots(figsize=(7, 8))
    axes.axvspan(-0.5, 0.5, color=BLUE, alpha=0.08, lw=0)
    axes.axvline(0, color=GREY, lw=0.8)
    plain = [row for row in rows if "bias" in row and _is_plain(row)]
    for shift, (rules, colour) in enumerate((("as built", BLUE), ("untilted", ORANGE))):
        some = [row for row in plain if row["rules"] == rules]
        axes.errorbar(
            [_number(row, "bias") for row in some],
            [_place(row) + 0.24 * shift - 0.12 for row in some],
            xerr=[2 * _number(row, "bias_error") for row in some],
            fmt="o",
            ms=4,
            color=colour,
            label=rules,
            lw=1,
        )
    for name in dict.fromkeys(str(row["scenario"]) for row in plain):
        named = ("rules of before", "fixed", "none")
        others = [r for r in plain if r["scenario"] == name and r["rules"] in named]
        text = ", ".join(f"{r['rules']} {_number(r, 'bias'):+.1f}" for r in others)
        if others:
            axes.text(0.98, _place(others[0]), text, ha="right", va="center", fontsize=8)
    axes.set_xlim(-1, 1)
    _finish(figure, axes, file, "Bias of the rate, points (bars: two Monte Carlo errors)")


def _finish(figure: plt.Figure, axes: plt.Axes, file: Path, label: str) -> None:
    axes.set_yticks(range(len(SCENARIOS)), [s.name for s in SCENARIOS])
    axes.set_ylim(len(SCENARIOS) - 0.5, -0.5)
    axes.set_xlabel(label)
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, 1.1), ncols=4, frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(line.rstrip() for line in lines) + "\n", "utf-8")


def _place(row: Row) -> int:
    return [s.name for s in SCENARIOS].index(str(row["scenario"]))


def _number(row: Row, name: str) -> float:
    return float(str(row[name]))


def _write_table(file: Path, rows: Sequence[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: f"{v:.6g}" if isinstance(v, float) else v for k, v in row.items()})
