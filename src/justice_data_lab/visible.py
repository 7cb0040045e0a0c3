r"""Text from strangers, shown so that nothing in it stays hidden.

Control and format characters can move a cursor or turn the order of a line: they are written as
escapes, such as ``\x1b`` and ``\u202e``. The two joiners that some scripts need are left.
"""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST_NAME: Final = 200
"""Letters of a name that are shown."""

_JOINERS: Final = frozenset("\u200c\u200d")
_HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str) -> str:
    """Write a name with its hidden characters as escapes, cut with an ellipsis at 200."""
    return with_escapes(text[:LONGEST_NAME]) + ("…" if len(text) > LONGEST_NAME else "")


def with_escapes(text: str) -> str:
    """Write a whole text with its hidden characters as escapes."""
    if text.isprintable():  # none is hidden
        return text
    return "".join(_visible_character(character) for character in text)


def _visible_character(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
