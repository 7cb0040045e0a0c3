"""The words of the Data Upload Template: its columns, questions and guidance.

What is asked follows the pilot report (information that providers sent, checklist of six) and
sections 1, 3 and 9 of the methodology; the forms accepted are those of the upload contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MINIMUM_SUBMITTED: Final = 60
MINIMUM_ANALYSED: Final = 30

YES_NO: Final = ("Yes", "No")
DAY_FORMS: Final = "25/12/2012, 25.12.2012, 25-Dec-12, 25 December 2012 or 2012-12-25; day first."


@dataclass(frozen=True)
class Column:
    """One column of the sheet Individuals.

    field: its name in the contract. label: its header, which the reader matches with the field.
    need: whether it must be filled. meaning: what to write. accepted: the forms that are read.
    prompt: the help shown beside a cell, at most 255 characters.
    """

    field: str
    label: str
    need: str
    meaning: str
    accepted: str
    prompt: str


@dataclass(frozen=True)
class Question:
    """One question of the sheet Service.

    question: its name in the contract. label: its words, which the reader matches with the name.
    meaning: what we ask, and why. accepted: the answers that are read. prompt: the help shown
    beside the cell, at most 255 characters. choices: the list to choose from; empty for free text.
    is_long: whether the answer needs room for several lines.
    """

    question: str
    label: str
    meaning: str
    accepted: str
    prompt: str
    choices: tuple[str, ...] = ()
    is_long: bool = False


COLUMNS: Final = (
    Column(
        "surname",
        "Surname",
        "Always",
        "The family name that courts and police are likely to know. One name, not a list of them.",
        "Letters, hyphens, apostrophes and accents, for example O'Neill or Smith-Jones. "
        "Not a single letter.",
        "Full family name, as police and courts are likely to know it. Not an initial.",
    ),
    Column(
        "forename",
        "Forename",
        "Always",
        "The full first name. Middle names may follow it, with a space between.",
        "Letters, hyphens, apostrophes and accents, for example Mary Ann. Not initials (M or M A).",
        "Full first name; middle names may follow. Not initials: people cannot be found by them.",
    ),
    Column(
        "date_of_birth",
        "Date of birth",
        "Always",
        "The day on which the person was born. Check that it is not the day on which you made the "
        "entry: a date in the year before you send the request is not accepted.",
        DAY_FORMS + " From 1900 on.",
        "Day, month and year of birth, for example 25/12/1980. Write all four figures of the year.",
    ),
    Column(
        "gender",
        "Gender",
        "Always, if known",
        "Helps to tell two people of one name and birthday apart. Leave it empty if you do not "
        "know it; the record is still used, with a note in our reply.",
        "Female, Male, F, M, woman or man, in capital or small letters.",
        "Female or Male. Leave it empty if you do not know it; the record is still used, with a "
        "note.",
    ),
    Column(
        "pncid",
        "PNCid",
        "If you have it",
        "The person's number on the Police National Computer. It finds many more people than names "
        "alone, so add it wherever you hold it lawfully.",
        "2003/0011985X, or the short form 03/11985X: year, slash, up to seven figures, one letter.",
        "Number on the Police National Computer, if you have it: 2003/0011985X or 03/11985X.",
    ),
    Column(
        "prison_number",
        "Prison number",
        "If you have it",
        "The number that the prison gave the person. It finds many more people than names alone.",
        "A1234BC, or the older form of two letters and three to six figures, such as AB1234.",
        "Number given by the prison, if you have it: A1234BC, or an older form such as AB1234.",
    ),
    Column(
        "intervention_start_date",
        "Intervention start date",
        "Start or end; in the community the start",
        "The first day on which the person received the service, not the day of referral. It "
        "tells us which sentence or release to look for, so say under Date meaning what it is.",
        DAY_FORMS,
        "First day of the service itself, not of referral; for example 03/09/2012. "
        "A service in the community needs it.",
    ),
    Column(
        "intervention_end_date",
        "Intervention end date",
        "Start or end",
        "The last day of the service. Leave it empty if the service has not ended. A service in "
        "custody can be looked up by its end alone.",
        DAY_FORMS + " Not before the start.",
        "Last day of the service, for example 30/11/2012. Not before the start. "
        "Leave it empty if the service goes on.",
    ),
    Column(
        "user_reference_1",
        "User reference 1",
        "If you want",
        "A reference or group of your own, such as a site or a course. It lets us analyse groups "
        "apart if you agree that with us first. We do not publish it as you wrote it.",
        "Any short text. Not a name, an address, a health matter or an offence.",
        "A group or code of your own, for example a site. Nothing personal.",
    ),
    Column(
        "user_reference_2",
        "User reference 2",
        "If you want",
        "A second reference of your own, such as a case number, so that you can find the record "
        "again when we write to you about it.",
        "Any short text. Not a name, an address, a health matter or an offence.",
        "A second code of your own, for example a case number. Nothing personal.",
    ),
)

QUESTIONS: Final = (
    Question(
        "organisation",
        "Organisation",
        "The name of your organisation, as it should stand in a published report.",
        "Text.",
        "Name of your organisation, as it should stand in a report.",
    ),
    Question(
        "service_name",
        "Service name",
        "The name of the service that these people received. Send one service a request: two "
        "services mixed in one cannot be told apart in the result.",
        "Text.",
        "Name of the one service that these people received.",
    ),
    Question(
        "sector",
        "Sector",
        "The kind of organisation that you are.",
        "One of the list. Charities and social enterprises choose Voluntary community; colleges "
        "and universities choose Educational.",
        "Choose one. Charities and social enterprises: Voluntary community. Colleges and "
        "universities: Educational.",
        ("Private", "Public", "Voluntary community", "Educational"),
    ),
    Question(
        "need",
        "Need",
        "The main need that the service addresses. Results for drug and alcohol services must be "
        "read with special care: what we hold on record says little about those needs.",
        "One of the list. Choose the main need, and describe the others under Description.",
        "Choose the main need. Describe any others under Description.",
        (
            "Accommodation",
            "Education",
            "Employment",
            "Finance",
            "Relationships",
            "Attitudes",
            "Drugs",
            "Alcohol",
            "Health",
            "Other",
        ),
    ),
    Question(
        "description",
        "Description",
        "What people receive: what is done, by whom, how often and for how long, and whether that "
        "has changed over the years that you send.",
        "Text, as full as you can make it.",
        "What is done, by whom, how often and for how long? Has it changed over these years?",
        is_long=True,
    ),
    Question(
        "delivered_in",
        "Delivered in",
        "Where people receive the service. This decides which sentence or release we look for, "
        "and a request without it stops. Send people of different settings as separate requests.",
        "Custody: all of it inside a prison. Community: all of it outside. Through the gate: "
        "begun in prison and carried on after release.",
        "Custody: inside a prison. Community: outside. Through the gate: begun in prison and "
        "carried on after release.",
        ("Custody", "Community", "Through the gate"),
    ),
    Question(
        "index_event",
        "Index event",
        "The event that people had behind them when they started, or, for a service in prison, "
        "the one that follows it. We count the year of re-offending from there.",
        "Community sentence: a community order or suspended sentence. Prison release: they had "
        "left prison, or will. Either: some of both. With Custody choose Prison release.",
        "Community sentence, Prison release, or Either if you serve both groups. "
        "A service in custody: Prison release.",
        ("Community sentence", "Prison release", "Either"),
    ),
    Question(
        "referral_routes",
        "Referral routes",
        "Every way in which people come to you: by a court, probation, a prison, another charity, "
        "themselves. Give rough shares if there are several.",
        "Text. Name every route, even a rare one.",
        "Every way in which people come to you, with rough shares: court, probation, prison, "
        "other charity, themselves.",
        is_long=True,
    ),
    Question(
        "start_relative_to_sentence",
        "Start relative to sentence",
        "When people start, seen from their sentence: during the trial, soon after sentence, in "
        "prison, within so many weeks of release. People who start six months or more after "
        "their sentence or release cannot be analysed.",
        "Text.",
        "When do people start: in prison, soon after sentence, so many weeks after release?",
        is_long=True,
    ),
    Question(
        "date_meaning",
        "Date meaning",
        "What your start and end dates stand for, for example first meeting and last meeting. "
        "Say so if they mean different things for different people.",
        "Text that explains both dates.",
        "What do your start and end dates stand for? For example: first meeting, last meeting.",
        is_long=True,
    ),
    Question(
        "repeat_receipt_usual",
        "Repeat receipt usual?",
        "Whether people commonly receive the service more than once. If so, say under Description "
        "why somebody may stand in your list twice.",
        "Yes or No.",
        "Do people commonly receive the service more than once? Yes or No.",
        YES_NO,
    ),
    Question(
        "governance_approved",
        "Governance approved?",
        "Whether your organisation has approved, under its own rules on information and data "
        "protection, that these details are shared with us. A No stops the request.",
        "Yes or No.",
        "Has your organisation approved, under its own rules, that these details are shared? "
        "A No stops the request.",
        YES_NO,
    ),
    Question(
        "conditions_accepted",
        "Conditions accepted?",
        "Whether you accept the conditions of the service, among them that the result is "
        "published whatever it shows, after you have had four weeks to review the report. A No "
        "stops the request.",
        "Yes or No.",
        "Do you accept the conditions, among them that the result is published whatever it shows? "
        "A No stops the request.",
        YES_NO,
    ),
    Question(
        "contact_email",
        "Contact email",
        "The address to which we write about this request.",
        "One email address.",
        "The email address to which we write about this request.",
    ),
    Question(
        "alternative_contact",
        "Alternative contact",
        "Another way to reach you if that address is not read. If you send by secure mail, whose "
        "inbox is often seldom opened, this matters most.",
        "Another address, or a telephone number with a name or a post.",
        "Another way to reach you: an address, or a telephone number with a name or a post.",
    ),
    Question(
        "submitted_on",
        "Submitted on",
        "The day on which you send the request. Dates of birth are checked against it.",
        DAY_FORMS,
        "The day on which you send the request, for example 03/03/2014.",
    ),
    Question(
        "withdrawn_on",
        "Withdrawn on",
        "Leave this empty. It is filled only if you take the request back later: then it is "
        "counted as withdrawn, and nobody in it is looked up.",
        "Empty; for a request taken back, the day.",
        "Leave this empty. Anything written here withdraws the request.",
    ),
)

LABELS: Final[dict[str, str]] = {column.field: column.label for column in COLUMNS} | {
    question.question: question.label.rstrip("?") for question in QUESTIONS
}
