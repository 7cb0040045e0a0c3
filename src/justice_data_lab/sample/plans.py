"""The requests of the sample: one of each kind that a lab meets."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Any, Final

from justice_data_lab.sample.days import EPOCH
from justice_data_lab.sample.settings import RequestPlan


def _plan(entry: Mapping[str, Any]) -> RequestPlan:
    days = {
        name: value.toordinal() - EPOCH for name, value in entry.items() if isinstance(value, date)
    }
    fields: dict[str, Any] = {**entry, **days}
    return RequestPlan(**fields)


_TEXT: Final = resources.files(__package__).joinpath("plans.toml").read_text("utf-8")
PLANS: Final = tuple(_plan(entry) for entry in tomllib.loads(_TEXT)["request"])
STANDING_REQUESTS: Final = len(PLANS)
