"""`hub`: operator commands, thin as routes. Every user's mistake is one line on standard error, never a traceback."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

import click
from sqlalchemy.exc import DatabaseError

from hub.cli.context import HubContext
from hub.cli.exit_codes import REFUSED, CommandEnd, ExitCodes
from hub.kernel.errors import InvalidInputError
from keys import KeysError
from keys.messages import StatedError

COMMANDS: Mapping[str, tuple[str, str]] = (
    MappingProxyType(  # name → module and object, in the order of the help
        {
            "init": ("hub.cli.init", "init"),
            "demo": ("hub.cli.demo", "demo"),
            "serve": ("hub.cli.serve", "serve"),
            "worker": ("hub.cli.worker", "worker"),
            "import": ("hub.cli.imports", "import_command"),
            "catalogue": ("hub.cli.catalogue", "catalogue_group"),
            "exceptions": ("hub.cli.exceptions", "exceptions_group"),
            "plate": ("hub.cli.plate", "plate"),
            "credential": ("hub.cli.credential", "credential"),
            "verify": ("hub.cli.verify", "verify"),
            "bundle": ("hub.cli.bundle", "bundle"),
            "keys": ("hub.cli.keys", "keys"),
            "log": ("hub.cli.log", "log"),
            "proposals": ("hub.cli.proposals", "proposals_group"),
            "license": ("hub.cli.license", "license_group"),
            "account": ("hub.cli.account", "account"),
            "backup": ("hub.cli.backup", "backup"),
            "restore": ("hub.cli.restore", "restore"),
            "doctor": ("hub.cli.doctor", "doctor"),
        }
    )
)


class Commands(click.Group):
    """Loads a command's module when it is asked for: all of them together take a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        command: click.Command = getattr(import_module(found[0]), found[1])
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: hub init && hub serve. 先运行 hub init，再运行 hub serve。",
)
@click.version_option(package_name="yizhao-hub", prog_name="hub")
@click.pass_context
def cli(context: click.Context) -> None:
    """The license and credential hub. 一照集成。"""
    context.obj = HubContext()
    context.call_on_close(context.obj.close)


def perform(arguments: Sequence[str], exits: ExitCodes) -> int:
    """Run one command to its end; the exit code it chose. What the hub refuses becomes a line and a code.

    Raises: Ended; OSError, KeyboardInterrupt and what nobody foresaw, for the entry to name.
    """
    try:
        with cli.make_context("hub", list(arguments)) as context:
            cli.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except click.ClickException as error:
        error.show()
        is_judging = exits.refused != REFUSED
        return exits.refused if is_judging else error.exit_code
    except _FORESEEN as error:
        raise CommandEnd(exits.refused, exits.line.format(_said(error))) from error
    return 0


_FORESEEN = (StatedError, DatabaseError)


def _said(error: Exception) -> str:
    """The refusal in both languages."""
    match error:
        case InvalidInputError():
            return f"{error.field}: {error.message.en} {error.message.zh}"
        case KeysError() if error.args:
            return f"{error}. {error.message.zh}"
        case StatedError():
            return f"{error} {error.message.zh}"
        case DatabaseError():
            why = (str(error.orig).splitlines() or [""])[0]
            return (
                f"the database does not answer: {why}; check HUB_DATABASE_URL. "
                "数据库无法访问，请检查 HUB_DATABASE_URL。"
            )
    raise AssertionError(error)
