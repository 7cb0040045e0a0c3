"""What only the later passes of a build (probabilistic, clerical, review) can know of records."""

from __future__ import annotations

from collections import defaultdict

from .built import Built, Rows
from .linking import Link
from .rules import Links

LEAST_IN_REVIEW = 0.5
PASSES: tuple[tuple[str, str], ...] = (
    ("prob", "probabilistic"),
    ("cler", "clerical"),
    ("pncid", "pncid"),
    ("prison", "prison_number"),
    ("name", "name"),
    ("pnc", "pncid"),
)


def plain_pass(name: object) -> str | None:
    """Bring the name of a pass to ours: pncid, prison_number, name, probabilistic, clerical."""
    lowered = str(name or "").lower()
    return next((ours for part, ours in PASSES if part in lowered), lowered or None)


def people_in_review(built: Built) -> set[tuple[str, int, str]]:
    """List records in doubt with the people whom they may be about.

    They are those of at least the review probability, and the only namesake, who goes to review
    without it.
    """
    numbers = {
        row["person_id"]: row["pnc_id"]
        for row in built.table("restricted.intermediate.int_register__people")
    }
    namesakes = {
        (row["request_id"], row["record_number"], numbers[row["person_id"]])
        for row in built.table("restricted.intermediate.int_linking__scores")
        if row["is_only_namesake"]
    }
    shown = {
        (row["request_id"], row["record_number"], row["pnc_id"]): row["match_probability"]
        for row in built.table("restricted.main.clerical_review")
    }
    return {key for key, p in shown.items() if p >= LEAST_IN_REVIEW or key in namesakes}


def later_links(built: Built, outcomes: Rows, linked: Rows) -> Links:
    """Take over what only their later passes (probabilistic, clerical, review) can know.

    The people whom a record in doubt may be about are those in review and the one to whom it is
    linked.
    """
    given: Links = {}
    possible: dict[tuple[str, int], set[str]] = defaultdict(set)
    for request_id, number, pnc_id in people_in_review(built):
        possible[request_id, number].add(pnc_id)
    for row in linked:
        possible[(row["request_id"], row["record_number"])].add(row["pnc_id"])
    for row in outcomes:
        key = (row["request_id"], row["record_number"])
        if row["outcome"] == "ambiguous_match":
            given[key] = Link(outcome="ambiguous_match", reached=frozenset(possible[key]))
        elif row["link_reason"] == "in_review" or (
            row["link_reason"] == "no_conviction"
            and plain_pass(row["link_pass"]) == "probabilistic"
        ):
            given[key] = Link(
                outcome="not_on_pnc",
                reason=row["link_reason"],
                reached=frozenset(possible[key]),
            )
    for row in linked:
        key = (row["request_id"], row["record_number"])
        if plain_pass(row["link_pass"]) in ("probabilistic", "clerical") and key not in given:
            name = plain_pass(row["link_pass"])
            given[key] = Link(row["pnc_id"], name, frozenset({row["pnc_id"]}))
    return given
