"""What is fixed about the synthetic zone: its dates, its requests and their intended sizes.

The two requests lie in different years on purpose. `pathways_to_work` lowers the hazard of its
people, and people it helped would make poor controls for anybody else, so the index dates of its
analysed people (2002 to 2005) end before those of `foundation` (2006 to 2010) begin. Nor does
anybody of `foundation` who gets a double (module `treatment`) have an earlier community sentence
since 2002: the double would bring it, with what followed, into the other request's pool.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from justice_data_lab.sample.days import day

MINIMUM_PEOPLE = 20_000
COMMITTED_SEED = 20140401
COMMITTED_PEOPLE = 50_000

DATA_AS_OF = day("2013-12-31")
REOFFENDING_DATA_TO = day("2012-12-31")
COMMUNITY_PERIODS = (
    (day("2002-01-01"), day("2005-12-31")),
    (day("2006-01-01"), day("2010-12-31")),
)
"""The years of the index events of the two requests, each with one community sentence a person."""


@dataclass(frozen=True, kw_only=True)
class RequestPlan:
    """One request: how many records of each kind, in which years, and what the service does."""

    request_id: str
    hazard_ratio: float
    submitted_on: int
    first_since: int
    index_from: int
    index_to: int
    other_from: int
    other_to: int
    end_from: int
    end_to: int
    classes: Mapping[str, int]
    repeats: Mapping[str, int]
    extra_records: int
    other_disposal_within_window: int
    referred_before_sentence: int
    invalid: int
    not_found: int
    no_conviction: int
    ambiguous: int = 0
    share_hard_to_link: float = 0.0
    service: Mapping[str, str] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """People with a proven offence whom the request means (those of two people left out)."""
        return sum(self.classes.values())

    @property
    def records(self) -> int:
        """Rows of the upload."""
        unlinked = self.invalid + self.not_found + self.no_conviction + self.ambiguous
        return self.people + self.extra_records + unlinked

    @property
    def doubles(self) -> int:
        """Register people made so that the request leaves its control pool as it found it."""
        outside = self.classes["outside_window"] - self.referred_before_sentence
        return self.classes["analysed"] + self.classes["reoffended_before_start"] + outside


FOUNDATION = RequestPlan(
    request_id="foundation",
    hazard_ratio=1.0,
    submitted_on=day("2013-08-15"),
    first_since=day("2002-01-01"),
    index_from=day("2006-01-01"),
    index_to=day("2010-12-31"),
    other_from=day("2004-01-01"),
    other_to=day("2010-12-31"),
    end_from=day("2009-01-01"),
    end_to=day("2010-12-31"),
    classes={
        "no_sentence_found": 22,
        "other_disposal": 491,
        "outside_window": 69,
        "sex_offence": 9,
        "reoffended_before_start": 90,
        "analysed": 257,
    },
    repeats={
        "no_sentence_found": 4,
        "other_disposal": 84,
        "outside_window": 14,
        "sex_offence": 2,
        "reoffended_before_start": 16,
        "analysed": 48,
    },
    extra_records=187,
    other_disposal_within_window=251,
    referred_before_sentence=5,
    invalid=6,
    not_found=81,
    no_conviction=34,
    service={
        "organisation": "Foundation",
        "service_name": "Housing related support",
        "sector": "voluntary_community",
        "need": "accommodation",
        "description": "Support to find and keep a tenancy (synthetic data)",
        "delivered_in": "community",
        "index_event": "community_sentence",
        "referral_routes": "Probation offender managers; self-referral; local housing teams",
        "start_relative_to_sentence": "In the first months of a community sentence",
        "date_meaning": "Start: first meeting with the support worker. End: the case was closed",
        "repeat_receipt_usual": "yes",
        "governance_approved": "yes",
        "conditions_accepted": "yes",
        "contact_email": "data@foundation.example",
        "alternative_contact": "office@foundation.example",
        "submitted_on": "2013-08-15",
        "withdrawn_on": "",
    },
)

PATHWAYS = RequestPlan(
    request_id="pathways_to_work",
    hazard_ratio=0.70,
    submitted_on=day("2013-10-01"),
    first_since=day("2002-01-01"),
    index_from=day("2002-01-01"),
    index_to=day("2005-12-31"),
    other_from=day("2002-01-01"),
    other_to=day("2006-06-30"),
    end_from=day("2002-01-01"),
    end_to=day("2013-09-30"),
    classes={
        "no_sentence_found": 25,
        "after_data_period": 12,
        "other_disposal": 300,
        "outside_window": 80,
        "sex_offence": 12,
        "reoffended_before_start": 110,
        "incomplete_follow_up": 30,
        "analysed": 860,
    },
    repeats={
        "other_disposal": 20,
        "outside_window": 5,
        "reoffended_before_start": 8,
        "analysed": 27,
    },
    extra_records=64,
    other_disposal_within_window=140,
    referred_before_sentence=4,
    invalid=5,
    not_found=70,
    no_conviction=20,
    ambiguous=4,
    share_hard_to_link=0.08,
    service={
        "organisation": "Pathways Employment Trust",
        "service_name": "Pathways to Work",
        "sector": "voluntary_community",
        "need": "employment",
        "description": "Job search, placements and mentoring; ran 2002 to 2006, again from 2011 "
        "(synthetic data)",
        "delivered_in": "community",
        "index_event": "community_sentence",
        "referral_routes": "Probation offender managers; job centres",
        "start_relative_to_sentence": "Within six months of the start of a community sentence",
        "date_meaning": "Start: first appointment. End: last appointment",
        "repeat_receipt_usual": "no",
        "governance_approved": "yes",
        "conditions_accepted": "yes",
        "contact_email": "data@pathways.example",
        "alternative_contact": "office@pathways.example",
        "submitted_on": "2013-10-01",
        "withdrawn_on": "",
    },
)

PLANS = (FOUNDATION, PATHWAYS)
