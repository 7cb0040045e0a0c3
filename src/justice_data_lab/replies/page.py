"""Writes the offline page: the check as a folder that any browser opens from disk.

The folder holds Pyodide, DuckDB's WebAssembly and the package as scripts of text, since a browser
lets a page on disk load scripts and nothing else. It is made from the installed packages of npm and
of Python, and never fetches anything.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from justice_data_lab.html import page_style, render_page
from justice_data_lab.project import PROJECT, RULES, project_folder
from justice_data_lab.writing import check_folder

SOURCE: Final = PROJECT / "page"
FROM_NPM: Final = {
    "pyodide.asm.wasm": "pyodide/pyodide.asm.wasm",
    "python_stdlib.zip": "pyodide/python_stdlib.zip",
    "duckdb-eh.wasm": "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm",
}
LOCK_FILE: Final = "pyodide/pyodide-lock.json"
PACKAGE: Final = (
    "__init__.py",
    "project.py",
    "visible.py",
    "html/*",
    "intake/*.py",
    "replies/*.py",
    "replies/reply.html.jinja",
    "replies/page.css",
)
LIBRARIES: Final = ("jinja2", "markupsafe", "yaml")
"""Libraries of Python code, whose compiled parts a browser does without."""
STYLE: Final = Path(__file__).parent / "page.css"
_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


class PageNotMadeError(Exception):
    """The page cannot be made; the text says what to do, in one line."""


def write_page(folder: Path) -> None:
    """Write the page into a folder of its own; raises PageNotMadeError, NotOursError, OSError."""
    packages = SOURCE / "node_modules"
    if not (packages / "pyodide").is_dir():
        raise PageNotMadeError(
            "what the page is made of is not installed: npm ci --ignore-scripts --prefix page, "
            "in the repository of the package"
        )
    scripts = {name: f"{name}.js" for name in (*FROM_NPM, "package.zip", "pyodide-lock.json")}
    check_folder(folder, frozenset(("index.html", "check.js", *scripts.values())))
    folder.mkdir(parents=True, exist_ok=True)
    for name, place in FROM_NPM.items():
        _write_script(folder, name, base64.b64encode((packages / place).read_bytes()).decode())
    _write_script(folder, "package.zip", base64.b64encode(package_zip()).decode())
    # no package of Pyodide's own is used
    lock = json.loads((packages / LOCK_FILE).read_text("utf-8"))
    _write_script(folder, "pyodide-lock.json", json.dumps({**lock, "packages": {}}))
    _bundle(folder / "check.js")
    # the reply in its frame has this style too: the frame obeys the policy of the page
    page = render_page(
        Path(__file__).parent, "page", style=page_style(STYLE), scripts=[*scripts.values()]
    )
    (folder / "index.html").write_text(page, "utf-8")


def package_zip() -> bytes:
    """Return what runs in the page: the modules of the check, its rules and its libraries."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(_package_files()):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), file.read_bytes())
    return content.getvalue()


def _package_files() -> Iterator[tuple[str, Path]]:
    package = Path(__file__).parents[1]
    for pattern in PACKAGE:
        for file in package.glob(pattern):
            if file.is_file():
                yield f"justice_data_lab/{file.relative_to(package).as_posix()}", file
    rules = project_folder()
    for pattern in RULES:
        for file in rules.glob(pattern):
            yield f"justice_data_lab/rules/{file.relative_to(rules).as_posix()}", file
    for library in LIBRARIES:
        found = importlib.util.find_spec(library)
        if found is None or found.origin is None:
            raise PageNotMadeError(f"{library} is not installed; install the package again")
        for file in Path(found.origin).parent.glob("*.py"):
            yield f"{library}/{file.name}", file


def _write_script(folder: Path, name: str, text: str) -> None:
    script = f"(globalThis.jdlFiles ??= {{}})[{json.dumps(name)}] = {json.dumps(text)};\n"
    (folder / f"{name}.js").write_text(script, "utf-8")


def _bundle(target: Path) -> None:
    """Join the page's own script with Pyodide's and DuckDB's into one."""
    command = [
        str(SOURCE / "node_modules" / "esbuild" / "bin" / "esbuild"),
        "page.mjs",
        "--bundle",
        "--minify",
        "--format=iife",
        "--platform=browser",
        "--external:node:*",
        "--define:import.meta.url=document.baseURI",
        "--log-level=error",
        f"--outfile={target.resolve()}",
    ]
    ended = subprocess.run(["node", *command], cwd=SOURCE, capture_output=True, check=False)
    if ended.returncode:
        raise PageNotMadeError("the scripts of the page could not be joined; npm ci again")
