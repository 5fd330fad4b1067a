"""Where a callback says it comes from: a hint for whoever reads the journal, and never evidence.

The tunnel or the reverse proxy names the sender in a header, which anybody else can write too.
"""

# As Safaricom publishes them, in the order of its go-live letter.
SAFARICOM = frozenset(
    {
        "196.201.214.200",
        "196.201.214.206",
        "196.201.213.114",
        "196.201.214.207",
        "196.201.214.208",
        "196.201.213.44",
        "196.201.212.127",
        "196.201.212.138",
        "196.201.212.129",
        "196.201.212.136",
        "196.201.212.74",
        "196.201.212.69",
    }
)
PUBLISHED = "the tunnel names one of Safaricom's published addresses as the sender"
OTHER = "the tunnel names a sender that is none of Safaricom's published addresses"


def sender_hint(forwarded_for: str | None) -> str | None:
    """What the header says, in words for the journal; None where there is none.

    Args:
        forwarded_for: X-Forwarded-For; its last entry is the one that the nearest proxy wrote.
    """
    if not forwarded_for:
        return None
    return PUBLISHED if forwarded_for.rpartition(",")[2].strip() in SAFARICOM else OTHER
