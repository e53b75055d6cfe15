#!/usr/bin/env python
"""Django's command line, on the embedded servers unless the environment names others."""

import os
import sys

# These need no database; everything else may count on one.
WITHOUT_SERVERS = frozenset(
    {
        *("help", "version", "--help", "-h", "--version"),
        *("makemessages", "compilemessages", "collectstatic", "findstatic", "diffsettings"),
        *("spectacular", "startapp", "startproject", "check_catalogue"),
        *("configure", "bench_configurator", "schedule", "bench_schedule"),
    }
)

# These need no app either; loading all of them takes longer than some of their answers.
WITHOUT_APPS = frozenset({"schedule", "bench_schedule"})


def attach_to_servers(arguments: list[str]) -> None:
    """Settings read the environment only: fill it in before Django reads it."""
    from cosmo.embedded.folders import data_folder

    os.environ.setdefault("NUMBA_CACHE_DIR", str(data_folder().path / "numba"))
    if os.environ.get("DATABASE_URL") or not arguments or arguments[0] in WITHOUT_SERVERS:
        return
    from cosmo.embedded.attach import attach
    from cosmo.embedded.errors import EmbeddedError

    try:
        attach(data_folder()).addresses.export()
    except EmbeddedError as error:
        sys.exit(str(error))


def main() -> None:
    attach_to_servers(sys.argv[1:])
    if len(sys.argv) > 1 and sys.argv[1] in WITHOUT_APPS:
        from importlib import import_module

        import_module(f"production.management.commands.{sys.argv[1]}").Command().run_from_argv(
            sys.argv
        )
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosmo.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
