"""The sample's published tables, attacked together."""

from __future__ import annotations

from builds.conftest import Build
from disclosure.release_tables import attack_build


def test_no_small_cell_of_the_sample_is_known(sample_build: Build) -> None:
    found = attack_build(sample_build.folder)
    assert sum(one.tried for one in found.values()) > 150
    assert [broken for one in found.values() for broken in one.broken] == []
