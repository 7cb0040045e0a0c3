"""What the published figures show, and what they do not, in plain English.

Sentences are built from the rounded figures that are published, so that text and table can never
disagree. ``wordings``: the words that measures share. ``outcomes``: one statement a measure.
``requests``: what is to be said of a whole request.
"""

from justice_data_lab.statements.outcomes import add_statements, outcome_statement
from justice_data_lab.statements.requests import Figures, request_statements, statements_table

__all__ = [
    "Figures",
    "add_statements",
    "outcome_statement",
    "request_statements",
    "statements_table",
]
