"""Tools to write uploads and to read them back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from justice_data_lab.intake import INDIVIDUAL_FIELDS
from justice_data_lab.intake.arrow import Uploads, read_uploads

HEADER = ",".join(INDIVIDUAL_FIELDS)
SERVICE = "question,answer\nneed,employment\n"


@dataclass(frozen=True)
class Reader:
    """A zone whose uploads a test writes; every method writes, ``read`` reads."""

    zone: Path

    @property
    def uploads(self) -> Path:
        return self.zone / "uploads"

    def csv(
        self, individuals: str | bytes, request_id: str = "R", service: str | bytes = SERVICE
    ) -> None:
        folder = self.uploads / request_id
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in (("individuals", individuals), ("service", service)):
            content = content.encode() if isinstance(content, str) else content
            (folder / f"{name}.csv").write_bytes(content)

    def rows(self, *lines: str) -> None:
        self.csv("\n".join([HEADER, *lines]) + "\n")

    def xlsx(
        self,
        rows: Iterable[Sequence[Any]],
        edit: Callable[[openpyxl.Workbook], None] | None = None,
        request_id: str = "R",
    ) -> Path:
        self.uploads.mkdir(parents=True, exist_ok=True)
        book = openpyxl.Workbook()
        book.active.title = "Individuals"
        service = book.create_sheet("Service")
        service.append(["question", "answer"])
        for row in rows:
            book["Individuals"].append(row)
        if edit is not None:
            edit(book)
        path = self.uploads / f"{request_id}.xlsx"
        book.save(path)
        return path

    def read(self) -> Uploads:
        return read_uploads(self.zone)

    def findings(self) -> list[tuple[str | None, int | None, str, str | None]]:
        rows = self.read().findings.to_pylist()
        return [(r["request_id"], r["record_number"], r["check_id"], r["field"]) for r in rows]

    def checks(self) -> list[str]:
        return [check_id for _, _, check_id, _ in self.findings()]

    def records(self) -> list[dict[str, Any]]:
        """Records without the cells that are null and without the request."""
        return [
            {k: v for k, v in r.items() if v is not None and k not in ("request_id", "source_form")}
            for r in self.read().individuals.to_pylist()
        ]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def repack(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Change the parts of a workbook's archive by name."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path.write_bytes(packed.getvalue())


@pytest.fixture(name="repack")
def repack_fixture() -> Callable[[Path, Callable[[dict[str, bytes]], None]], None]:
    return repack
