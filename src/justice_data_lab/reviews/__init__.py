"""Clerical review: the page on which the lab's staff see every link that is in doubt."""

from justice_data_lab.reviews.page import review_html, write_review

__all__ = ["review_html", "write_review"]
