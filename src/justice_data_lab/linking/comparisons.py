"""What is compared, and the levels of agreement of each: the Splink settings before training.

Each comparison is a list of levels, the first that holds counts (Fellegi and Sunter 1969; Splink's
documentation, "Comparisons"). A level on which names agree in full or in part weighs less the more
frequent the name is in the register (term frequency). An error of typing is a level of its own
where the name of the record is no name of the register, or one too rare to explain it: `SMIHT` can
only be a Smith, but `MARIA` need not be a `MARIE`.
"""

from typing import Any

Level = dict[str, Any]
Comparison = dict[str, Any]

RARE = 0.0003
"""A name is no rival to a typing error if this much rarer than the name it may stand for.

An error in about one name of ten, spread over some 300 ways to make it in a name of six letters.
"""
TYPING_ERROR = "one typing error or the same sound, no other name"
SAME_SOUND = "same sound"
ONE_LETTER = "one letter different"
NICKNAME = "nickname"
RARE_NICKNAME = "nickname, no other name"
OTHER_FORMS = {
    NICKNAME: (RARE_NICKNAME, 5),
    SAME_SOUND: (TYPING_ERROR, 60),
    ONE_LETTER: (TYPING_ERROR, 300),
}
"""Levels on which one name of the register stands for another.

With each the level whose share of the records is spread over the forms that a name can take, and
how many forms those are: a record has any one of them this much more rarely.
"""
WRONG_NUMBER_SHARE = 0.05
"""Share of the numbers given that are another person's, at most.

Of different people only such a number can be the same, so that the chance of it is this share over
the size of the register (the term frequency of every number).
"""
_NUMBER_U = 1e-6
"""Stands for the chance above until the size of the register is known; it cancels out."""
GENERATION = 15
"""Years from which on two dates of birth may be a parent's and a child's."""
SWAPPED_SHARE = 0.01
"""Share of records in which forename and surname stand in each other's place."""


_ARE_SWAPPED = "(forename_l = surname_r and surname_l = forename_r and forename_l <> surname_l)"


def _null(condition: str) -> Level:
    return {"sql_condition": condition, "label_for_charts": "missing", "is_null_level": True}


def _level(
    condition: str, label: str, m: float, u: float, *, frequency_of: str | None = None
) -> Level:
    level: Level = {
        "sql_condition": condition,
        "label_for_charts": label,
        "m_probability": m,
        "u_probability": u,
    }
    if frequency_of:
        level["tf_adjustment_column"] = frequency_of
        level["tf_adjustment_weight"] = 1.0
    return level


def _else(m: float, u: float, label: str = "different") -> Level:
    return _level("ELSE", label, m, u)


def _is_no_rival(column: str) -> str:
    return f"coalesce({column}_share_l, 0) < {RARE} * coalesce({column}_share_r, 0)"


def _distance(column: str, most: int) -> str:
    return f"damerau_levenshtein({column}_l, {column}_r) <= {most}"


def _most_letters_agree(column: str) -> str:
    return (
        f"2 * damerau_levenshtein({column}_l, {column}_r)"
        f" < greatest(length({column}_l), length({column}_r))"
    )


def forename_comparison() -> Comparison:
    """Compare the first forenames; the others stand in only where one is given as the first."""
    near = f"({_distance('forename', 1)} or {_distance('forenames_joined', 1)})"
    sound = "forename_sound_l = forename_sound_r"
    close = "jaro_winkler_similarity(forename_l, forename_r) >= 0.9"
    alike = _most_letters_agree("forename")
    long = "least(length(forename_l), length(forename_r))"
    written = (
        "least(length(forenames_joined_l), length(forenames_joined_r)) > 1"
        " and greatest(length(forenames_joined_l), length(forenames_joined_r)) > 2"
    )
    name = "forename"
    return {
        "output_column_name": name,
        "comparison_levels": [
            _null(f"forename_l is null or forename_r is null or {_ARE_SWAPPED}"),
            _level("forename_l = forename_r", "same", 0.83, 5e-3, frequency_of=name),
            _level("forenames_joined_l = forenames_joined_r", "same but for spaces",
                   0.001, 1e-5, frequency_of=name),
            _level(f"list_has_any(forename_roots_l, forename_roots_r) and {_is_no_rival(name)}",
                   RARE_NICKNAME, 0.015, 5e-4, frequency_of=name),
            _level(
                "list_contains(forename_roots_l, forename_r)"
                " or list_contains(forename_roots_r, forename_l)",
                NICKNAME, 0.015, 2.5e-3, frequency_of=name,
            ),
            _level(
                "list_contains(other_forenames_r, forename_l)"
                " or list_contains(other_forenames_l, forename_r)",
                "another forename of the person", 0.01, 3e-3, frequency_of=name,
            ),
            _level(f"{written} and ({near} or ({long} > 2 and {sound})) and {_is_no_rival(name)}",
                   TYPING_ERROR,
                   0.06, 4e-4, frequency_of=name),
            _level(f"{long} > 2 and {sound}", SAME_SOUND, 0.01, 2.5e-3, frequency_of=name),
            _level(f"{long} > 2 and {near}", ONE_LETTER,
                   0.004, 1e-3, frequency_of=name),
            _level(
                f"{long} > 4 and ({close} or {_distance(name, 2)}) and {_is_no_rival(name)}",
                "several typing errors, no other name", 0.01, 3e-4, frequency_of=name,
            ),
            _level(
                f"{long} > 2 and"
                " (contains(forename_l, forename_r) or contains(forename_r, forename_l))",
                "part of the name", 0.005, 1e-3,
            ),
            _level(f"{long} > 3 and {close}", "similar", 0.002, 1e-3),
            _level(f"{long} = 1 and left(forename_l, 1) = left(forename_r, 1)",
                   "same initial", 0.005, 5e-3),
            _level(f"{long} > 2 and {alike} and {_is_no_rival(name)}",
                   "most letters, no other name", 0.005, 1e-3),
            _else(0.025, 0.97),
        ],
    }  # fmt: skip


def other_forenames_comparison() -> Comparison:
    """Compare the forenames after the first, where both sides have any; an initial is no name."""
    left, right = "other_forenames_l[1]", "other_forenames_r[1]"
    return {
        "output_column_name": "other_forenames",
        "comparison_levels": [
            _null(
                "coalesce(len(other_forenames_l), 0) = 0 or coalesce(len(other_forenames_r), 0) = 0"
            ),
            _level("list_has_any(other_full_forenames_l, other_full_forenames_r)",
                   "one in common", 0.85, 6e-3),
            _level(
                f"damerau_levenshtein({left}, {right}) <= 1"
                f" and least(length({left}), length({right})) > 2",
                "one letter different", 0.03, 1e-3,
            ),
            _level(
                f"least(length({left}), length({right})) = 1"
                f" and left({left}, 1) = left({right}, 1)",
                "same initial", 0.07, 0.07,
            ),
            _else(0.05, 0.92),
        ],
    }  # fmt: skip


def surname_comparison() -> Comparison:
    """Compare the surnames, each in one word."""
    near = _distance("surname", 1)
    sound = "surname_sound_l = surname_sound_r"
    close = "jaro_winkler_similarity(surname_l, surname_r) >= 0.9"
    alike = _most_letters_agree("surname")
    long = "least(length(surname_l), length(surname_r))"
    longer = "greatest(length(surname_l), length(surname_r))"
    name = "surname"
    ends = " or ".join(
        f"{way}_with(surname_{one}, surname_{other})"
        for way in ("starts", "ends")
        for one, other in (("l", "r"), ("r", "l"))
    )
    return {
        "output_column_name": name,
        "comparison_levels": [
            _null(f"surname_l is null or surname_r is null or {_ARE_SWAPPED}"),
            _level("surname_l = surname_r", "same", 0.88, 1e-3, frequency_of=name),
            _level(f"{long} > 1 and {longer} > 2 and ({near} or {sound}) and {_is_no_rival(name)}",
                   TYPING_ERROR,
                   0.06, 1e-4, frequency_of=name),
            _level(f"{long} > 2 and {sound}", SAME_SOUND, 0.008, 4e-4, frequency_of=name),
            _level(f"{long} > 2 and {near}", ONE_LETTER,
                   0.004, 3e-4, frequency_of=name),
            _level(f"{long} > 3 and ({ends})", "half of a double name",
                   0.006, 3e-4, frequency_of=name),
            _level(
                f"{long} > 4 and ({close} or {_distance(name, 2)}) and {_is_no_rival(name)}",
                "several typing errors, no other name", 0.01, 1e-4, frequency_of=name,
            ),
            _level(f"{long} > 3 and {close}", "similar", 0.002, 5e-4),
            _level(f"{long} > 2 and {alike} and {_is_no_rival(name)}",
                   "most letters, no other name", 0.005, 1e-3),
            _else(0.025, 0.995),
        ],
    }  # fmt: skip


def date_comparison() -> Comparison:
    """Compare the dates of birth; frequent dates, such as 1 January, weigh less.

    A year that differs by `GENERATION` or more is an error of typing only if one digit makes it and
    day and month agree: a parent's or a child's date may lie anywhere else.
    """
    parts = ("year", "month", "day")
    same = {part: f"{part}(date_of_birth_l) = {part}(date_of_birth_r)" for part in parts}
    two = " or ".join(
        f"({same[one]} and {same[other]})"
        for one, other in (("year", "month"), ("year", "day"), ("month", "day"))
    )
    near = f"abs(year(date_of_birth_l) - year(date_of_birth_r)) < {GENERATION}"
    digit = "damerau_levenshtein(date_text_l, date_text_r) <= 1"
    return {
        "output_column_name": "date_of_birth",
        "comparison_levels": [
            _null("date_of_birth_l is null or date_of_birth_r is null"),
            _level("date_of_birth_l = date_of_birth_r", "same",
                   0.945, 6e-5, frequency_of="date_of_birth"),
            _level(
                f"{same['year']} and month(date_of_birth_l) = day(date_of_birth_r)"
                " and day(date_of_birth_l) = month(date_of_birth_r)",
                "day and month swapped", 0.01, 2e-5,
            ),
            _level(f"{digit} and {near}", "one digit wrong, or two exchanged", 0.025, 1.5e-3),
            _level(digit, "one digit of the year wrong, a generation away", 0.002, 3e-4),
            _level(f"({two}) and {near}", "one part wrong", 0.01, 4e-3),
            _level(f"damerau_levenshtein(date_text_l, date_text_r) <= 2 and {near}",
                   "two digits wrong", 0.002, 1e-2),
            _else(0.01, 0.9944),
        ],
    }  # fmt: skip


def gender_comparison() -> Comparison:
    """Compare the genders; unknown is missing."""
    return {
        "output_column_name": "gender",
        "comparison_levels": [
            _null("gender_l is null or gender_r is null"),
            _level("gender_l = gender_r", "same", 0.99, 0.7),
            _else(0.01, 0.3),
        ],
    }


def identifier_comparison(column: str, *, other: float) -> Comparison:
    """Compare PNCids or prison numbers: the same, or wrong by one character.

    `other` is the share of people whose number differs altogether: a person has one PNCid, but may
    have had a prison number before that the register does not know. The u are fixed, because random
    pairs of different people with one number are too few to count: see `WRONG_NUMBER_SHARE`, and of
    numbers one character away there are taken to be two for each person.
    """
    same = _level(f"{column}_l = {column}_r", "same", 0.97 - other, _NUMBER_U, frequency_of=column)
    near = _level(
        _distance(column, 1), "one character wrong, or two exchanged", 0.03,
        2 * _NUMBER_U / WRONG_NUMBER_SHARE, frequency_of=column,
    )  # fmt: skip
    different = _else(other, 1.0)
    for level in (same, near, different):
        level["fix_u_probability"] = True
    return {
        "output_column_name": column,
        "comparison_levels": [
            _null(f"{column}_l is null or {column}_r is null"), same, near, different
        ],
    }  # fmt: skip


def name_order_comparison() -> Comparison:
    """Weigh the reading of a record with forename and surname exchanged: both are tried."""
    given = _level(
        "name_order_l = 'given' and name_order_r = 'given'", "as given", 1 - SWAPPED_SHARE, 1.0
    )
    swapped = _else(SWAPPED_SHARE, 1.0, "forename and surname exchanged")
    for level in (given, swapped):
        level.update(fix_m_probability=True, fix_u_probability=True)
    return {"output_column_name": "name_order", "comparison_levels": [given, swapped]}


def comparisons() -> list[Comparison]:
    """Return every comparison of the model, in the order of the evidence table.

    The m and u of a level are what a batch too small to show it falls back on: rough shares, set
    from the error rates of FEBRL's and of the pilot's kind of data and not fitted to anything.
    """
    return [
        forename_comparison(),
        other_forenames_comparison(),
        surname_comparison(),
        date_comparison(),
        gender_comparison(),
        identifier_comparison("pncid", other=0.01),
        identifier_comparison("prison_number", other=0.04),
        name_order_comparison(),
    ]


FIELDS = tuple(comparison["output_column_name"] for comparison in comparisons())
"""The fields of the evidence: one match weight in bits each."""
