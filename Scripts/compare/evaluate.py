"""Measures Quantus's judgement of explanations and xai-explain's in turn, on the same maps and images.

The part of compare.py behind --only evaluate. Both sides judge the same saliency maps: pixel flipping with as many
steps, faithfulness correlation with as many subsets, maximal sensitivity with as many neighbors, sparseness.
xai-explain is measured as a whole command, from its start to its exit; Quantus by the calls alone.
"""

import json
import pathlib
import statistics
import sys
import tempfile

import machine
from programs import run, run_timed, verdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Quantus wants the values of one channel, and of all, to be multiples of what goes in a step: 48 steps, not our 32.
STEPS, SUBSETS, NEIGHBORS = 48, 300, 10
REQUIRED = 3
ROWS = [
    ("pixel-flipping", f"Pixel flipping, {STEPS} steps"),
    ("faithfulness-correlation", f"Faithfulness correlation, {SUBSETS} subsets"),
    ("maximal-sensitivity", f"Maximal sensitivity, {NEIGHBORS} neighbors, saliency"),
    ("sparseness", "Sparseness (ours: five numbers of complexity)"),
]
# What each row asks of `xai-explain evaluate --given`.
PARAMETERS = {
    "pixel-flipping": {"curve.sizes": {"steps": STEPS}, "curve.black.morf": {"baseline": "black", "order": "morf"},
                       "auc.black.morf": {"baseline": "black", "order": "morf"}},
    "faithfulness-correlation": {"subsets": {"shares": [0.02, 0.1, 0.3]}, "subsets.drop.zero": {"baseline": "zero"},
                                 "faithfulnessCorrelation.zero": {}},
    "maximal-sensitivity": {"robustness.maps": {"names": ["saliency"]}, "robustness.maxSensitivity": {}},
    "sparseness": {"complexity": {}},
}


def ours(options, name, folder, checkpoint, targets):
    """Seconds of whole commands, and the greatest memory of them."""
    program = f"{options.programs}/xai-explain"
    words = [str(target) for target in targets]
    common = ["--checkpoint", checkpoint, "--threads", str(options.threads), "--quiet"]
    seconds, peak = 0.0, 0
    if name == "maximal-sensitivity":
        # The maps of the neighbors are part of the work, as they are of Quantus's.
        repeated = [word for word in words for _ in range(NEIGHBORS)]
        _, peak, seconds = run_timed(
            [program, "attribute", *common, "--tensor", f"{folder}/neighbors.safetensors:images", "--target",
             ",".join(repeated), "--method", "saliency", "--convolutions", "fastest", "--raw",
             f"{folder}/neighbor-maps.safetensors"],
            options.threads)
    _, more, own = run_timed(
        [program, "evaluate", *common, "--tensor", f"{folder}/images.safetensors:images", "--target", ",".join(words), "--convolutions", "fastest",
         "--given", f"{folder}/{name}.safetensors", "--raw", f"{folder}/scores.safetensors"], options.threads)
    return seconds + own, max(peak, more)


def theirs(options, folder, *words):
    """Quantus in a process of its own: what quantus_measures.py prints."""
    text, _ = run([sys.executable, ROOT / "Scripts/compare/quantus_measures.py", folder, "--threads",
                   str(options.threads), *words], options.threads)
    return json.loads(text.splitlines()[-1])


def measured(options):
    """Measures; gives the Markdown text."""
    with tempfile.TemporaryDirectory(prefix="swift-xai-") as folder:
        words = ["--checkpoint", options.checkpoint, "--data", options.data, "--images", str(options.images),
                 "--program", f"{options.programs}/xai-explain"]
        prepared = theirs(options, folder, "--prepare", *words)
        defaults = theirs(options, folder, "--defaults", "--checkpoint", options.checkpoint)
        seconds = {side: {name: [] for name, _ in ROWS} for side in ("ours", "theirs")}
        peaks = []
        for index in range(options.rounds):
            print(f"Round {index + 1} of {options.rounds} ...", file=sys.stderr, flush=True)
            for name, _ in ROWS:
                own, peak = ours(options, name, folder, options.checkpoint, prepared["targets"])
                seconds["ours"][name].append(own)
                peaks.append(peak)
            found = theirs(options, folder, "--measure", "--checkpoint", options.checkpoint)
            for name, _ in ROWS:
                seconds["theirs"][name].append(found["seconds"][name])
    return report(options, prepared, seconds, defaults, max(peaks))


def span(values):
    """Median, least and greatest."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def report(options, prepared, seconds, defaults, peak):
    """The Markdown text."""
    lines = [
        f"Judging saliency maps of {options.images} {prepared['images']}, {options.threads} threads; seconds, median "
        f"(least-greatest) of {options.rounds} alternating rounds. swift-xai: whole commands; Quantus: its calls alone.",
        "",
        "| measure | Quantus | swift-xai | ratio | required | Quantus's defaults, seconds for one image |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, title in ROWS:
        own, other = seconds["ours"][name], seconds["theirs"][name]
        ratio = statistics.median(other) / statistics.median(own)
        lines.append(f"| {title} | {span(other)} | {span(own)} | {ratio:.2f} | {REQUIRED} "
                     f"({verdict(ratio >= REQUIRED)}) | {defaults['seconds'][name]:.2f} |")
    lines += ["", f"- Greatest memory of swift-xai: {peak / 1e9:.2f} GB."]
    if options.load_before > 0.5:
        lines.append(f"- **Other work was running** (load {options.load_before:.1f} at the start): measure again on "
                     "an idle machine.")
    lines += ["", "Measured on: " + "; ".join(machine.description(ROOT) + [
        f"PyTorch {defaults['torch']}", f"Quantus {defaults['quantus']}"]) + "."]
    return "\n".join(lines) + "\n"
