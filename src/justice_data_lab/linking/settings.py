"""What the linking is told: its inputs, and the settings of prediction and decision."""

from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import duckdb
import pyarrow as pa

from justice_data_lab.settings import read_settings

Source: TypeAlias = str | pa.Table | duckdb.DuckDBPyRelation
"""A table: its name or a `select`, an Arrow table, or a relation of the caller's connection."""


class LinkError(ValueError):
    """The linking cannot run; the message says what to do next."""


@dataclass(frozen=True)
class LinkInputs:
    """The tables of a prediction, folded as the project's staging folds them.

    `records`: request_id, record_number, forenames, surname_key, gender (M, F, U),
    date_of_birth, pncid_key, prison_number_key; one row per record. `register`: person_id (int),
    forenames, surname_key, date_of_birth, gender, pncid_key; a row for each name and date of birth
    of a person. `prison_numbers`: person_id, prison_number_key. `nicknames`: nickname, name.
    `people` is the size of the register, counted where it is not given.
    """

    records: Source
    register: Source
    prison_numbers: Source
    nicknames: Source
    people: int | None = None


@dataclass(frozen=True)
class LinkSettings:
    """Settings of prediction and decision; the defaults are those of the project's vars."""

    expected_match_rate: float = 0.9
    """Share of records whose person is in the register, 0 to 1."""
    accept_probability: float = 0.95
    """Match probability from which a link is accepted, 0 to 1."""
    review_probability: float = 0.5
    """Match probability from which a record goes to clerical review, 0 to 1."""
    margin_bits: float = 2.0
    """Match weight in bits by which the best person must lead the runner-up."""
    floor_bits: float = -7.0
    """Match weight in bits under which a candidate is not listed (-7: one in 129)."""
    relatives_n: float = 0.5
    """Expected number of other people of a person's surname by family ties in the register."""
    twin_rate: float = 0.01
    """Expected number of the above who were born on the same day."""
    namesakes_n: float = 0.02
    """Expected number of relatives of the same full name: parents and children."""

    def __post_init__(self) -> None:
        """Refuse settings that cannot be meant."""
        if not 0 < self.expected_match_rate < 1:
            raise LinkError("expected_match_rate must lie between 0 and 1, both excluded")
        if not 0 < self.review_probability <= self.accept_probability < 1:
            raise LinkError("0 < review_probability <= accept_probability < 1 must hold")
        if self.margin_bits < 0:
            raise LinkError("margin_bits must not be negative")
        if not 0 < self.twin_rate <= self.relatives_n or self.namesakes_n <= 0:
            raise LinkError("0 < twin_rate <= relatives_n and 0 < namesakes_n must hold")

    @classmethod
    def from_table(cls, settings: pa.Table) -> Self:
        """Read the settings from the table ``int_settings``; others keep their default."""
        values = read_settings(settings, _FIELDS)
        return cls(**{name: float(value) for name, value in values.items()})


_FIELDS: Final = {
    name: f"link_{name}"
    for name in ("accept_probability", "review_probability", "margin_bits", "expected_match_rate")
}
