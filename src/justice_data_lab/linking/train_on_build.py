"""`jdl link train`: the link model trained anew on all records of a build."""

from __future__ import annotations

from pathlib import Path

from justice_data_lab.build.databases import open_build
from justice_data_lab.linking import LinkInputs, LinkModel, TrainingSettings, train
from justice_data_lab.linking.training import CHARTS
from justice_data_lab.writing import check_folder


def train_on_build(build: Path, out: Path) -> LinkModel:
    """Train on every record that a build compared, and write model.json and charts into ``out``.

    The batch is whole: records that a pass linked are in it, without which the prior would be
    wrong. Raises NotOursError where ``out`` holds anything else, LinkError where
    there are too few records, and DatabaseError.
    """
    check_folder(out, frozenset({"model.json", *CHARTS}))
    with open_build(build, "restricted", "analysis") as connection:
        inputs = LinkInputs(
            *(
                connection.table(name).to_arrow_table()
                for name in (
                    "restricted.intermediate.int_linking__compared_records",
                    "restricted.intermediate.int_register__names",
                    "restricted.intermediate.int_register__prison_numbers",
                    "analysis.reference.nicknames",
                )
            )
        )
        data_as_of = connection.execute(
            "select data_as_of from restricted.staging.stg_lab__extract"
        ).fetchall()[0][0]
        model = train(
            connection,
            inputs,
            TrainingSettings(
                description=f"all records and the register of a build, data as of {data_as_of}"
            ),
            charts=out,
        )
    model.save(out / "model.json")
    return model
