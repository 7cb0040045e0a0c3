"""The reply as one page: no scripts, nothing loaded from anywhere, readable at any width."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from justice_data_lab.html import page_style, render_page
from justice_data_lab.replies.reply import (
    NOT_ESTIMATED,
    READY,
    STOPPED,
    TOO_FEW_PEOPLE,
    WITHDRAWN,
    Reply,
)
from justice_data_lab.replies.wording import records_text, subject
from justice_data_lab.visible import visible

LONGEST_TITLE: Final = 70
BAR_WIDTH: Final = 600

_ANSWERS: Final = {
    READY: "Yes",
    STOPPED: "Not yet",
    NOT_ESTIMATED: "Not yet",
    TOO_FEW_PEOPLE: "No",
    WITHDRAWN: "Withdrawn",
}
_NEXT_READY: Final = (
    "You do not have to send anything again. If you can improve what is listed under “Look at "
    "these”, more people may be found."
)
_NEXT_CORRECT: Final = (
    "Correct the records in your own list as far as you can, and send the whole upload again. A "
    "record that stays as it is may be left out of the analysis."
)
_NEXT_TOO_FEW_CORRECT: Final = (
    "Correct the records in your own list as far as you can, and send them again together with "
    "people of further years."
)
_NEXT: Final = {
    STOPPED: "Correct what stops the request, and as much of the rest as you can. Then send the "
    "whole upload again.",
    NOT_ESTIMATED: "You need not send anything: the lab looks for the cause of the error.",
    TOO_FEW_PEOPLE: "Keep this upload, and send it again together with people of further years.",
    WITHDRAWN: "Nothing. To take the request up again, send it without a day under “Withdrawn on”.",
}


@dataclass(frozen=True)
class Part:
    """A part of the bar of records: look, name, records, what it means, place and width."""

    look: str
    label: str
    records: str
    meaning: str
    start: int
    width: int


def reply_html(reply: Reply, *styles: Path) -> str:
    """Return the reply as a complete HTML document, the same for the same reply.

    ``styles`` are added to that of the page. Every text is escaped, and characters that cannot be
    seen are written out. The page holds
    record numbers, counts and the names of the organisation and of the service, no other value.
    """
    return render_page(
        Path(__file__).parent,
        "reply",
        style=page_style(*styles),
        reply=reply,
        request_id=visible(reply.request_id),
        title=_title(reply),
        organisation=visible(reply.organisation) if reply.organisation else "",
        service_name=visible(reply.service_name) if reply.service_name else "",
        answer=_ANSWERS[reply.verdict],
        parts=_parts(reply),
        bar_width=BAR_WIDTH,
        submitted=records_text(reply.records_n),
        next_step=_next_step(reply),
        subject=subject,
        records_text=records_text,
    )


def _title(reply: Reply) -> str:
    title = f"Reply to your upload {visible(reply.request_id)}"
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _parts(reply: Reply) -> list[Part]:
    """Divide the bar; a part with any record is wide enough to be seen."""
    named = (
        ("clear", "Ready", "nothing to correct", reply.clear_n),
        ("look", "To look at", "worth a second look", reply.warning_n),
        ("correct", "To correct", "with something wrong or missing", reply.error_n),
    )
    total = max(1, sum(part[-1] for part in named))
    parts = []
    start = 0
    for position, (look, label, meaning, n) in enumerate(named):
        end = round(BAR_WIDTH * sum(part[-1] for part in named[: position + 1]) / total)
        width = max(end - start, 6 if n else 0)
        parts.append(Part(look, label, records_text(n), meaning, start, width))
        start += width
    return parts


def _next_step(reply: Reply) -> str:
    if reply.verdict == TOO_FEW_PEOPLE and reply.errors:
        return _NEXT_TOO_FEW_CORRECT
    if reply.verdict in _NEXT:
        return _NEXT[reply.verdict]
    if reply.errors:
        return _NEXT_CORRECT
    return _NEXT_READY if reply.warnings else "You do not have to send anything again."
