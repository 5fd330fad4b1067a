"""What sales needs from the outside, by shape. Store, Daraja and the tests' fakes fit these."""

from pos_app.sales.ports.outside import Clock, Gateway, Passphrases, Route, Safe
from pos_app.sales.ports.reading import Reader
from pos_app.sales.ports.writing import Transaction, Writer

__all__ = ["Clock", "Gateway", "Passphrases", "Reader", "Route", "Safe", "Transaction", "Writer"]
