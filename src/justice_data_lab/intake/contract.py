"""The uploads as data: fields of a record, questions on the service, and how names are matched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from justice_data_lab.intake.letters import plain_text

INDIVIDUAL_FIELDS: Final = (
    "surname",
    "forename",
    "date_of_birth",
    "gender",
    "pncid",
    "prison_number",
    "intervention_start_date",
    "intervention_end_date",
    "user_reference_1",
    "user_reference_2",
)
REQUIRED_FIELDS: Final = ("surname", "forename", "date_of_birth")
DATE_FIELDS: Final = ("date_of_birth", "intervention_start_date", "intervention_end_date")
# what other lists call the columns: a missing one is looked for under these, never read from them
OTHER_NAMES: Final = {
    "surname": ("lastname", "familyname", "secondname"),
    "forename": ("forenames", "firstname", "firstnames", "givenname", "christianname"),
    "date_of_birth": ("dob", "birthdate", "dateborn", "borndate", "birthday"),
    "gender": ("sex",),
    "pncid": ("pnc", "pncno", "pncnumber"),
    "prison_number": ("prisonno", "prisonid", "nomis", "nomisno", "nomisnumber", "nomsnumber"),
    "intervention_start_date": ("startdate", "start", "servicestart", "datestarted"),
    "intervention_end_date": ("enddate", "end", "serviceend", "dateended"),
}
SERVICE_FIELDS: Final = ("question", "answer")
SERVICE_QUESTIONS: Final = (
    "organisation",
    "service_name",
    "sector",
    "need",
    "description",
    "delivered_in",
    "index_event",
    "referral_routes",
    "start_relative_to_sentence",
    "date_meaning",
    "repeat_receipt_usual",
    "governance_approved",
    "conditions_accepted",
    "contact_email",
    "alternative_contact",
    "submitted_on",
    "withdrawn_on",
)
DATE_QUESTIONS: Final = ("submitted_on", "withdrawn_on")

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
INVALID_NAME_PREFIX: Final = "invalid_name_"

_NOT_IN_A_NAME = re.compile(r"[\s_-]+")


@dataclass(frozen=True)
class Part:
    """One of the two parts of an upload: its columns, and which of them the part cannot lack."""

    name: str
    fields: tuple[str, ...]
    needed: tuple[str, ...]

    @property
    def file_name(self) -> str:
        """Name of the part as a CSV file in the folder of the request."""
        return f"{self.name}.csv"

    @property
    def sheet_name(self) -> str:
        """Name of the part as a sheet of the workbook."""
        return self.name.capitalize()


INDIVIDUALS: Final = Part("individuals", INDIVIDUAL_FIELDS, ())
SERVICE: Final = Part("service", SERVICE_FIELDS, SERVICE_FIELDS)
PARTS: Final = (INDIVIDUALS, SERVICE)


def plain_name(name: str) -> str:
    """Reduce a header or question to what is compared: no case, spaces, underscores, hyphens.

    Marks without a width and forms such as full-width letters make no difference.
    """
    return _NOT_IN_A_NAME.sub("", plain_text(name)).casefold()


def is_request_id(name: str) -> bool:
    """Tell whether a folder or workbook may be called so; the placeholders are kept free."""
    return REQUEST_ID.fullmatch(name) is not None and not name.startswith(INVALID_NAME_PREFIX)
