"""Every macro of macros/cross_db gives the same on both engines.

The DuckDB half runs wherever the package does; the Spark half where Spark and Java are installed.
"""

from datetime import date
from pathlib import Path

import duckdb
import jinja2
import pytest

PROJECT = Path(__file__).resolve().parents[3]
FOLDER = PROJECT / "macros/cross_db"


class Macros:
    """The macros of the folder in the version of one engine."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        environment = jinja2.Environment(autoescape=False)
        environment.globals["return"] = lambda value: value
        environment.globals["adapter"] = self
        text = "\n".join(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.sql")))
        self.module = environment.from_string(text).module

    def dispatch(self, name: str, _package: str):
        return getattr(self.module, f"{self._engine}__{name}")

    def render(self, sql: str) -> str:
        """Return SQL with its macros, written as dbt's models write them."""
        names = {name: value for name, value in vars(self.module).items() if name[0] != "_"}
        return jinja2.Environment(autoescape=False).from_string(sql).render(**names)


TEXTS = r"""(values ('O''Brien'), ('a\b'), ('x1 y22'), ('Zoë Ñandú'), ('straße'), (' a '), (''),
    (cast(null as string)), ('ﬁeld–ﬂow'), ('ǅungla'), ('İzmir')) as t (x)"""  # noqa: RUF001
# a backslash in a text of SQL is one of the things that differ: written as the macro writes it
TEXTS = TEXTS.replace(r"'a\b'", "{{ literal('a\\\\b') }}")
DAYS = """(values (date '2016-01-31', date '2016-02-29'), (date '2015-02-28', date '2016-02-28'),
    (date '2016-02-29', date '2017-02-28'), (date '2016-02-29', date '2017-03-01'),
    (date '2016-12-31', cast(null as date))) as t (a, b)"""
GROUPS = """(values ('g', 'b', 1, true), ('g', 'a', 2, false), ('g', 'b', 3, true),
    ('h', cast(null as string), 4, true), ('i', 'c', 5, false)) as t (g, x, n, c)"""

QUERIES = {
    "literal": 'select {{ literal("a\\\\b\'c") }}',
    "replace_all": f"select {{{{ replace_all('x', '[0-9]+', '#') }}}} from {TEXTS}",
    "replace_all_quotes": f"select {{{{ replace_all('x', \"['`]\", '') }}}} from {TEXTS}",
    "replace_all_letters": f"select {{{{ replace_all('x', '[^\\\\p{{L}}]+', '_') }}}} from {TEXTS}",
    "full_match": f"select {{{{ full_match('x', '[a-z]\\\\d \\\\S+|a.b') }}}} from {TEXTS}",
    "full_match_line_end": "select {{ full_match(\"concat('a', chr(10))\", 'a') }}",
    "has_match": f"select {{{{ has_match('x', '\\\\s') }}}} from {TEXTS}",
    "begins_with": f"select {{{{ begins_with('x', \"'O'\") }}}} from {TEXTS}",
    "plain_capitals": f"select {{{{ plain_capitals('x') }}}} from {TEXTS}",
    "trim_blanks": (
        "select {{ trim_blanks(\"concat(' ', chr(9), 'a b', chr(10))\") }}, "
        f"{{{{ trim_blanks(\"'\u00a0\u200b' || x || '\ufeff'\") }}}} from {TEXTS}"
    ),
    "add_months": (
        f"select {{{{ add_months('a', '1') }}}}, {{{{ add_months('a', '-12') }}}} from {DAYS}"
    ),
    "completed_years": f"select {{{{ completed_years('a', 'b') }}}} from {DAYS}",
    "days_between": f"select {{{{ days_between('a', 'b') }}}} from {DAYS}",
    "all_but": f"select {{{{ all_but(['x', 'c']) }}}} from {GROUPS}",
    "replaced": f"select {{{{ replaced('t', {{'c': 'not c'}}) }}}} from {GROUPS}",
    "list_of": "select {{ list_of([\"'a'\", \"'b'\"]) }}, coalesce({{ list_of([]) }}, null)",
    "rows_of": "select {{ rows_of(list_of([\"'a'\", 'null', \"'b'\"])) }} as x",
    "numbers": f"select {{{{ numbers('min(n)', 'max(n)') }}}} from {GROUPS} group by g",
    "numbers_none": "select {{ numbers('3', '2') }}",
    "joined_texts": (
        "select g, {{ joined_texts('x', '; ') }}, {{ joined_texts('x', ',', 'not c') }} "
        f"from {GROUPS} group by g"
    ),
    "texts_in_order": f"select g, {{{{ texts_in_order('x', ' ', 'n') }}}} from {GROUPS} group by g",
    "joined_list": "select {{ joined_list(list_of([\"'b'\", \"'a'\"]), ', ') }}",
    "value_of_last": f"select g, {{{{ value_of_last('x', '(n, g)') }}}} from {GROUPS} group by g",
    "edit_distance": "select {{ edit_distance(\"'match_with'\", \"'match_width'\") }}",
}
EXPECTED = {
    "full_match_line_end": [(False,)],
    "completed_years": [(0,), (1,), (0,), (1,), (None,)],
    "add_months": [
        (date(2016, 2, 29), date(2015, 1, 31)),
        (date(2015, 3, 28), date(2014, 2, 28)),
        (date(2016, 3, 29), date(2015, 2, 28)),
        (date(2016, 3, 29), date(2015, 2, 28)),
        (date(2017, 1, 31), date(2015, 12, 31)),
    ],
    "joined_texts": [("g", "a; b", "a"), ("h", None, None), ("i", "c", "c")],
    "numbers_none": [([],)],
    "edit_distance": [(1,)],
}


def of_duckdb(sql: str) -> list[tuple]:
    return duckdb.connect().execute(Macros("duckdb").render(sql)).fetchall()


def test_every_macro_has_a_version_for_both_and_a_case():
    names = vars(Macros("duckdb").module)
    dispatched = {name.removeprefix("duckdb__") for name in names if name.startswith("duckdb__")}
    assert {f"spark__{name}" for name in dispatched} <= names.keys()
    # seed_file reads files: the builds of test_equal_tables read them
    assert dispatched - {"seed_file"} <= QUERIES.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_duckdb_gives_what_the_macro_says(name):
    assert sorted(of_duckdb(QUERIES[name]), key=repr) == sorted(EXPECTED[name], key=repr)


@pytest.mark.parametrize("name", QUERIES)
def test_spark_gives_what_duckdb_gives(spark, name):
    rows = spark.sql(Macros("spark").render(QUERIES[name])).collect()
    assert sorted(map(tuple, rows), key=repr) == sorted(of_duckdb(QUERIES[name]), key=repr)
