"""`jdl serve`: the site on this machine, for browsers that refuse files from disk."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import click

from justice_data_lab.commands import CouldNotRun, build_option


def _is_loopback(address: str) -> bool:
    try:
        return IPv4Address(address).is_loopback
    except ValueError:
        return False


class _Pages(SimpleHTTPRequestHandler):
    """The files of the site, and nothing else: no list of a folder, no other name of the host."""

    def parse_request(self) -> bool:
        """Refuse what was asked of another name: a page elsewhere that points its name here."""
        if not super().parse_request():
            return False
        host = self.headers.get("Host", "").split(":")[0]
        if host != "localhost" and not _is_loopback(host):
            self.send_error(421)
            return False
        return True

    def list_directory(self, path: object) -> None:
        """Refuse to list a folder."""
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""


@click.command()
@build_option
@click.option(
    "--site", type=click.Path(path_type=Path), help="Default: site in the build's folder."
)
@click.option("--address", default="127.0.0.1", show_default=True, help="Of this machine alone.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def serve(build: Path, site: Path | None, address: str, port: int) -> None:
    r"""Serve the site to browsers of this machine, until Ctrl-C.

    Pages open from disk as well; this is for browsers that refuse to. It is Python's own server,
    with neither encryption nor passwords: addresses that other machines reach are refused.

    \b
    Example:
      jdl serve --build build
    """
    folder = site or build / "site"
    if not (folder / "index.html").is_file():
        raise CouldNotRun(f"{folder}: holds no site; write one with jdl report")
    if not _is_loopback(address):
        raise CouldNotRun(
            f"{address}: other machines may reach it, or it is no IPv4 address; give 127.0.0.1"
        )
    try:
        server = ThreadingHTTPServer((address, port), partial(_Pages, directory=str(folder)))
    except OSError as error:
        raise CouldNotRun(f"port {port}: {error.strerror}; choose another with --port") from error
    with server:
        click.echo(f"http://{address}:{server.server_address[1]}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended")
