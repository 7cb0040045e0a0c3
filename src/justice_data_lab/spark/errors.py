"""What an error of Spark says outside of the build: never a value of a row.

Spark quotes the value that it failed on, and dbt writes that to the terminal and to its log. An
error of the SQL itself (a column that is not there) is shown whole; of any other one the condition
is shown, and its text goes to ``spark/errors.log`` in the folder of the build.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dbt_common.exceptions import DbtRuntimeError

LOG: Final = "errors.log"


class _Kept:
    """Where whole texts are kept; set when the session starts."""

    folder: Path | None = None


def keep_in(folder: Path) -> None:
    """Keep whole texts in a folder, readable by the owner of the build only."""
    _Kept.folder = folder


@contextmanager
def quiet() -> Iterator[None]:
    """Raise DbtRuntimeError, without a value, for an error of Spark."""
    from py4j.protocol import Py4JError
    from pyspark.errors import AnalysisException, ParseException, PySparkException

    try:
        yield
        return
    except (AnalysisException, ParseException) as raised:
        said = str(raised)
    except PySparkException as raised:
        condition = raised.getCondition() or type(raised).__name__
        said = f"Spark: {condition}; {_keep(str(raised))}"
    except Py4JError as raised:
        said = f"Spark: {type(raised).__name__}; {_keep(str(raised))}"
    # outside of the handlers, so that the new error does not carry the old one
    raise DbtRuntimeError(said)


def _keep(text: str) -> str:
    if _Kept.folder is None:
        return "its text may quote a record and is not shown"
    log = _Kept.folder / LOG
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n\n")
    log.chmod(0o600)
    return f"its text may quote a record and is not shown: see {log}"
