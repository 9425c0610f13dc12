"""Run the command line with ``python -m kg.cli``."""

from kg.cli.main import main

main(prog_name="immunograph")
