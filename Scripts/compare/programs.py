"""Runs programs and reads what they print."""

import json
import os
import subprocess
import tempfile
import time


class Failed(Exception):
    """A program did not do what the comparison needs; the text says which."""


def run_timed(command, threads):
    """Runs a program; gives its standard output, greatest resident memory in bytes and seconds."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], stdout=output, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))}\nended with status {process.returncode}:\n"
                         f"{errors.read()[-2000:]}{output.read()[-2000:]}")
        return output.read(), usage.ru_maxrss * 1024, seconds


def run(command, threads):
    """Runs a program; gives its standard output and its greatest resident memory in bytes."""
    output, peak, _ = run_timed(command, threads)
    return output, peak


def number(text, key, source):
    """One number out of a JSON object."""
    try:
        return float(json.loads(text)[key])
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(f"{source} has no number \"{key}\": {text[:300]}") from error


def verdict(met):
    """How a requirement is reported."""
    return "met" if met else "MISSED"
