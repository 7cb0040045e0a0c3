"""The saved model: Splink's settings with their trained probabilities, and how they came about."""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from justice_data_lab.linking.comparisons import FIELDS
from justice_data_lab.linking.settings import LinkError

FORMAT = 1
"""Version of the file's form; raised whenever an older file would be read wrongly."""


@dataclass(frozen=True)
class LinkModel:
    """A trained model: `settings` for Splink's `Linker`, `training` for how it was made."""

    settings: dict[str, Any]
    training: dict[str, Any]

    def save(self, path: Path) -> None:
        """Write the model as JSON, the same bytes for the same model."""
        content = {"format": FORMAT, "training": self.training, "splink_settings": self.settings}
        path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")

    def levels_of(self, field: str) -> list[dict[str, Any]]:
        """Return the levels of a field from agreement to disagreement, "missing" left out.

        Splink numbers them from the last (0) to the first.
        """
        for comparison in self.settings["comparisons"]:
            if comparison["output_column_name"] == field:
                return [x for x in comparison["comparison_levels"] if not x.get("is_null_level")]
        raise LinkError(f"the link model has no field {field}: retrain it with `jdl link train`")


def load_model(path: Path | None = None) -> LinkModel:
    """Read a saved model; without a path the one that comes with the package."""
    source = path or resources.files("justice_data_lab.linking") / "model.json"
    try:
        content = json.loads(source.read_text(encoding="utf-8"))
        model = LinkModel(settings=content["splink_settings"], training=content["training"])
        fields = [c["output_column_name"] for c in model.settings["comparisons"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LinkError(
            f"{source} is not a link model: retrain it with `jdl link train`"
        ) from error
    if content.get("format") != FORMAT or fields != list(FIELDS):
        raise LinkError(f"{source} is a link model of another version: retrain it")
    return model
