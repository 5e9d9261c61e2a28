#!/usr/bin/env python3
"""Runs the portal's commands."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longsha_credit.settings")
    from django.core.management import execute_from_command_line

    from longsha_credit.embedded import for_command

    with for_command(sys.argv):
        execute_from_command_line(sys.argv)
