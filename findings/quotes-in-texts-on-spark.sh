#!/usr/bin/env bash
# spark.sql.parser.escapedStringLiterals lets a backslash in a text of SQL stand for itself, as in DuckDB,
# so that patterns need no second one. But with it a doubled quote stays doubled: 'it''s' is it''s, and a
# rule that removes apostrophes from names silently finds two. Without it 'it''s' is it's. Spark 4.1.4.
set -euo pipefail
command -v java >/dev/null || { echo "Java 17 is needed" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pyspark==4.1.4
cd "$folder"
"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON'
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
seen = {}
for escaped in ("false", "true"):
    spark.conf.set("spark.sql.parser.escapedStringLiterals", escaped)
    seen[escaped] = spark.sql("select 'it''s'").first()[0]
    print(f"escapedStringLiterals {escaped}: {seen[escaped]}")
if seen != {"false": "it's", "true": "it''s"}:
    sys.exit("this has changed: look again at how macros/cross_db/patterns.sql writes a text")
PYTHON
