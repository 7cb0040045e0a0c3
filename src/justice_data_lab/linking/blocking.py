"""Which people are compared with which record: the SQL of the candidate pairs.

A pair is worth comparing if it could reach the review threshold: it needs the date of birth (or the
date with day and month exchanged) and a similar surname or the same forename; or the same surname
and two parts of the date; or the same forename, two parts of the date and a similar surname; or
both names exchanged; or an identifier that is the same but for one character. The joins are on
whole values, so that the records are hashed once and the register is only read.
"""

_PARTS = (("year", "month"), ("year", "day"), ("month", "day"))
_HALVES = {
    "pncid_key": (("left", 8), ("right", 5)),
    "prison_number_key": (("left", 3), ("right", 3)),
}
_SIMILAR_SURNAME = """
    (r.surname_first = p.surname_first or r.surname_last = p.surname_last)
    and (
        jaro_winkler_similarity(r.surname_key, p.surname_key) > 0.75
        or (length(r.surname_key) > 3 and ends_with(p.surname_key, r.surname_key))
        or (length(p.surname_key) > 3 and ends_with(r.surname_key, p.surname_key))
    )
"""
_SIMILAR_FORENAME = (
    "(jaro_winkler_similarity(r.forename, p.forename) > 0.75"
    " or list_contains(r.alike, p.forename) or contains(p.forenames, r.forename)"
    " or contains(r.forenames, p.forename))"
)

READINGS = """
with named as (
    select
        *,
        coalesce(not regexp_full_match(forenames, '\\p{L}( \\p{L})*'), true)
        and coalesce(length(surname_key) > 1, true)
        and coalesce(forenames, surname_key) is not null as is_named,
        split_part(forenames, ' ', 1) as forename
    from link_records
),

read_twice as (
    select
        record_id * 2 as reading_id,
        'given' as name_order,
        *
    from named
    union all
    select
        record_id * 2 + 1 as reading_id,
        'swapped' as name_order,
        * replace (
            surname_key as forenames,
            replace(forenames, ' ', '') as surname_key,
            surname_key as forename
        )
    from named
    where is_named and forename <> surname_key
)

select
    read_twice.*,
    unicode(surname_key) as surname_first,
    unicode(surname_key[-1]) as surname_last,
    coalesce(link_alike.alike, []) as alike
from read_twice
left join link_alike on read_twice.forename = link_alike.name
"""
"""Each record as it is given, and with forename and surname exchanged.

A record with initials only, or without any name, is not read by name (`is_named`).
"""


def _by_date() -> str:
    """Pairs of one date of birth, or of one with day and month exchanged."""
    return f"""
    from (
        select *, date_of_birth as date_read from link_sought where is_named
        union all
        select
            *,
            make_date(year(date_of_birth), day(date_of_birth), month(date_of_birth)) as date_read
        from link_sought
        where
            is_named and name_order = 'given' and day(date_of_birth) <= 12
            and day(date_of_birth) <> month(date_of_birth)
    ) as r
    inner join link_rows as p on r.date_read = p.date_of_birth
    where
        (r.name_order = 'given' and (r.forename = p.forename or ({_SIMILAR_SURNAME})))
        or (r.name_order = 'given' and r.surname_key is null and {_SIMILAR_FORENAME})
        or (
            r.name_order = 'swapped'
            and r.surname_first = p.surname_first
            and jaro_winkler_similarity(r.surname_key, p.surname_key) > 0.85
            and {_SIMILAR_FORENAME}
        )
    """


def _by_name(name: str, other_name_is_similar: str, one: str, other: str) -> str:
    """Pairs of one surname or forename and two parts of the date, the other name similar."""
    return f"""
    from link_sought as r
    inner join link_rows as p
        on
            r.{name} = p.{name}
            and {one}(r.date_of_birth) = {one}(p.date_of_birth)
            and {other}(r.date_of_birth) = {other}(p.date_of_birth)
            and r.date_of_birth <> p.date_of_birth
    where r.is_named and {other_name_is_similar}
    """


def _by_full_name() -> str:
    """Pairs of one full name, where a side has no date of birth or the years are the same."""
    return """
    from link_sought as r
    inner join link_rows as p
        on r.forename = p.forename and r.surname_key = p.surname_key
    where
        r.is_named
        and (
            r.date_of_birth is null
            or p.date_of_birth is null
            or year(r.date_of_birth) = year(p.date_of_birth)
        )
    """


def _by_identifier(column: str, side: str, length: int) -> str:
    """Pairs whose identifiers share a half and differ in one character at most."""
    people = "link_rows" if column == "pncid_key" else "link_prisoners"
    return f"""
    from link_sought as r
    inner join {people} as p
        on {side}(r.{column}, {length}) = {side}(p.{column}, {length})
    where
        r.{column} is not null
        and damerau_levenshtein(r.{column}, p.{column}) <= 1
    """


def candidates_sql(*, has_pncids: bool, has_prison_numbers: bool) -> str:
    """Return the pairs (reading_id, row_id of the register) that are worth comparing."""
    similar_surname = "jaro_winkler_similarity(r.surname_key, p.surname_key) > 0.8"
    blocks = [_by_date(), _by_full_name()]
    for one, other in _PARTS:
        blocks += [
            _by_name("surname_key", _SIMILAR_FORENAME, one, other),
            _by_name("forename", similar_surname, one, other),
        ]
    used = {"pncid_key": has_pncids, "prison_number_key": has_prison_numbers}
    for column in (column for column, is_used in used.items() if is_used):
        blocks += [_by_identifier(column, side, length) for side, length in _HALVES[column]]
    pairs = " union all ".join(f"select r.reading_id, p.row_id {block}" for block in blocks)
    return f"select distinct reading_id, row_id from ({pairs})"
