"""Measures PyTorch and swift-xai in turn and prints a Markdown table of the ratios.

Run by Scripts/compare-with-pytorch, which builds the programs and installs PyTorch.
"""

import argparse
import datetime
import json
import os
import pathlib
import statistics
import struct
import sys
import tempfile

import explain
import machine
from programs import Failed, number, run, verdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
TINY = ROOT / "Datasets" / "tiny-imagenet-200"
MEMORY_LIMIT = 3.2e9

# What is compared: row title, job, PyTorch's variants (the fastest counts), required ratio.
ROWS = [
    ("Training, PyTorch float32", "train", ["train-float32"], None),
    ("Training, PyTorch float32 channels_last", "train", ["train-float32-channels-last"], None),
    ("Training, PyTorch float32, the faster of both", "train",
     ["train-float32", "train-float32-channels-last"], 3.5),
    ("Training, PyTorch bfloat16 autocast channels_last", "train",
     ["train-bfloat16-channels-last"], 1.7),
    ("Evaluation, PyTorch float32 channels_last", "eval", ["eval-float32-channels-last"], 2.2),
    ("Evaluation, PyTorch bfloat16 autocast channels_last", "eval",
     ["eval-bfloat16-channels-last"], None),
]


def class_count(checkpoint, architecture):
    """The outputs of a checkpoint's last layer, from the safetensors header."""
    with open(checkpoint, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return header[f"fc{len(architecture['hidden']) + 1}.bias"]["shape"][0]


class Ours:
    """The complete programs: files, decoding, batches, progress and checkpoints included."""

    def __init__(self, options):
        self.options = options
        self.rates = {"train": [], "eval": []}
        self.peaks = {"train": [], "eval": []}
        self.checkpoint = None
        self.limit = []
        help_text, _ = run([f"{options.programs}/xai-eval", "--help"], options.threads)
        if "--limit" in help_text:
            self.limit = ["--limit", str(options.eval_images)]

    def round(self, folder):
        options = self.options
        run_folder = pathlib.Path(folder) / "run"
        command = [
            f"{options.programs}/xai-train", "--data", options.data, "--output", run_folder,
            "--architecture", options.architecture, "--max-steps", str(options.our_steps),
            "--batch-size", str(options.batch_size), "--threads", str(options.threads), "--quiet"]
        if options.data != "shapes":
            # Validation is no part of the rate; a small share keeps the round short.
            command += ["--validation-fraction", "0.02"]
        _, peak = run(command, options.threads)
        summary = (run_folder / "summary.json").read_text(encoding="utf-8")
        self.rates["train"].append(number(summary, "images_per_second", "summary.json"))
        self.peaks["train"].append(peak)

        files = [run_folder / "bestmodel.safetensors", run_folder / "last.safetensors"]
        self.checkpoint = next((file for file in files if file.exists()), None)
        if self.checkpoint is None:
            raise Failed("xai-train left neither bestmodel.safetensors nor last.safetensors")
        text, peak = run(
            [f"{options.programs}/xai-eval", "--checkpoint", self.checkpoint, "--data",
             options.data, "--threads", str(options.threads), "--json", *self.limit],
            options.threads)
        self.rates["eval"].append(number(text, "images_per_second", "xai-eval --json"))
        self.peaks["eval"].append(peak)


class PyTorch:
    """A fresh process per round, so that both sides start alike."""

    def __init__(self, options):
        self.options = options
        self.rates = {}
        self.peaks = []
        self.report = {}

    def round(self, classes):
        options = self.options
        text, _ = run(
            [sys.executable, ROOT / "Scripts/compare/pytorch_vgg.py",
             "--architecture", options.architecture, "--classes", str(classes),
             "--batch-size", str(options.batch_size), "--threads", str(options.threads),
             "--warm-up", str(options.warm_up), "--steps", str(options.steps)], options.threads)
        self.report = json.loads(text.splitlines()[-1])
        for variant, rate in self.report["images_per_second"].items():
            self.rates.setdefault(variant, []).append(rate)
        self.peaks.append(self.report["peak_bytes"])


def spread(values):
    """Median, least and greatest."""
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


def report(options, ours, theirs):
    """The Markdown text."""
    data = "built-in shapes" if options.data == "shapes" else pathlib.Path(options.data).name
    lines = [
        f"Images per second, median (least-greatest) of {options.rounds} alternating rounds, "
        f"batch {options.batch_size}, {options.threads} threads; data: {data}.",
        "",
        "| job | PyTorch | swift-xai | ratio | required |",
        "|---|---:|---:|---:|---:|",
    ]
    for title, job, variants, required in ROWS:
        values = max((theirs.rates[name] for name in variants), key=statistics.median)
        ratio = statistics.median(ours.rates[job]) / statistics.median(values)
        need = f"{required} ({verdict(ratio >= required)})" if required else ""
        lines.append(
            f"| {title} | {spread(values)} | {spread(ours.rates[job])} | {ratio:.2f} | {need} |")
    lines.append("")
    for job, name in (("train", "training"), ("eval", "evaluation")):
        # Decoded pixels are read, not mapped: they are in the page cache and count here.
        cache = pathlib.Path(ours.options.data) / ".xai-cache-64x64"
        decoded = cache.stat().st_size if cache.exists() else 0
        peak = max(ours.peaks[job]) + decoded
        text = (f"- Greatest memory of {name} here: {peak / 1e9:.2f} GB, of which {decoded / 1e9:.2f} GB "
                "are decoded pixels in the page cache")
        if job == "train" and data == TINY.name:
            text += f" (required: at most {MEMORY_LIMIT / 1e9} GB, {verdict(peak <= MEMORY_LIMIT)})"
        lines.append(text + ".")
    lines += [
        "- Greatest resident memory of PyTorch over all variants, with next to no data: "
        f"{max(theirs.peaks) / 1e9:.2f} GB.",
        "- A training step is data, forward, backward and update: SGD with momentum, weight decay, "
        "dropout and batch normalisation as in the thesis.",
        f"- PyTorch: {options.warm_up} steps of warm-up (1 if slow), up to {options.steps} timed, on "
        "decoded images already in memory, which favours it.",
        f"- swift-xai: the complete programs, xai-train for {options.our_steps} steps (its first "
        "included), xai-eval on the test images.",
    ]
    flags = machine.features()
    if not {"avx512_bf16", "amx_bf16"} & set(flags):
        lines.append("- This processor has no bfloat16 instructions: PyTorch emulates them, and "
                     "the bfloat16 rows say little about processors that have them.")
    if options.load_before > 0.5:
        lines.append(f"- **Other work was running** (load {options.load_before:.1f} at the start): "
                     "measure again on an idle machine.")
    lines.append("")
    lines.append("Measured " + datetime.datetime.now().strftime("%Y-%m-%d %H:%M") + " on: "
                 + "; ".join(machine.description(ROOT) + [
                     f"PyTorch {theirs.report['torch']}", f"Python {theirs.report['python']}"]) + ".")
    return "\n".join(lines) + "\n"


def options_from_arguments():
    def positive(text):
        value = int(text)
        if value < 1:
            raise argparse.ArgumentTypeError(f"{text} is not at least 1")
        return value

    parser = argparse.ArgumentParser(
        prog="Scripts/compare-with-pytorch", description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=str(TINY) if TINY.is_dir() else "shapes",
                        help="a folder in Tiny ImageNet's layout, or shapes (default: Tiny "
                        "ImageNet if it is in Datasets/, else shapes)")
    parser.add_argument("--output", help="also write the tables to this file")
    parser.add_argument("--explain", action="store_true", help="also measure explanations, against "
                        "Captum and zennit")
    parser.add_argument("--only", choices=["training", "explain", "randomize", "imported", "evaluate"],
                        help="one part alone: training and evaluation, explanations, or randomization "
                        "tests (needs --checkpoint and a folder of images), an imported VGG-16 at 224x224, or judgements "
                        "of explanations against Quantus (needs --checkpoint)")
    parser.add_argument("--accuracy", action="store_true", help="instead: how far maps are from "
                        "double precision")
    parser.add_argument("--checkpoint", help="the network to explain (default: random parameters)")
    parser.add_argument("--images", type=positive, default=5, help="images of --accuracy and --only evaluate")
    parser.add_argument("--architecture", default=str(ROOT / "Models/vgg16-tiny.json"))
    parser.add_argument("--rounds", type=positive, default=3)
    parser.add_argument("--steps", type=positive, default=4, help="timed steps of PyTorch, at most (slow variants stop earlier)")
    parser.add_argument("--warm-up", type=positive, default=2, help="untimed steps of PyTorch")
    parser.add_argument("--our-steps", type=positive, default=30, help="training steps of xai-train")
    parser.add_argument("--eval-images", type=positive, default=4096,
                        help="test images of xai-eval, where it can stop there")
    parser.add_argument("--batch-size", type=positive, default=64)
    parser.add_argument("--threads", type=positive, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--programs", default=str(ROOT / ".build/release"),
                        help="the folder of xai-train, xai-eval and xai-explain")
    options = parser.parse_args()
    if options.only == "explain":
        options.explain = True
    if (options.accuracy or options.only in ("randomize", "evaluate")) and options.checkpoint is None:
        parser.error("--accuracy, --only randomize and --only evaluate need --checkpoint, a trained network")
    if options.only == "randomize" and options.data == "shapes":
        parser.error("--only randomize needs --data, a folder in Tiny ImageNet's layout")
    options.load_before = os.getloadavg()[0]
    return options


def measured(options):
    """Measures training and evaluation; gives the Markdown text."""
    with open(options.architecture, encoding="utf-8") as file:
        architecture = json.load(file)
    ours, theirs = Ours(options), PyTorch(options)
    for index in range(options.rounds):
        print(f"Round {index + 1} of {options.rounds} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="swift-xai-") as folder:
            ours.round(folder)
            theirs.round(class_count(ours.checkpoint, architecture))
    return report(options, ours, theirs)


def main():
    options = options_from_arguments()
    texts = []
    if options.accuracy:
        import accuracy  # Needs PyTorch in this process, as nothing else here does.
        texts.append(accuracy.measured(options))
    else:
        if options.only == "randomize":
            import randomize  # Reads images as PyTorch's side does.
            texts.append(randomize.measured(options))
        elif options.only == "imported":
            import imported
            texts.append(imported.measured(options))
        elif options.only == "evaluate":
            import evaluate
            texts.append(evaluate.measured(options))
        elif options.only != "explain":
            texts.append(measured(options))
        if options.explain:
            texts.append(explain.measured(options))
    text = "\n".join(texts)
    print(text)
    if options.output:
        pathlib.Path(options.output).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"Scripts/compare-with-pytorch: {failure}")
    except OSError as error:
        sys.exit(f"Scripts/compare-with-pytorch: {error}")
