"""What sales needs from the outside, by shape. Store, Daraja and the tests' fakes fit these."""

from pos_app.sales.ports.outside import (
    Clock,
    ErasureKeys,
    Gateway,
    Passphrases,
    PullGateway,
    Route,
    Safe,
    ShopFeed,
    StatementFiles,
)
from pos_app.sales.ports.reading import Reader
from pos_app.sales.ports.writing import Transaction, Writer

__all__ = [
    "Clock",
    "ErasureKeys",
    "Gateway",
    "Passphrases",
    "PullGateway",
    "Reader",
    "Route",
    "Safe",
    "ShopFeed",
    "StatementFiles",
    "Transaction",
    "Writer",
]
