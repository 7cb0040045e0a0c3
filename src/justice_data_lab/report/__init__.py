"""The site: pages made from published.duckdb and from nothing else."""

from justice_data_lab.report.tables import ReportError
from justice_data_lab.report.writing import write_site

__all__ = ["ReportError", "write_site"]
