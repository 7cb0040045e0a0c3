"""What is fixed about the synthetic zone: its dates, its periods and what a request's plan holds.

The index events of the requests lie in periods (July 1999 to 2001, 2002 to 2005, 2006 to 2010), and
requests share a period only where none of them changes what people do, or where they need different
kinds of event: whom another request helped stays in a control pool.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from justice_data_lab.sample.days import day

MINIMUM_PEOPLE = 20_000
COMMITTED_SEED = 20140401
COMMITTED_PEOPLE = 50_000

DATA_AS_OF = day("2013-12-31")
REOFFENDING_DATA_TO = day("2012-12-31")


@dataclass(frozen=True, kw_only=True)
class RequestPlan:
    """One request of ``plans.toml``: its records of each kind, their years, what the service does.

    `inside` are those of `classes` that a service through the gate meets in custody. `ending` says
    what becomes of the request: analysed, withdrawn, not answerable, or too small in the end.
    """

    request_id: str
    hazard_ratio: float
    submitted_on: int
    index_from: int
    index_to: int
    other_from: int
    other_to: int
    end_from: int
    end_to: int
    classes: Mapping[str, int]
    inside: Mapping[str, int] = field(default_factory=dict)
    repeats: Mapping[str, int] = field(default_factory=dict)
    extra_records: int = 0
    other_disposal_within_window: int = 0
    referred_before_sentence: int = 0
    invalid: int
    not_found: int
    no_conviction: int
    ambiguous: int = 0
    share_hard_to_link: float = 0.0
    ending: str = "analysed"
    sites: Sequence[str] = ("Leeds", "Sheffield", "Hull", "York")
    service: Mapping[str, str]

    @property
    def route(self) -> str:
        """Which index event is meant: by where the service is received, else by the event."""
        where = self.service["delivered_in"]
        return self.service["index_event"] if where == "community" else where

    @property
    def is_matched(self) -> bool:
        """Whether the request gets a control pool."""
        return self.ending == "analysed"

    @property
    def people(self) -> int:
        """People with a proven offence whom the request means (those of two people left out)."""
        return sum(self.classes.values())

    @property
    def records(self) -> int:
        """Rows of the upload."""
        unlinked = self.invalid + self.not_found + self.no_conviction + self.ambiguous
        return self.people + self.extra_records + unlinked
