"""What is fixed about the synthetic zone: its dates, its periods and what a request's plan holds.

The index events of the requests lie in periods, and requests share a period only where none of
them changes what people do, or where they need different kinds of event: people whom a service
helped would make poor controls for anybody else. In a period a person has one index event of each
kind that its requests use, or one of either kind (module `careers` says why). And people who get a
double (module `treatment`) have no index event from `first_since` on before their own, as long as
there are enough of them: the double would bring it, with what followed, into another request's
pool. The rule is looser for releases, which few people have who were never sentenced before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from justice_data_lab.sample.days import day

MINIMUM_PEOPLE = 20_000
COMMITTED_SEED = 20140401
COMMITTED_PEOPLE = 50_000

DATA_AS_OF = day("2013-12-31")
REOFFENDING_DATA_TO = day("2012-12-31")


@dataclass(frozen=True)
class Period:
    """Years in which a person gets one community sentence; and one release, or one of either."""

    first: int
    last: int
    releases: bool = False
    either: bool = False


PERIODS = (
    Period(day("1999-07-01"), day("2001-12-31")),
    Period(day("2002-01-01"), day("2005-12-31"), releases=True),
    Period(day("2006-01-01"), day("2010-12-31"), releases=True, either=True),
)


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
    first_since: int = PERIODS[0].first
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

    @property
    def doubles(self) -> int:
        """Register people made so that the request leaves its control pool as it found it."""
        if not self.is_matched:
            return 0
        outside = self.classes.get("outside_window", 0) - self.referred_before_sentence
        early = self.classes.get("reoffended_before_start", 0)
        return self.classes["analysed"] + early + outside
