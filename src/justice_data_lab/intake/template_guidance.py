"""The guidance and the worked example of the Data Upload Template, as rows of text.

The checklist is the pilot report's, in our words; what stops a request and which dates are read
are the upload contract's. All people of the example are invented.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from justice_data_lab.intake.template_texts import MINIMUM_ANALYSED, MINIMUM_SUBMITTED

TITLE: Final = "Justice Data Lab: Data Upload Template"
INTRODUCTION: Final = (
    "With this workbook you ask whether people who received your service re-offended less, or "
    "more, than similar people who did not. Fill in two sheets: Individuals and Service. The "
    "sheet Worked example shows both filled in, and common mistakes."
)

# a heading, then rows of what it is about and what to know
SECTIONS: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        "How to fill it in",
        (
            ("Step 1", "Read the checklist and the part on what stops a request, both below."),
            (
                "Step 2",
                "Sheet Individuals: one row for each person, from row 2 on. Do not rename, move or "
                "delete the first row. Do not add columns.",
            ),
            (
                "Step 3",
                "If you copy from another list, paste values only. Formulas, links to other "
                "workbooks and macros are not read.",
            ),
            (
                "Step 4",
                "Sheet Service: write each answer beside its question. Where there is a list, "
                "choose from it.",
            ),
            (
                "Step 5",
                "Save as .xlsx without a password. Name the file with letters, figures, hyphens "
                "and underscores only, up to 64 of them, for example harbour_keys_2014.xlsx. Put "
                "nobody's name in it. Send it only by the secure way that was agreed with you.",
            ),
            (
                "CSV instead",
                "You may send a folder with individuals.csv and service.csv instead, with the same "
                "first rows, saved as CSV UTF-8. Send one form, not both.",
            ),
        ),
    ),
    (
        "Checklist before you send",
        (
            (
                "1. Enough people",
                f"Are there at least {MINIMUM_SUBMITTED} people? Some cannot be found or do not "
                f"fit, and a result needs at least {MINIMUM_ANALYSED} who do.",
            ),
            (
                "2. Complete records",
                "Has everybody a full name, a date of birth, a gender and a start or end date of "
                "the service?",
            ),
            (
                "3. Dates that fit",
                "Does the service lie in the years that we can analyse, and can each date be "
                "explained by how people came to you: in prison, or after a sentence?",
            ),
            ("4. Identifiers", "Can you add a PNCid or a prison number for anybody?"),
            (
                "5. Nobody twice",
                "Is anybody in the list more than once? Keep one row per person, or say under "
                "Description why there are more.",
            ),
            (
                "6. The service described",
                "Have you said where the service was received, how it was delivered and what it "
                "consists of, as fully as you can?",
            ),
        ),
    ),
    (
        "What stops a request",
        (
            (
                "Too few people",
                f"Fewer than {MINIMUM_SUBMITTED} records. Wait until there are more, or send more "
                "years together. Later, fewer than "
                f"{MINIMUM_ANALYSED} people who can be analysed stop it too.",
            ),
            ("Initials", "Most records have initials in place of names."),
            (
                "Missing answers",
                "No answer, or one that is not in the list, to Delivered in; for a service in the "
                "community also to Index event.",
            ),
            (
                "Answers that disagree",
                "Custody with Community sentence: a service in prison is followed by a release.",
            ),
            ("No approval", "Governance approved? or Conditions accepted? is answered with No."),
            (
                "Unreadable file",
                "The sheet Individuals is missing, the first row was changed, or the file has a "
                "password or macros.",
            ),
            (
                "What does not stop it",
                "A fault in single records. The other records are still used, and you get a list "
                "of what to correct.",
            ),
        ),
    ),
    (
        "Dates",
        (
            (
                "Forms that are read",
                "25/12/2012, 25-12-2012, 25.12.2012, 25-Dec-12, 25 December 2012, 2012-12-25, or a "
                "date cell of the workbook. Day and month may have one figure. The day comes "
                "before the month where both are figures, except in 2012-12-25.",
            ),
            (
                "Years of two figures",
                "Better write four. A year of birth of two figures is the latest year that is not "
                "after the year in which you send the request: sent in 2014, 13 is 2013 and 15 is "
                "1915. A year of the service from 00 to 68 is 2000 to 2068, from 69 to 99 is 1969 "
                "to 1999. Your spreadsheet program may choose another century as you type.",
            ),
            (
                "Check what you see",
                "A program set to American dates turns 03/04/2012 into the 4th of March, and "
                "leaves 25/12/2012 as text. Where a column shows that, none of its dates is used. "
                "Type 2012-04-03 or 3 Apr 2012 to be safe.",
            ),
            (
                "Not read",
                "A month, a year or an age alone, 12/25/2012, words such as about or unknown. A "
                "time of day is left out. Leave a date empty if you do not know it.",
            ),
        ),
    ),
    (
        "What not to send",
        (
            (
                "Other details",
                "Addresses, offences, health, ethnicity, national insurance numbers, case notes, "
                "names of staff. We do not need them.",
            ),
            ("Other people", "Anybody who did not receive the service, and members of families."),
            (
                "Other sheets",
                "Sheets and files that the template does not have. Nothing in them is used.",
            ),
        ),
    ),
    (
        "What happens to the data",
        (
            (
                "Looked up",
                "Names, dates of birth and numbers are compared with police, prison and probation "
                "records, to find each person's sentences and re-offending. A match that is not "
                "confident is not used.",
            ),
            (
                "Kept apart",
                "The few who do that work see names. Analysts see neither names nor dates of birth "
                "nor numbers.",
            ),
            (
                "Published",
                "Only figures about the group, with small counts hidden. No figure is about one "
                "person. You have four weeks to review the report before it is published.",
            ),
            (
                "Reply",
                "You get a reply that names faults by row number and never repeats what you wrote "
                "in a row. It does not say who was found in the records of the police.",
            ),
            ("Removed", "The personal data of a request can be removed from our databases."),
        ),
    ),
)

EXAMPLE_TITLE: Final = "Worked example: all people here are invented"
EXAMPLE_NOTE: Final = (
    "Nothing in this sheet is read. Do not write your own data here; use Individuals and Service."
)
# in the order of the columns; None is an empty cell, a date a date cell
EXAMPLE_PEOPLE: Final[tuple[tuple[str | date | None, ...], ...]] = (
    ("Example", "Ada", "25/12/1980", "Female", None, None, "03/09/2012", "30/11/2012", "North",
     "7"),
    ("Specimen", "Bo Lee", "5-1-1979", "male", "2003/0011985X", None, "4 Oct 2012", None, "North",
     "0012"),
    ("O'Fiction", "Cléo", "1 Feb 1991", "F", None, "A1234BC", "2012-10-08", "21/1/13", "South",
     "0013"),
    ("Invented-Person", "Dan", date(1985, 6, 30), "M", "03/11985X", "AB1234", date(2012, 11, 5),
     date(2013, 2, 1), None, "0014"),
    ("Made Up", "Eve", "1988-07-04", "woman", None, None, "12/11/12", None, "South", None),
)  # fmt: skip
EXAMPLE_ANSWERS: Final[dict[str, str | date | None]] = {
    "organisation": "Example Trust (invented)",
    "service_name": "Example Keys",
    "sector": "Voluntary community",
    "need": "Accommodation",
    "description": "A housing worker visits weekly for three months and helps with a deposit.",
    "delivered_in": "Community",
    "index_event": "Community sentence",
    "referral_routes": "Probation (about 80%), courts (about 15%), people themselves (the rest).",
    "start_relative_to_sentence": "Two to ten weeks after the sentence starts, never before it.",
    "date_meaning": "Start: first visit. End: last visit; empty where visits go on.",
    "repeat_receipt_usual": "No",
    "governance_approved": "Yes",
    "conditions_accepted": "Yes",
    "contact_email": "data@example-trust.example",
    "alternative_contact": "Office of the director, 0113 496 0000",
    "submitted_on": "3 Mar 2014",
    "withdrawn_on": None,
}
# the column or question, what was written, what is wrong and what to write
MISTAKES: Final[tuple[tuple[str, str, str], ...]] = (
    ("Forename", "A or A B", "Initials. Nobody can be found by them: write Ada or Ada Beth."),
    ("Surname", "Example, Ada", "Two things in one cell. Surname: Example. Forename: Ada."),
    ("Date of birth", "34", "An age is not a date. Write the date of birth, 25/12/1980."),
    ("Date of birth", "12/25/1980", "Month before day: if many are, none of the column is used."),
    ("Date of birth", "1980", "A year alone. Find the full date, or leave the cell empty."),
    ("Date of birth", "03/03/2014", "The day on which the entry was made, not the birthday."),
    ("Gender", "unknown", "Leave the cell empty. The record is still used."),
    ("PNCid", "11985X", "The year is missing. Write 2003/0011985X or 03/11985X."),
    ("Prison number", "HMP Example 12", "The name of a prison. Write the person's own number."),
    ("Intervention start date", "(empty)", "A service in the community needs its start."),
    ("Intervention end date", "a day before the start", "One of the two is wrong. Check both."),
    ("User reference 1", "has asthma", "Never send notes on a person. Write a site or a code."),
    ("A row", "the same person again", "Keep one row per person or say under Description why not."),
    ("First row", "DOB", "The header was changed. Put back Date of birth."),
    ("Delivered in", "HMP Example", "Not in the list. Choose Custody."),
    ("Index event", "(empty)", "Say which event the service follows, or the request stops."),
    ("Governance approved?", "Pending", "Wait for the approval, and then choose Yes."),
)
