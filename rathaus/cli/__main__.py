"""`python -m rathaus.cli` is `rathaus`."""

from rathaus.cli import main

if __name__ == "__main__":
    main()
