"""Freeze reviewed results under a version number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.build.published import Published, read_published
from justice_data_lab.build.state import is_finished
from justice_data_lab.downloads import write_csv_files
from justice_data_lab.downloads.delimited import write_csv
from justice_data_lab.releases import journal
from justice_data_lab.releases.comparison import compare_releases
from justice_data_lab.releases.hashes import file_hash, file_hashes, fingerprint_of
from justice_data_lab.releases.manifest import MANIFEST, VERSION_FORM, Manifest
from justice_data_lab.releases.register import rows_of_release, versions

WriteSite = Callable[[Path, Path], object]
UNREVIEWED: Final = "in_review"


class ReleaseError(Exception):
    """The release is refused; the text says why in one line, and what to do."""


@dataclass(frozen=True)
class Approval:
    """Who looked at what: the hash that ``jdl verify`` printed, and the two names as given."""

    reviewed_hash: str
    reviewer: str
    approver: str


def freeze_release(
    build: Path,
    version: str,
    approval: Approval,
    *,
    released_on: date,
    cohorts: Sequence[Mapping[str, object]],
    write_site: WriteSite,
) -> Manifest:
    """Freeze tables, site, workbooks and CSV of a build in ``releases/<version>``.

    Requests that are still with their provider keep their row in ``requests`` and nothing else.
    cohorts: the rows of ``restricted.main.cohort_sketches`` of the build, for the register.
    write_site: writes the site of a published.duckdb (first argument) into a folder (second).

    Registers and folder gain the version together, or not at all (``journal``): a release that was
    stopped is either to be done again, or is carried to its end by whatever reads releases next.
    Raises ReleaseError when the version is taken or badly formed, a name is missing or twice the
    same, the build has not run to its end or was made by uncommitted code, or its figures are not
    those of the hash; DatabaseError when there is nothing published.
    """
    releases = build / "releases"
    _check_words(version, approval)
    journal.settle(releases)
    if not is_finished(build):
        raise ReleaseError(
            f"{build}: the last build failed, was stopped or is under way; run dbt build to its end"
        )
    published = read_published(build / "published.duckdb")
    if fingerprint_of(published).total != approval.reviewed_hash:
        raise ReleaseError(
            "the published figures are not those of this hash; review them and run jdl verify again"
        )
    if (published.setting("code_version") or "").endswith("-dirty"):
        raise ReleaseError(
            "the figures were built by code with uncommitted changes; commit them, run dbt build "
            "and review again, so that the release can be built again"
        )
    if (releases / version).exists() or version in versions(releases):
        raise ReleaseError(f"{version}: has been released already; choose another version")
    if not _requests_to_release(published):
        raise ReleaseError("no request has results that may be released; see their status")
    try:
        folder = journal.begin(releases, version)
        manifest = _fill(folder, published, version, approval, released_on, write_site)
        digest = file_hash(folder / MANIFEST)
        rows = rows_of_release(manifest.requests, manifest.released_on, digest, cohorts)
        journal.decide(releases, version, rows)
    finally:
        journal.abandon(releases, version)
    return manifest


def _check_words(version: str, approval: Approval) -> None:
    if not VERSION_FORM.fullmatch(version):
        raise ReleaseError("the version may hold letters, digits, dots, hyphens and underscores")
    names = [approval.reviewer.strip(), approval.approver.strip()]
    if not all(names):
        raise ReleaseError("both the reviewer and the approver must be named")
    if names[0].casefold() == names[1].casefold():
        raise ReleaseError("reviewer and approver must be two people")


def _fill(
    folder: Path,
    published: Published,
    version: str,
    approval: Approval,
    released_on: date,
    write_site: WriteSite,
) -> Manifest:
    releases = folder.parents[1]
    earlier = versions(releases)
    _write_database(folder / "published.duckdb", published, version, released_on)
    released = read_published(folder / "published.duckdb")
    write_site(folder / "published.duckdb", folder / "site")
    list(write_csv_files(released, folder / "csv"))
    if earlier:
        before = read_published(releases / earlier[-1] / "published.duckdb")
        write_csv(compare_releases(before, released), folder / "comparison.csv")
    manifest = Manifest(
        version=version,
        released_on=released_on.isoformat(),
        previous=earlier[-1] if earlier else None,
        reviewer=approval.reviewer.strip(),
        approver=approval.approver.strip(),
        reviewed_hash=approval.reviewed_hash,
        code_version=published.setting("code_version") or "",
        data_as_of=published.setting("data_as_of") or "",
        reoffending_data_to=published.setting("reoffending_data_to") or "",
        requests=_requests_to_release(released),
        tables=dict(fingerprint_of(released).tables),
        files=file_hashes(folder),
    )
    manifest.write(folder)
    return manifest


def _write_database(path: Path, published: Published, version: str, released_on: date) -> None:
    """Write the tables of a release, with their descriptions, into a new database."""
    in_review = _requests_in_review(published)

    def released(name: str, table: pa.Table) -> pa.Table:
        of_release = _releasable(name, table, in_review)
        return _of_version(of_release, version, released_on) if name == "requests" else of_release

    with duckdb.connect(str(path)) as connection:
        for name, table in published.tables.items():
            connection.register("rows", released(name, table))
            connection.execute(f'create table "{name}" as from rows')
            connection.unregister("rows")
            _comment(connection, f'table "{name}"', published.descriptions[name])
            for column in table.column_names:
                text = published.columns[(name, column)]
                _comment(connection, f'column "{name}"."{column}"', text)


def _requests_to_release(published: Published) -> list[str]:
    """Return the requests with results that are not with their provider, in order."""
    in_review = set(_requests_in_review(published).to_pylist())
    return sorted(set(published.tables["outcomes"]["request_id"].to_pylist()) - in_review)


def _requests_in_review(published: Published) -> pa.Array:
    requests = published.tables["requests"]
    return requests.filter(pc.equal(requests["status"], UNREVIEWED))["request_id"].combine_chunks()


def _releasable(name: str, table: pa.Table, in_review: pa.Array) -> pa.Table:
    """Leave out what belongs to a request in review; its row remains, without what came of it.

    Other requests with results are published by this release, and their rows say so.
    """
    if "request_id" not in table.column_names:
        return table
    is_in_review = pc.is_in(table["request_id"], in_review)
    if name != "requests":
        return table.filter(pc.invert(is_in_review))
    hidden = [
        (column, pc.if_else(is_in_review, pa.scalar(None, table[column].type), table[column]))
        for column in ("analysed_n", "balance_verdict")
    ]
    status = pc.if_else(pc.equal(table["status"], "analysed"), "published", table["status"])
    for column, values in (*hidden, ("status", status)):
        table = table.set_column(table.column_names.index(column), column, values)
    return table


def _of_version(requests: pa.Table, version: str, released_on: date) -> pa.Table:
    """Say of each request that is published in which release, and when."""
    is_released = pc.equal(requests["status"], "published")
    for column, value in (("release_version", version), ("released_on", released_on)):
        place = requests.column_names.index(column)
        kind = requests.schema.field(place).type
        values = pc.if_else(is_released, pa.scalar(value, kind), pa.scalar(None, kind))
        requests = requests.set_column(place, column, values)
    return requests


def _comment(connection: duckdb.DuckDBPyConnection, what: str, text: str) -> None:
    escaped = text.replace("'", "''")
    connection.execute(f"comment on {what} is '{escaped}'")
