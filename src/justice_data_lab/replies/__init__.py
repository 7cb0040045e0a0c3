"""Replies to uploads: what an organisation may expect, and what it should correct first."""

from justice_data_lab.replies.as_json import reply_json
from justice_data_lab.replies.html import reply_html
from justice_data_lab.replies.problem import Problem
from justice_data_lab.replies.queries import ReplyTables
from justice_data_lab.replies.reply import (
    Reply,
    UnknownRequestError,
    exit_status,
    read_reply,
)

__all__ = [
    "Problem",
    "Reply",
    "ReplyTables",
    "UnknownRequestError",
    "exit_status",
    "read_reply",
    "reply_html",
    "reply_json",
]
