"""``python -m backchannel`` is the command line."""

from backchannel.faces.cli.app import main

if __name__ == "__main__":
    main()
