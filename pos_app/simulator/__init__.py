"""A Daraja that runs on this machine: OAuth, M-PESA Express push and query, callbacks, and the customers' phones."""

from pos_app.simulator.bodies import HttpReply, Json
from pos_app.simulator.checks import Request
from pos_app.simulator.faults import Fault, parse_fault
from pos_app.simulator.mpesa import OAUTH_PATH, PUSH_PATH, QUERY_PATH, Mpesa
from pos_app.simulator.options import Choice, Prompt, SimulatorOptions
from pos_app.simulator.server import Simulator
from pos_app.simulator.world import World

__all__ = [
    "OAUTH_PATH",
    "PUSH_PATH",
    "QUERY_PATH",
    "Choice",
    "Fault",
    "HttpReply",
    "Json",
    "Mpesa",
    "Prompt",
    "Request",
    "Simulator",
    "SimulatorOptions",
    "World",
    "parse_fault",
]
