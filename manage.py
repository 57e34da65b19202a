#!/usr/bin/env python
"""lapasprog's commands. `manage.py up` runs the whole product on one machine."""

import os
import sys

from lapasprog import embedded


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")
    from django.core.management import execute_from_command_line

    with embedded.services_for(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
