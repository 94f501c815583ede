"""``python -m flows.command``: the command where no script is installed, as the stack's children use it."""

import sys

from flows.command.main import main

if __name__ == "__main__":
    sys.exit(main())
