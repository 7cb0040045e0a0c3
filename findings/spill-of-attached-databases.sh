#!/usr/bin/env bash
# DuckDB 1.5.5 spills beside the file that it was opened with. A file that is attached to an in-memory
# main, as the attach list of dbt-duckdb does, does not move the spill: it goes to .tmp in whatever
# folder the process was started from, however the attached file is protected, and `use` changes nothing.
# Set temp_directory. Seen:
#   opened:   <folder>/people.duckdb.tmp
#   attached: .tmp
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check duckdb==1.5.5
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys

import duckdb

path = f"{sys.argv[1]}/people.duckdb"
asked = "select current_setting('temp_directory')"
with duckdb.connect(path) as connection:
    connection.execute("create table people as select 1 as person_id")
    opened = connection.execute(asked).fetchone()[0]
with duckdb.connect(":memory:") as connection:
    connection.execute(f"attach '{path}' as restricted")
    connection.execute("use restricted")
    attached = connection.execute(asked).fetchone()[0]
print(f"opened:   {opened}\nattached: {attached}")
if opened != f"{path}.tmp" or attached != ".tmp":
    sys.exit("this has changed: look again at where the build spills")
PYTHON
