"""Categories that add up to a known total: which to suppress so that none can be found."""

from __future__ import annotations

from collections.abc import Mapping

from justice_data_lab.disclosure.settings import DisclosureSettings
from justice_data_lab.disclosure.suppressions import Reason


def suppress_partition(
    counts: Mapping[str, int],
    settings: DisclosureSettings,
    *,
    zeros_disclose: bool = False,
    complements_disclose: bool = False,
) -> dict[str, Reason]:
    """Return the categories to suppress with their reason.

    counts: people by category; the categories exclude each other and their total is published.
    zeros_disclose: an empty category says something of everybody (rates). complements_disclose:
    so does one that leaves few for all others.

    Primary are the small categories. While the suppressed ones together have few people, or only
    one is suppressed, the smallest of the others goes too (secondary): what an attacker can find
    is the sum of the suppressed, which is above the small count. Thresholds rise one by one
    (``DisclosureSettings.levels``).
    """
    suppressed: dict[str, Reason] = {}
    total = sum(counts.values())
    for level in settings.levels:
        for name, count in counts.items():
            lowest = 0 if zeros_disclose else 1
            is_complement = complements_disclose and lowest <= total - count <= level
            if lowest <= count <= level or is_complement:
                suppressed[name] = "primary"
        _hide_further(counts, suppressed, level=level)
    return suppressed


def _hide_further(counts: Mapping[str, int], suppressed: dict[str, Reason], *, level: int) -> None:
    """Add the smallest shown categories until the suppressed ones hide each other."""
    while suppressed:
        hidden = sum(counts[name] for name in suppressed)
        shown = [name for name in counts if name not in suppressed and counts[name]]
        if not shown or (len(suppressed) > 1 and hidden > level):
            return
        smallest = min(counts[name] for name in shown)
        # Equal categories go together: which of them comes first must not decide.
        suppressed.update({name: "secondary" for name in shown if counts[name] == smallest})
