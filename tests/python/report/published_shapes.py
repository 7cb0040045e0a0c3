"""The tables of published.duckdb as their contracts say: names, types, order."""

from pathlib import Path

import yaml

CONTRACTS = Path(__file__).parents[3] / "models" / "marts" / "published"
ON_RUN_END = {
    "quality_log": dict.fromkeys(("check_id", "kind", "description", "status"), "varchar")
}
"""The one table that no model makes, but the macro of its name."""


def published_shapes() -> dict[str, dict[str, str]]:
    """Return the type of every column of every published table."""
    shapes = {}
    for path in sorted(CONTRACTS.glob("*.yml")):
        (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
        table = model.get("config", {}).get("alias", model["name"])
        shapes[table] = {column["name"]: column["data_type"] for column in model["columns"]}
    return shapes | ON_RUN_END
