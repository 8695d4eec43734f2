"""What a measurement was made on."""

import os
import platform
import re
import subprocess

FEATURES = ["avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16"]


def _field(path, pattern, otherwise="unknown"):
    try:
        with open(path, encoding="utf-8") as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return otherwise
    return found.group(1).strip() if found else otherwise


def _output(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def features():
    """Those of the processor's features that matter here."""
    flags = _field("/proc/cpuinfo", r"^flags\s*:(.*)$", "").split()
    return [name for name in FEATURES if name in flags]


def description(root):
    """Processor, memory, operating system and versions, as a list of phrases."""
    memory = int(_field("/proc/meminfo", r"^MemTotal:\s*(\d+) kB", "0")) * 1024
    swift = re.search(r"Swift version (\S+)", _output("swift", "--version"))
    dnnl = _output("dpkg-query", "--show", "--showformat", "${Version}", "libdnnl-dev")
    commit = _output("git", "-C", str(root), "describe", "--always", "--dirty")
    return [
        _field("/proc/cpuinfo", r"^model name\s*:(.*)$", platform.machine()),
        f"{len(os.sched_getaffinity(0))} cores",
        " ".join(features()) or "no vector extensions of note",
        f"{memory / 1e9:.1f} GB of memory",
        _field("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)'),
        f"Swift {swift.group(1) if swift else 'unknown'}",
        f"oneDNN {dnnl or 'unknown'}",
        f"swift-xai {commit or 'unknown'}",
    ]
