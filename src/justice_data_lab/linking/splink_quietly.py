"""Splink without its voice: imported when needed, its logger silent, no network."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def quiet_splink() -> Iterator[Any]:
    """Give the module with Splink's logger down to errors, and put everything back."""
    import splink

    logger = logging.getLogger("splink")
    level, propagate, handler = logger.level, logger.propagate, logging.NullHandler()
    logger.addHandler(handler)
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    try:
        yield splink
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
