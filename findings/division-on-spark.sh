#!/usr/bin/env bash
# A whole number over a decimal literal is a decimal of six digits on Spark 4.1: 7 / 365.25 is 0.019165,
# where DuckDB 1.5.5 gives the double 0.01916495550992471. Nothing warns, with ANSI mode or without. A
# double literal, 365.25e0, gives the double on both. And cast(1.5 as int) cuts on Spark where DuckDB
# rounds: 1 and 2.
set -euo pipefail
command -v java >/dev/null || { echo "Java 17 is needed" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pyspark==4.1.4 duckdb==1.5.5
cd "$folder"
"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON'
import sys

import duckdb
from pyspark.sql import SparkSession

query = "select 7 / 365.25, 7 / 365.25e0, cast(1.5 as int)"
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
of_spark = [str(value) for value in spark.sql(query).first()]
of_duckdb = [str(value) for value in duckdb.execute(query).fetchone()]
print(f"spark:  {of_spark}\nduckdb: {of_duckdb}")
if (of_spark[0], of_spark[1] == of_duckdb[1], of_spark[2], of_duckdb[2]) != ("0.019165", True, "1", "2"):
    sys.exit("this has changed: look again at the double literals of the models")
PYTHON
