"""The `jdl` command: what dbt does not do."""

import os
from importlib import import_module
from typing import Final

import click

COMMANDS: Final = {
    "sample": "Write a synthetic raw zone and a file of its true effects.",
    "summary": "Print the headline row of each published request.",
    "template": "Write the empty Data Upload Template.",
    "check": "Check one upload as the build would, without any police data.",
    "reply": "Write the reply to each request of a build, or to REQUESTS.",
    "estimate": "Estimate an effect on a table of your own, one row per person.",
    "power": "Say what an analysis of a size could show.",
    "placebo": "Test a headline against cohorts that had no service.",
    "link": "Train the link model, or review what it cannot decide.",
    "report": "Write the site of the published tables: an index, and a page for each request.",
    "serve": "Serve the site to browsers of this machine, until Ctrl-C.",
    "verify": "Recompute the fingerprints of what is published, or of a release.",
    "release": "Freeze reviewed results under a version number.",
    "purge": "Remove the personal data of a request.",
    "rotate": "Give the encrypted databases of a build another key.",
    "log": "Say who built, reviewed, released, purged and rotated what.",
}
"""Each command with its line of help; its module in `commands` has the same name."""


class LazyGroup(click.Group):
    """A group that imports the module of the one command that is run: help is immediate."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return the command, imported now; None for an unknown name."""
        if name not in COMMANDS:
            return None
        try:
            module = import_module(f"justice_data_lab.commands.{name}")
        except ModuleNotFoundError as error:
            raise _not_installed(name, error) from error
        command: click.Command = getattr(module, name)
        _keep_examples(command)
        return command

    def invoke(self, context: click.Context) -> object:
        """Run a command; a mistake in how it was called is said in one line, like any other."""
        try:
            return super().invoke(context)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            from justice_data_lab.commands import CouldNotRun

            place = error.ctx.command_path if error.ctx else "jdl"
            raise CouldNotRun(f"{error.format_message()} See {place} --help.") from error

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names with their lines, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _not_installed(name: str, error: ModuleNotFoundError) -> click.ClickException:
    """Say what to install for a command whose library is not there."""
    from justice_data_lab.commands import CouldNotRun

    if (error.name or "").startswith("justice_data_lab"):
        raise error
    extra = "estimate" if name in ("estimate", "power") else "lab"
    return CouldNotRun(
        f"{name} needs {error.name}, which is not installed: "
        f"pip install 'justice-data-lab[{extra}]'"
    )


def _keep_examples(command: click.Command) -> None:
    r"""Turn the two characters \b of a raw docstring into the mark that keeps lines as they are."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    if isinstance(command, click.Group):
        for part in command.commands.values():
            _keep_examples(part)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="justice-data-lab", prog_name="jdl", message="%(prog)s %(version)s"
)
def main() -> None:
    """Justice Data Lab: everything that `dbt build` does not do."""
    os.umask(0o077)  # what is written is its owner's


if __name__ == "__main__":
    main()
