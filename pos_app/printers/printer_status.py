"""What a receipt printer says of itself, and how it is asked. Many say nothing, and print all the same."""

from pos_app.errors import NotPrinted

ASK_STATE = b"\x10\x04\x02\x10\x04\x04"  # DLE EOT 2, DLE EOT 4: answered at once, a byte each, also while it prints
STATE_BYTES = 2
ASK_DONE = b"\x1dr\x01"  # GS r 1: answered in its turn, once everything before it is printed
_XON_XOFF = b"\x11\x13"
_FIXED, _STATE = 0x93, 0x12  # bits that every answer to DLE EOT has, and their values
_OF_A_PRINTER = 0x91, 0x10  # and those of what a printer may say unasked
_COVER, _STOPPED, _FAULT = 0x04, 0x20, 0x40  # in the first answer
_NO_PAPER = 0x60  # in the second
_DONE_NO_PAPER = 0x0C  # in the answer to GS r 1
_LONGEST = 8  # bytes

_NOTHING = "Nothing was printed."
NO_PAPER = f"The receipt printer has no paper. {_NOTHING} Put a new roll in."
OPEN = f"The receipt printer is open. {_NOTHING} Close its cover."
FAULT = f"The receipt printer reports a fault. {_NOTHING} Switch it off and on again, and see whether paper is stuck."
NO_PRINTER = (
    f"What answers at the printer's address is no receipt printer. {_NOTHING} The owner sees to it in Settings."
)


def must_be_ready(answer: bytes) -> bool:
    """Read what it answered to `ASK_STATE`; gives whether it is one that answers.

    Raises:
        NotPrinted: it cannot print now, or is no printer.
    """
    answer = answer.translate(None, _XON_XOFF)
    if not answer:
        return False
    bits, of_a_printer = _OF_A_PRINTER
    if len(answer) > _LONGEST or answer[0] & bits != of_a_printer:
        raise NotPrinted(NO_PRINTER)
    states = [one for one in answer if one & _FIXED == _STATE]
    if len(states) >= STATE_BYTES:
        _refuse_trouble(*states[-STATE_BYTES:])
    return bool(states)


def _refuse_trouble(state: int, paper: int) -> None:
    if paper & _NO_PAPER or state & _STOPPED:
        raise NotPrinted(NO_PAPER)
    if state & _COVER:
        raise NotPrinted(OPEN)
    if state & _FAULT:
        raise NotPrinted(FAULT)


def is_done(answer: bytes) -> bool:
    """Read what it answered to `ASK_DONE`: whether all of it is on paper."""
    answer = answer.translate(None, _XON_XOFF)
    return bool(answer) and not answer[-1] & _DONE_NO_PAPER
