"""A Daraja that runs on this machine: OAuth, M-PESA Express push and query, callbacks, the customers' phones, and the
portal's statement of the money.
"""

from pos_app.simulator.bodies import HttpReply, Json
from pos_app.simulator.checks import Request
from pos_app.simulator.faults import Fault, parse_fault
from pos_app.simulator.mpesa import OAUTH_PATH, PUSH_PATH, QUERY_PATH, Mpesa
from pos_app.simulator.options import Choice, Prompt, SimulatorOptions
from pos_app.simulator.portal import PAY_PATH, REVERSE_PATH, STATEMENT_PATH, SWEEP_PATH
from pos_app.simulator.pull import PULL_PATH, REGISTER_PATH
from pos_app.simulator.record import MoneyRecord
from pos_app.simulator.server import Simulator
from pos_app.simulator.statement import FORMATS, ShopAccount, day_statement
from pos_app.simulator.world import World

__all__ = [
    "FORMATS",
    "OAUTH_PATH",
    "PAY_PATH",
    "PULL_PATH",
    "PUSH_PATH",
    "QUERY_PATH",
    "REGISTER_PATH",
    "REVERSE_PATH",
    "STATEMENT_PATH",
    "SWEEP_PATH",
    "Choice",
    "Fault",
    "HttpReply",
    "Json",
    "MoneyRecord",
    "Mpesa",
    "Prompt",
    "Request",
    "ShopAccount",
    "Simulator",
    "SimulatorOptions",
    "World",
    "day_statement",
    "parse_fault",
]
