"""TODO."""


def install() -> None:
    """Add nothing yet."""
