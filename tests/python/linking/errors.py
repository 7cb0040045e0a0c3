"""Errors that providers make in names, dates and identifiers; one function an error."""

from datetime import date, datetime, timedelta

import numpy as np

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RESPELLINGS = (
    ("PH", "F"), ("CK", "K"), ("EY", "IE"), ("IE", "Y"), ("Y", "IE"), ("C", "K"), ("K", "C"),
    ("EE", "EA"), ("EA", "EE"), ("AI", "AY"), ("S", "Z"), ("Z", "S"), ("OU", "OO"), ("TH", "T"),
    ("LL", "L"), ("L", "LL"), ("N", "NN"), ("TT", "T"), ("I", "Y"), ("E", "A"), ("X", "CKS"),
)  # fmt: skip


def mistyped(rng: np.random.Generator, word: str) -> str:
    """One letter replaced, left out, added, or exchanged with its neighbour."""
    for _ in range(20):
        at, way = int(rng.integers(0, len(word))), int(rng.integers(4))
        letter = _LETTERS[int(rng.integers(26))]
        changed = (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
        )[way]
        if changed != word and len(changed) > 1:
            return changed
    return word + "E"


def clipped(rng: np.random.Generator, name: str) -> str:
    """A short form that no list has: the first or the last three letters or more."""
    letters = int(rng.integers(3, len(name) - 1))
    return name[:letters] if rng.random() < 0.6 else name[-letters:]


def respelled(rng: np.random.Generator, word: str) -> str:
    """Another spelling of the same sound; a typing error where no respelling applies."""
    ways = [(old, new) for old, new in _RESPELLINGS if old in word]
    if not ways:
        return mistyped(rng, word)
    old, new = ways[int(rng.integers(len(ways)))]
    return word.replace(old, new, 1)


def mistyped_date(rng: np.random.Generator, born: date) -> date:
    """One digit of the date wrong, so that it is still a day of this or the last century."""
    text = born.strftime("%Y%m%d")
    while True:
        at = int(rng.integers(len(text)))
        digit = str((int(text[at]) + int(rng.integers(1, 10))) % 10)
        try:
            wrong = datetime.strptime(text[:at] + digit + text[at + 1 :], "%Y%m%d").date()
        except ValueError:
            continue
        if date(1900, 1, 1) <= wrong <= date(2015, 1, 1):
            return wrong


def misdated(rng: np.random.Generator, born: date) -> date:
    """Day and month swapped, or one part wrong, or one digit wrong."""
    if born.day <= 12 and born.day != born.month and rng.random() < 0.45:
        return date(born.year, born.day, born.month)
    draw = rng.random()
    if draw < 0.45:
        return _with_day(born, int(rng.integers(1, 29)))
    if draw < 0.65:
        return date(born.year, int(rng.integers(1, 13)), min(born.day, 28))
    if draw < 0.90:
        shift = int(rng.choice([-10, -2, -1, -1, 1, 1, 2, 10]))
        return date(born.year + shift, born.month, min(born.day, 28))
    return born + timedelta(days=int(rng.choice([-31, -9, -1, 1, 9, 31])))


def _with_day(born: date, day: int) -> date:
    return born.replace(day=day if day != born.day else day % 28 + 1)


def wrong_digit(rng: np.random.Generator, identifier: str) -> str:
    """One digit of an identifier replaced, or two neighbours exchanged."""
    places = [at for at, c in enumerate(identifier) if c.isdigit()]
    at = places[int(rng.integers(len(places)))]
    if rng.random() < 0.3 and at + 1 in places and identifier[at] != identifier[at + 1]:
        return identifier[:at] + identifier[at + 1] + identifier[at] + identifier[at + 2 :]
    return (
        identifier[:at]
        + str((int(identifier[at]) + int(rng.integers(1, 10))) % 10)
        + (identifier[at + 1 :])
    )
