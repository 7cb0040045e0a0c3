"""`jdl template`: the empty Data Upload Template."""

from pathlib import Path

import click

from justice_data_lab.commands import CouldNotRun, write_content
from justice_data_lab.intake.template import template_bytes


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def template(file: Path) -> None:
    r"""Write the empty Data Upload Template.

    \b
    Example:
      jdl template data-upload-template.xlsx
    """
    if file.suffix.casefold() != ".xlsx":
        raise CouldNotRun(f"{file}: the template is a workbook; end its name in .xlsx")
    write_content(file, template_bytes())
