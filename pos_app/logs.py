"""The log: one line for each step of a payment, in a file for each day, without secrets or full phone numbers."""

import logging
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

from pos_app.domain.phone import mask_in

KEEP_DAYS = 30
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class MaskingFormatter(logging.Formatter):
    """Hides phone numbers, also in tracebacks: the last line of defence, not the first."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return mask_in(super().format(record))


def set_up(folder: Path) -> logging.Handler:
    """Log to `kaunta.log` in the folder, rotated at midnight. Give what this returns to `take_down` at the end."""
    file = TimedRotatingFileHandler(folder / "kaunta.log", when="midnight", backupCount=KEEP_DAYS, encoding="utf-8")
    file.setFormatter(MaskingFormatter(_FORMAT))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(file)
    for chatty in ("httpx", "httpcore", "asyncio", "pyngrok", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # httpx logs each URL at INFO
    return file


def take_down(handler: logging.Handler) -> None:
    """Log no more to this file."""
    logging.getLogger().removeHandler(handler)
    handler.close()
