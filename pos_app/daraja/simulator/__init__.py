"""A Daraja that runs on this machine: OAuth, M-PESA Express push and query, callbacks, and the customers' phones."""

from pos_app.daraja.simulator.bodies import Json, Reply
from pos_app.daraja.simulator.checks import Request
from pos_app.daraja.simulator.faults import Fault, parse_fault
from pos_app.daraja.simulator.mpesa import OAUTH_PATH, PUSH_PATH, QUERY_PATH, Mpesa, World
from pos_app.daraja.simulator.options import Choice, Options, Prompt
from pos_app.daraja.simulator.server import Simulator

__all__ = [
    "OAUTH_PATH",
    "PUSH_PATH",
    "QUERY_PATH",
    "Choice",
    "Fault",
    "Json",
    "Mpesa",
    "Options",
    "Prompt",
    "Reply",
    "Request",
    "Simulator",
    "World",
    "parse_fault",
]
