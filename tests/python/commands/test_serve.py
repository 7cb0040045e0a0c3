"""The site is served to this machine, and to nobody else."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from justice_data_lab.cli import main


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    site = tmp_path_factory.mktemp("served") / "site"
    (site / "requests").mkdir(parents=True)
    (site / "index.html").write_text("<p>All services</p>")
    (site.parent / "secret.txt").write_text("secret")
    process = subprocess.Popen(
        [Path(sys.executable).with_name("jdl"), "serve", "--site", site, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    yield int(process.stdout.readline().split("/ ")[0].rpartition(":")[2])
    process.terminate()
    process.wait(10)


def answer(port: int, path: str, host: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
    response = connection.getresponse()
    return response.status, response.read().decode()


@pytest.mark.parametrize("host", [None, "localhost:8000"])
def test_the_index_is_served(port: int, host: str | None) -> None:
    assert answer(port, "/", host) == (200, "<p>All services</p>")


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/requests/"])
def test_nothing_but_files_of_the_site(port: int, path: str) -> None:
    status, text = answer(port, path)
    assert status == 404
    assert "secret" not in text.replace("secret.txt", "")


@pytest.mark.parametrize("host", ["example.org", "example.org:8000", "127.0.0.1.example.org"])
def test_another_name_of_the_host_is_refused(port: int, host: str) -> None:
    assert answer(port, "/", host)[0] == 421


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::1", "::", "example.org", ""])
def test_another_address_is_refused_in_one_line(tmp_path: Path, address: str) -> None:
    (tmp_path / "index.html").write_text("")
    result = CliRunner().invoke(main, ["serve", "--site", str(tmp_path), "--address", address])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "give 127.0.0.1" in result.stderr


def test_no_site_and_a_port_in_use_are_one_line(port: int, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["serve", "--build", str(tmp_path)])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "write one with jdl report" in result.stderr
    (tmp_path / "index.html").write_text("")
    result = CliRunner().invoke(main, ["serve", "--site", str(tmp_path), "--port", str(port)])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "choose another with --port" in result.stderr
