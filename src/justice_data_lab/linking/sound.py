"""A name by its sound, as SQL: English spellings of one sound become one key.

In the manner of Metaphone (Philips 1990), with own and fewer rules: silent letters go, spellings of
one consonant become one letter, and vowels after the first letter become one mark.
"""

_RULES = (
    ("[^A-Z]", ""),
    ("^(?:KN|GN|PN)", "N"),
    ("^WR", "R"),
    ("^WH", "W"),
    ("^PS", "S"),
    ("MC|MAC", "MK"),
    ("SCH|TCH|SH|CH", "1"),
    ("TH", "T"),
    ("PH|V", "F"),
    ("GHT", "T"),
    ("^GH", "G"),
    ("GH", ""),
    ("DG|J|G([EIY])", "2\\1"),
    ("CK|Q|C([AOULRKT]|$)", "K\\1"),
    ("C", "S"),
    ("X", "KS"),
    ("Z", "S"),
    ("D", "T"),
    ("B", "P"),
    ("[HW]", ""),
    ("[AEIOUY]+", "0"),
    ("0$", ""),
    *((f"{letter}+", letter) for letter in "12FGKLMNPRST"),
)


def sound_sql(column: str) -> str:
    """Return an expression for the sound of a folded name; null where nothing is left of it."""
    expression = column
    for pattern, replacement in _RULES:
        expression = f"regexp_replace({expression}, '{pattern}', '{replacement}', 'g')"
    return f"nullif({expression}, '')"
