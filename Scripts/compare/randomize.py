"""Measures a randomization test by a loop over Captum and by xai-explain in turn.

The part of compare.py behind --only randomize.
"""

import dataclasses
import datetime
import json
import pathlib
import re
import statistics
import sys
import tempfile

import explain
import machine
from programs import Failed, run, run_timed, verdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
SALIENCY_LIMIT = 2.0
PHASES = ("maps of the original network", "maps of randomized networks")


@dataclasses.dataclass(frozen=True)
class Job:
    """A row: the method, how many images, what is required."""

    method: str
    title: str
    images: int
    required: float | None
    options: tuple = ()


JOBS = [
    Job("integrated-gradients", "Integrated gradients, 200 steps, 1 image x 13 layers", 1, 5,
        ("--baseline", "zero", "--ig-steps", "200")),
    Job("saliency", "Saliency, 5 images x 13 layers", 5, None),
]


def ours(options, job, checkpoint, folder):
    """Seconds of the maps, of the whole command, and memory."""
    images = [path.name for path in explain_files(options, job.images)]
    text, peak, seconds = run_timed(
        [f"{options.programs}/xai-explain", "randomize", "--checkpoint", checkpoint, "--data",
         options.data, "--samples", ",".join(images), "--method", job.method, "--seeds", "1",
         "--without", "controls,health,convergence,strips", "--threads", str(options.threads), "--quiet", "--profile", "--output", f"{folder}/out", *job.options],
        options.threads)
    phases = dict((name, float(value)) for value, name in
                  re.findall(r"^([\d.]+) s +[\d.]+ % +(.+)$", text, re.MULTILINE))
    if any(name not in phases for name in PHASES):
        raise Failed(f"xai-explain --profile printed no seconds of {PHASES}: {text[:500]}")
    return sum(phases[name] for name in PHASES), seconds, peak


def explain_files(options, count):
    """The images that the other side takes."""
    import explain_data
    return explain_data.image_files(options.data, count)


def theirs(options, job, checkpoint, layout):
    """What pytorch_randomize.py reports."""
    text, _ = run(
        [sys.executable, ROOT / "Scripts/compare/pytorch_randomize.py", "--checkpoint", checkpoint,
         "--data", options.data, "--threads", str(options.threads), "--images", str(job.images),
         "--method", job.method, *explain.Captum.LAYOUTS[layout]], options.threads)
    return json.loads(text.splitlines()[-1])


def measured(options):
    """Measures everything; gives the Markdown text."""
    lines = [
        f"One seed, cascading, {options.threads} threads; median (least-greatest) of "
        f"{options.rounds} alternating rounds.", "",
        "| test | loop over Captum | its layout | swift-xai, maps | its whole command | our memory "
        "| ratio | required |", "|---|---:|---|---:|---:|---:|---:|---:|"]
    for job in JOBS:
        rival = {layout: [] for layout in explain.Captum.LAYOUTS}
        maps, whole, peaks, versions = [], [], [], {}
        for index in range(options.rounds):
            print(f"Round {index + 1} of {options.rounds}: {job.title} ...", file=sys.stderr,
                  flush=True)
            with tempfile.TemporaryDirectory(prefix="swift-xai-") as folder:
                seconds, command, peak = ours(options, job, options.checkpoint, folder)
            maps.append(seconds)
            whole.append(command)
            peaks.append(peak)
            for layout, seconds in rival.items():
                found = theirs(options, job, options.checkpoint, layout)
                seconds.append(found["seconds"])
                versions = found["versions"]
        layout = min(rival, key=lambda name: statistics.median(rival[name]))
        ratio = statistics.median(rival[layout]) / statistics.median(maps)
        command = statistics.median(whole)
        required = (f"{job.required} ({verdict(ratio >= job.required)})" if job.required else
                    f"{SALIENCY_LIMIT:.0f} s in all ({verdict(command <= SALIENCY_LIMIT)})")
        lines.append(
            f"| {job.title} | {explain.span(rival[layout])} | {layout} | {explain.span(maps)} "
            f"| {explain.span(whole)} | {max(peaks) / 1e9:.2f} GB | {ratio:.2f} | {required} |")
    lines += [
        "", "- Both sides draw the same number of random layers (He normal, batch norm reset) and explain "
        "every network; the ratio is that of these phases. Our whole command also starts, loads, "
        "compares the maps by every measure, and writes the report.",
        "- Without controls, health, convergence and strips of heatmaps, which the loop does not make either."]
    if options.load_before > 0.5:
        lines.append(f"- **Other work was running** (load {options.load_before:.1f} at the start): "
                     "measure again on an idle machine.")
    lines += ["", "Measured " + datetime.datetime.now().strftime("%Y-%m-%d %H:%M") + " on: "
              + "; ".join(machine.description(ROOT) + [
                  f"{name} {version}" for name, version in versions.items()]) + "."]
    return "\n".join(lines) + "\n"
