"""What can be taken away: accessible workbooks, and every published table as CSV with metadata.

``sheets``: which published tables a workbook holds, and what is said of each. ``workbook``: writing
it. ``delimited``: the CSV files and their description for programs.
"""

from justice_data_lab.downloads.delimited import write_csv_files
from justice_data_lab.downloads.workbook import ALL_REQUESTS, write_workbooks

__all__ = ["ALL_REQUESTS", "write_csv_files", "write_workbooks"]
