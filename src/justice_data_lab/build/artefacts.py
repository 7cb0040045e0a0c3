"""What dbt writes in target and logs, by name: the folders may hold other things."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

DBT_ARTEFACTS: Final = (
    *("compiled", "run", "manifest.json", "run_results.json", "partial_parse.msgpack"),
    *("graph.gpickle", "graph_summary.json", "semantic_manifest.json", "catalog.json"),
    *("index.html", "static_index.html", "perf_info.json", "sources.json"),
)


def logs_of(folder: Path) -> Iterator[Path]:
    """Yield the logs of dbt in a folder, those that it put aside among them."""
    yield from folder.glob("dbt.log*")
