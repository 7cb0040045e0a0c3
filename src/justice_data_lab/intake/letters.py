"""Text without what nobody sees or types: marks without a width, and forms of one character."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_HYPHENS: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"), "-")
_BLANKS: Final = re.compile(r"\s+")


def plain_text(text: str) -> str:
    """Return a text in compatibility form, without format characters, with plain hyphens.

    For what is compared or read by a form (headers, questions, dates), not for names. Compatibility
    form and format characters: Unicode Standard Annex 15, and category Cf of its database.
    """
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text).translate(_HYPHENS)
    shown = "".join(letter for letter in folded if unicodedata.category(letter) != "Cf")
    return _BLANKS.sub(" ", shown)
