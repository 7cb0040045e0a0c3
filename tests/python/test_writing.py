"""Every writer leaves what it did not write, and writes a file as a whole."""

import io
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from justice_data_lab.cli import main
from justice_data_lab.intake.template import template_bytes
from justice_data_lab.writing import NotOursError, check_folder, is_same_make, write_file


def parquet(*names: str) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table({name: [1] for name in names}), content)
    return content.getvalue()


PAGE = b"<!DOCTYPE html>\n<meta name=policy>\n<title>one</title>\n<p>a"


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        (b"", b"anything", True),
        (b"same bytes", b"same bytes", True),
        (b'{"a": 1, "b": 2}', b'{"b": 3, "a": 4}', True),
        (b'{"a": 1, "mine": 2}', b'{"b": 3, "a": 4}', False),
        (b'[{"a": 1}, {"a": 2}]', b'[{"a": 3}]', True),
        (b'[{"mine": 1}]', b'[{"a": 3}]', False),
        (b'{"a": 1}', b'[{"a": 3}]', False),
        (b"notes of a day", b'{"a": 1}', False),
        (b"\xff\xfe", b"[]", False),
        (PAGE, PAGE.replace(b"one", b"two"), True),
        (PAGE.replace(b"policy", b"mine"), PAGE, False),
        (b"<!DOCTYPE html>", PAGE, False),
        (b"row,weight\n1,2\n", b"row,weight\n", True),
        (b"row,mine\n1,2\n", b"row,weight\n1,2\n", False),
        (b"row,weight", b"row,weight\n1,2\n", False),
        (parquet("row", "weight"), parquet("row", "weight", "mine"), False),
        (parquet("row", "weight"), parquet("row", "weight")[:-9] + b"PAR1", False),
        (b"PK of a workbook", template_bytes(), False),
    ],
)
def test_what_is_of_the_same_make(old: bytes, new: bytes, is_same: bool) -> None:
    assert is_same_make(old, new) is is_same


def test_parquet_with_the_same_columns_is_replaced() -> None:
    content = io.BytesIO()
    pq.write_table(pa.table({"row": [1, 2], "weight": [3, 4]}), content)
    assert is_same_make(parquet("row", "weight"), content.getvalue())


def test_a_file_of_the_user_stays(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text("my notes")
    with pytest.raises(NotOursError, match="was not written by this command"):
        write_file(path, b"{}")
    assert path.read_text() == "my notes"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_former_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figures.json"
    write_file(path, b'{"a": 1}')

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b'{"a": 2}')
    assert path.read_bytes() == b'{"a": 1}'
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_and_a_device_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    (tmp_path / "real.json").write_bytes(b"{}")
    write_file(tmp_path / "link.json", b"{} ")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"{} "
    write_file(Path(os.devnull), b"{}")


def test_a_folder_of_others_is_refused(tmp_path: Path) -> None:
    check_folder(tmp_path / "new", frozenset({"model.json"}))
    (tmp_path / "model.json").write_text("{}")
    check_folder(tmp_path, frozenset({"model.json"}))
    (tmp_path / "mine.txt").write_text("")
    with pytest.raises(NotOursError, match="not ours"):
        check_folder(tmp_path, frozenset({"model.json"}))
    with pytest.raises(NotOursError, match="not a folder"):
        check_folder(tmp_path / "mine.txt", frozenset({"model.json"}))


def test_a_filled_template_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    runner = CliRunner()
    assert runner.invoke(main, ["template", str(path)]).exit_code == 0
    assert path.read_bytes() == template_bytes()
    assert runner.invoke(main, ["template", str(path)]).exit_code == 0
    path.write_bytes(b"PK, filled in")
    result = runner.invoke(main, ["template", str(path)])
    assert result.exit_code == 2
    assert "was not written by this command" in result.output
    assert path.read_bytes() == b"PK, filled in"


def test_figures_do_not_replace_a_file_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"mine": 1}')
    size = ["power", "--treated", "100", "--controls", "1000", "--rate", "0.3"]
    result = CliRunner().invoke(main, [*size, "--json", str(path)])
    assert result.exit_code == 2
    assert path.read_text() == '{"mine": 1}'
    path.unlink()
    for _ in range(2):
        assert CliRunner().invoke(main, [*size, "--json", str(path)]).exit_code == 0
