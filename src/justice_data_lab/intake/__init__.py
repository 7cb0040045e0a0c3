"""Intake: what providers upload, read as text, with every problem as a finding."""

from justice_data_lab.intake.contract import INDIVIDUAL_FIELDS, SERVICE_QUESTIONS
from justice_data_lab.intake.findings import SEVERITIES
from justice_data_lab.intake.uploads import uploads_that_are_no_request

__all__ = ["INDIVIDUAL_FIELDS", "SERVICE_QUESTIONS", "SEVERITIES", "uploads_that_are_no_request"]
