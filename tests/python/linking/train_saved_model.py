"""Train the model that comes with the package, on a generated register and batch.

python tests/python/linking/train_saved_model.py [FILE]
"""

import sys
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))

from justice_data_lab import linking
from justice_data_lab.linking import LinkInputs, TrainingSettings, train
from linking.generated_register import Rates, generate
from linking.reference_files import NICKNAMES, NICKNAMES_TABLE

PEOPLE, RECORDS, SEED = 200_000, 40_000, 11


def main() -> None:
    """Generate, train and save; print what was learnt."""
    made = generate(
        people=PEOPLE,
        records=RECORDS,
        seed=SEED,
        nicknames=NICKNAMES,
        rates=Rates(prison_number=0.7),
    )
    model = train(
        duckdb.connect(),
        LinkInputs(made.records, made.register, made.prison_numbers, NICKNAMES_TABLE),
        TrainingSettings(
            description=f"generated register of {PEOPLE} people, {RECORDS} records, seed {SEED}"
            " (tests/python/linking/generated_register.py)"
        ),
    )
    default = Path(str(linking.__file__)).with_name("model.json")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    model.save(target)
    print(f"{target}: {model.training}")


if __name__ == "__main__":
    main()
