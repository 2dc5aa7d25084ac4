"""`python -m collector` is the command `lukewarm`."""

from collector.cli import main

if __name__ == "__main__":
    main()
