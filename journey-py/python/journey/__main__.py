"""`python -m journey` is the program `journey`."""

import sys

from ._cli import main

sys.argv[0] = "journey"
sys.exit(main())
