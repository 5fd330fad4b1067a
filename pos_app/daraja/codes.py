"""What M-PESA's ResultCodes mean for an STK payment. Data, and for STK only: other APIs use the same numbers for
other things. Codes are text: "SFC_IC0003" is one of them.

Sources: Safaricom's M-PESA Express page (0 1 2 3 4 8 17 1019 1025 1032 1037 2001 2028 8006 SFC_IC0003) and field
reports for the rest. 4999, 2029, E3008 and every code not listed are not final.
"""

from pos_app.domain.payment_event import Result

_CANCELLED = ("1031", "1032")
_EXPIRED = ("1019", "1036", "1037")
_DECLINED = (
    "1 2 3 4 8 11 15 17 18 20 21 24 25 26 29 1001 1025 2001 2006 2028 2040 8006 9999 SFC_IC0003".split()  # noqa: SIM905
)

RESULTS: dict[str, Result] = {
    "0": Result.SUCCESS,
    **dict.fromkeys(_CANCELLED, Result.CANCELLED),
    **dict.fromkeys(_EXPIRED, Result.EXPIRED),
    **dict.fromkeys(_DECLINED, Result.DECLINED),
}

# An access token was refused before the request was looked at: each API has its own way to say so.
TOKEN_REFUSED = frozenset({"404.001.03", "400.003.01", "401.002.01", "401.001"})

# A push refused with one of these surely prompted nobody (rule 3); the value is the reason we store.
NOT_SENT = {
    "400.002.02": "invalid_request",
    "400.002.05": "invalid_request",
    "400.003.02": "invalid_request",
    "401.003.01": "credentials",
    "404.001.01": "404.001.01",
    "404.001.04": "404.001.04",
    "405.001": "405.001",
    "500.003.03": "rate_limit",
}

# These codes have several meanings; only the words of the message tell them apart.
NOT_SENT_IF_SAID = (
    ("500.003.02", "spike arrest", "rate_limit"),
    ("500.001.1001", "wrong credentials", "credentials"),
    ("500.001.1001", "merchant does not exist", "merchant"),
    ("500.001.1001", "unable to lock subscriber", "subscriber_locked"),
)


def result_of(code: str) -> Result:
    """What a ResultCode means; a code nobody has explained is pending: it keeps the payment open."""
    return RESULTS.get(code, Result.PENDING)
