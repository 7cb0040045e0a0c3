"""The two tables that Splink compares: readings of records, and candidate name rows of people.

Both have the same columns. Shares of names and dates (term frequencies) are counted in the register
alone, so that no upload changes what a name is worth in another.
"""

from justice_data_lab.linking.comparisons import WRONG_NUMBER_SHARE
from justice_data_lab.linking.sound import sound_sql

FREQUENCIES = {
    "link_forename_shares": """
        select forename as name, count(*) / sum(count(*)) over () as share
        from link_register where forename is not null group by forename
    """,
    "link_surname_shares": """
        select surname_key as name, count(*) / sum(count(*)) over () as share
        from link_register where surname_key is not null group by surname_key
    """,
    "link_date_counts": """
        select date_of_birth, count(*) as rows_n
        from link_register where date_of_birth is not null group by date_of_birth
    """,
}
"""Share of the register's rows with each forename and surname, and rows with each date."""

ALIKE = """
select
    one.name,
    list(distinct other.name order by other.name) as alike
from link_roots as one
inner join link_roots as other on one.root = other.root
group by one.name
"""
"""For each name of the reference list the names that can stand for the same name."""

ROOTS = """
select distinct nickname as name, name as root from link_nicknames
union
select distinct name, name as root from link_nicknames
"""


def vocabulary_sql(*tables: str) -> str:
    """Return the distinct names of the tables with their sound and the full names behind them."""
    names = " union ".join(
        f"select forename as name from {table} union select surname_key as name from {table}"
        for table in tables
    )
    return f"""
    with names as ({names}),

    roots as (
        select name, list(root order by root) as roots from link_roots group by name
    )

    select
        names.name,
        {sound_sql("names.name")} as sound,
        coalesce(roots.roots, [names.name]) as roots
    from names
    left join roots on names.name = roots.name
    where names.name is not null
    """


def side_sql(table: str, key: str, *, people: int) -> str:
    """Return the columns of the comparisons for a table of readings or of candidates.

    `people` is the size of the register, over which a wrong number is spread. The share of a date
    is that of others with it, drawn towards one in 20,000 (55 years) with the weight of 20,000
    rows, so that a small register does not make a date more frequent than it can be.
    """
    return f"""
    select
        '{table}' as source_dataset,
        side.{key} as unique_id,
        side.forename,
        replace(side.forenames, ' ', '') as forenames_joined,
        string_split(side.forenames, ' ')[2:] as other_forenames,
        regexp_extract_all(regexp_replace(side.forenames, '^[^ ]+', ''), '[^ ]{{2,}}')
            as other_full_forenames,
        coalesce(forename_words.roots, []) as forename_roots,
        forename_words.sound as forename_sound,
        coalesce(forename_shares.share, 0) as forename_share,
        forename_shares.share as tf_forename,
        side.surname_key as surname,
        surname_words.sound as surname_sound,
        coalesce(surname_shares.share, 0) as surname_share,
        surname_shares.share as tf_surname,
        side.date_of_birth,
        strftime(side.date_of_birth, '%Y%m%d') as date_text,
        case when side.date_of_birth is not null then
            greatest(coalesce(date_counts.rows_n, 1), 1)
            / ((select sum(rows_n) from link_date_counts) + 20_000)
        end as tf_date_of_birth,
        nullif(side.gender, 'U') as gender,
        side.pncid_key as pncid,
        {WRONG_NUMBER_SHARE / people} as tf_pncid,
        side.prison_number_key as prison_number,
        {WRONG_NUMBER_SHARE / people} as tf_prison_number,
        side.name_order
    from {table} as side
    left join link_vocabulary as forename_words on side.forename = forename_words.name
    left join link_vocabulary as surname_words on side.surname_key = surname_words.name
    left join link_forename_shares as forename_shares on side.forename = forename_shares.name
    left join link_surname_shares as surname_shares on side.surname_key = surname_shares.name
    left join link_date_counts as date_counts on side.date_of_birth = date_counts.date_of_birth
    """
