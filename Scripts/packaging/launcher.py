"""Starts the programs, which lie beside this file and use no Python."""

import os
import sys

_BIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin")


def _start(name):
    program = os.path.join(_BIN, name)
    try:
        os.execv(program, [name] + sys.argv[1:])
    except OSError as error:
        sys.exit("{}: {} cannot be started: {}".format(name, program, error.strerror))


def train():
    _start("xai-train")


def evaluate():
    _start("xai-eval")


def explain():
    _start("xai-explain")
