"""`python -m lemmata.proofs.cli`, where the script is not on the path."""

from .main import main

if __name__ == "__main__":
    main()
