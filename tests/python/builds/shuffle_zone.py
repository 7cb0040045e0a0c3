"""Copy a raw zone with the rows of every extract in another order: ``shuffle_zone.py FROM TO``."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq


def shuffle_zone(source: Path, target: Path) -> None:
    shutil.copytree(source, target)
    rng = np.random.default_rng(1)
    for path in sorted(target.rglob("*.parquet")):
        table = pq.read_table(path)
        pq.write_table(table.take(rng.permutation(table.num_rows)), path)


if __name__ == "__main__":
    shuffle_zone(Path(sys.argv[1]), Path(sys.argv[2]))
