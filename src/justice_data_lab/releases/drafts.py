"""Drafts that were sent: registered, so that later figures keep their distance from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from justice_data_lab.build.databases import open_build
from justice_data_lab.build.durable import alone
from justice_data_lab.build.state import why_older
from justice_data_lab.releases import journal
from justice_data_lab.releases.register import COHORTS, add_rows, rows_of_cohorts

VERSION: Final = "draft:{}"
"""Stands in the register of cohorts for a version; no release can have such a name."""


def read_sketches(build: Path) -> list[Mapping[str, object]]:
    """Return the sketches by which later builds are compared with the figures of this one."""
    with open_build(build, "restricted") as connection:
        rows: list[Mapping[str, object]] = (
            connection.table("restricted.main.cohort_sketches").to_arrow_table().to_pylist()
        )
    return rows


def register_drafts(build: Path) -> list[str]:
    """Register the cohorts of requests in review; return why that is not done, if so, in a line.

    A request is in review from the day that its draft is sent (``provider_reviews.csv``). The same
    people are registered once, however often the draft is written. Raises DatabaseError where
    something that is built cannot be opened.
    """
    with open_build(build, "published") as connection:
        requests = connection.execute(
            "select request_id from published.main.requests where status = 'in_review' order by all"
        ).fetchall()
    if not requests:
        return []
    why = why_older(build)
    if not (build / "restricted.duckdb").exists():
        why = f"{build / 'restricted.duckdb'} is not there"
    if why:
        names = ", ".join(request_id for (request_id,) in requests)
        return [f"{names}: in review, and not registered ({why}): do not send these pages."]
    sketches = read_sketches(build)
    releases = build / "releases"
    releases.mkdir(mode=0o700, exist_ok=True)
    journal.settle(releases)
    with alone(releases):
        for (request_id,) in requests:
            rows = sorted(rows_of_cohorts([request_id], sketches))
            digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
            add_rows(releases / COHORTS, VERSION.format(digest[:12]), rows)
    return []
