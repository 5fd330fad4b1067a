"""The log: there for people, without anybody's number."""

import logging
from pathlib import Path

from pos_app import logs


def test_phone_numbers_and_payer_s_digits_are_masked_also_in_tracebacks(tmp_path: Path) -> None:
    handler = logs.set_up(tmp_path)
    log = logging.getLogger("pos_app.test")
    try:
        log.info("payment for %s as ws_CO_23112026140000001712345678", "254712345678")
        try:
            raise ValueError("0712345678 is bad")
        except ValueError:
            log.exception("failed")
    finally:
        logs.take_down(handler)
    text = (tmp_path / "kaunta.log").read_text(encoding="utf-8")
    assert "payment for 712•••678" in text
    assert "ValueError" in text
    assert "12345" not in text.replace("ws_CO_23112026140000001", "")


def test_after_the_end_nothing_is_written(tmp_path: Path) -> None:
    logs.take_down(logs.set_up(tmp_path))
    logging.getLogger("pos_app.test").warning("too late")
    assert (tmp_path / "kaunta.log").read_text(encoding="utf-8") == ""
