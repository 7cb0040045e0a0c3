"""Steps of a waterfall, or months of a curve: small ones are merged with a neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from justice_data_lab.disclosure.settings import DisclosureSettings


@dataclass(frozen=True)
class StepGroup:
    """Neighbouring steps that are shown as one: first and last place, and what they remove."""

    first: int
    last: int
    removed: int

    def joined(self, other: StepGroup) -> StepGroup:
        """Return both as one group, with whatever stands between them."""
        return StepGroup(
            min(self.first, other.first), max(self.last, other.last), self.removed + other.removed
        )


def merge_steps(removed: Sequence[int], settings: DisclosureSettings) -> list[StepGroup]:
    """Return the groups in which steps are shown, in order; together they cover every step.

    removed: people that each step takes away, 0 or more. A step of 1 to the small count is merged
    with its smaller neighbour (at equal sizes the later one) until no group is that small. Steps
    without people stay on their own unless they lie between merged ones, and are never a
    neighbour. Where all steps together are small, they are one group that is still small: the
    caller must not show its size nor both totals around it.

    The smallest group is merged first, at thresholds rising from 1 (see
    ``DisclosureSettings.levels``): the groups of a higher threshold are unions of those of a lower.

    Why it protects: an attacker knows of a merged step only that it lies between 0 and the sum of
    its group, which is above the small count, since no figure splits the group (issue 8; rounding
    alone gives small steps away between two printed remainders).
    """
    groups = [StepGroup(place, place, count) for place, count in enumerate(removed) if count]
    for level in settings.levels:
        while len(groups) > 1 and min(group.removed for group in groups) <= level:
            groups = _merge_smallest(groups)
    covered = {place for group in groups for place in range(group.first, group.last + 1)}
    alone = [StepGroup(place, place, 0) for place in range(len(removed)) if place not in covered]
    return sorted([*groups, *alone], key=lambda group: group.first)


def _merge_smallest(groups: list[StepGroup]) -> list[StepGroup]:
    """Merge the smallest group (the first of equals) with its smaller neighbour."""
    place = min(range(len(groups)), key=lambda number: (groups[number].removed, number))
    neighbours = [near for near in (place + 1, place - 1) if 0 <= near < len(groups)]
    near = min(neighbours, key=lambda number: groups[number].removed)
    first, second = sorted((place, near))
    return [*groups[:first], groups[first].joined(groups[second]), *groups[second + 1 :]]
