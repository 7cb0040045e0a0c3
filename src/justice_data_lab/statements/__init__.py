"""What the published figures show, and what they do not, in plain English.

Sentences are built from the rounded figures that are published, so that text and table can never
disagree. ``wordings``: the words that measures share. ``outcomes``: one statement a measure.
``requests``: what is to be said of a whole request. ``trial_protocol`` and ``target_trial``: its
target trial card.
"""

from justice_data_lab.statements.outcomes import outcome_statement, outcome_statements
from justice_data_lab.statements.requests import Figures, request_statements, statements_table
from justice_data_lab.statements.target_trial import TARGET_TRIAL_SCHEMA, target_trial_table

__all__ = [
    "TARGET_TRIAL_SCHEMA",
    "Figures",
    "outcome_statement",
    "outcome_statements",
    "request_statements",
    "statements_table",
    "target_trial_table",
]
