"""The stage that a run is at, in one line, where dbt is told to be brief (``--log-level``)."""

import sys
from typing import Any

from dbt_common.events.event_manager_client import get_event_manager

from justice_data_lab.dbt_plugins.folders import flags
from justice_data_lab.progress import Line

BRIEF = ("warn", "error")
WIDTH = 76
_LINE = Line()


def begin() -> None:
    """Show each node that dbt starts, if dbt does not: on a terminal, and once a process."""
    manager = get_event_manager()
    if flags().LOG_LEVEL in BRIEF and sys.stderr.isatty() and tell not in manager.callbacks:
        manager.add_callback(tell)


def tell(event: Any) -> None:
    """Show what an event of dbt says is starting; take the line away at the end of the run."""
    if event.info.name == "LogStartLine":
        stage = f"{event.data.index} of {event.data.total}: {event.data.description}"
        _LINE.show(stage[:WIDTH])
    elif event.info.level in ("warn", "error") or event.info.name == "CommandCompleted":
        _LINE.clear()
