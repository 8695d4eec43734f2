"""How far maps are from double precision: PyTorch's in float32 and those of xai-explain.

The part of compare.py behind --accuracy.
"""

import datetime
import pathlib
import statistics
import sys
import tempfile

import safetensors.torch
import torch

import explain
import explain_data
import machine
import pytorch_network
import pytorch_reference
from programs import Failed, run, verdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = 1e-3
BASELINES = 16
# What would take hours is measured on one image and with fewer samples; a sample is as exact as ever.
REDUCED = {
    "integrated-gradients-smooth-grad": '{"samples": 3}', "rise": '{"masks": 300}',
    "lime": '{"samples": 300}', "kernel-shap": '{"samples": 300}', "dasp": '{"steps": 1}',
}
ALGORITHMS = {"default": (), "direct": ("--convolutions", "direct"),
              "fastest": ("--convolutions", "fastest")}


def deviations(maps, reference):
    """Of each image: max |difference| / max |reference|."""
    maps, reference = maps.double().flatten(1), reference.double().flatten(1)
    scale = reference.abs().amax(1)
    difference = (maps - reference).abs().amax(1)
    # A map of zeros has no scale of its own.
    return torch.where(scale > 0, difference / scale, difference).tolist()


def cell(values):
    """The worst image, the median image, and how many are over the limit."""
    over = sum(value > LIMIT for value in values)
    return (f"{max(values):.0e} ({statistics.median(values):.0e})"
            + (f", {over} over" if over else ""))


def as_reference(data, dtype):
    """The file's tensors in a floating-point type; the targets as they are."""
    return {name: tensor.to(dtype) if tensor.is_floating_point() else tensor
            for name, tensor in data.items()}


def ours_under(ours, method, options, images="batch"):
    """Maps of a method under each choice of convolutions."""
    maps = {}
    for algorithm, words in ALGORITHMS.items():
        run(ours.command(method, images, options) + list(words), ours.options.threads)
        maps[algorithm] = next(iter(safetensors.torch.load_file(ours.raw).values()))
    return maps


def choice(maps):
    """Which algorithm the default is, told by its bytes."""
    return next((name for name in ("direct", "fastest")
                 if torch.equal(maps["default"], maps[name])), "its own")


def against_double(ours, data, single, double):
    """The rows of methods that PyTorch can compute too."""
    lines, missed = [], 0
    for title, (method, options, explain_in_pytorch) in pytorch_reference.ROWS.items():
        print(f"{title} ...", file=sys.stderr, flush=True)
        reference = explain_in_pytorch(double, as_reference(data, torch.float64)).detach()
        rounded = explain_in_pytorch(single, as_reference(data, torch.float32)).detach()
        maps = ours_under(ours, method, options)
        errors = {name: deviations(values, reference) for name, values in maps.items()}
        met = max(errors["default"]) <= LIMIT
        missed += not met
        note = ""
        if not met and max(deviations(rounded, reference)) > LIMIT:
            note = ", by PyTorch's float32 too"
        lines.append(
            f"| {title} | {cell(deviations(rounded, reference))} | {cell(errors['direct'])} "
            f"| {cell(errors['fastest'])} | {choice(maps)} | {verdict(met)}{note} |")
    return lines, missed


def against_direct(ours):
    """The rows of all other methods: how much the fastest convolutions change."""
    text, _ = run([f"{ours.options.programs}/xai-explain", "methods", "--json"], 1)
    done = {method for method, options, _ in pytorch_reference.ROWS.values()}
    lines = []
    for method in explain.identifiers(text):
        if method in done:
            continue
        print(f"{method} ...", file=sys.stderr, flush=True)
        baseline = "baselines" if method in explain.DISTRIBUTIONS else "zero"
        options, images, note = ("--baseline-tensor", baseline), "batch", ""
        if method in REDUCED:
            options, images = (*options, "--parameters", REDUCED[method]), "image"
            note = f", one image, {REDUCED[method]}"
        try:
            maps = ours_under(ours, method, options, images)
        except Failed as failure:
            print(f"{method} is left out: {str(failure).splitlines()[-1]}", file=sys.stderr)
            continue
        lines.append(
            f"| {method}{note} | {cell(deviations(maps['fastest'], maps['direct']))} "
            f"| {choice(maps)} |")
    return lines


def measured(options):
    """Measures everything; gives the Markdown text."""
    if options.data == "shapes":
        raise Failed("--accuracy needs real images: give their folder with --data")
    torch.set_num_threads(options.threads)
    single, _ = pytorch_network.load(options.checkpoint)
    double = pytorch_reference.in_double(pytorch_network.load(options.checkpoint)[0])
    with tempfile.TemporaryDirectory(prefix="swift-xai-") as folder:
        path = f"{folder}/data.safetensors"
        targets = explain_data.write(
            path, options.checkpoint, options.data, single, batch=options.images,
            baselines=BASELINES, noisy=options.images)
        ours = explain.Ours(options, options.checkpoint, path, targets, folder)
        data = safetensors.torch.load_file(path)
        rows, missed = against_double(ours, data, single, double)
        others = against_direct(ours)
    lines = [
        f"Largest |difference| from float64 by the largest |value| of the map: the worst of "
        f"{options.images} images (the median one), and how many are over {LIMIT:.0e}. Required of "
        f"the default: at most {LIMIT:.0e}; {len(rows) - missed} of {len(rows)} rows meet it.",
        "",
        "| explanation | PyTorch, float32 | swift-xai, direct | swift-xai, fastest | default "
        "| required |",
        "|---|---:|---:|---:|---|---|", *rows,
        "",
        "Methods without a reference in PyTorch: the same measure of the fastest convolutions from the "
        "direct ones.",
        "",
        "| explanation | fastest from direct | default |", "|---|---:|---|", *others,
        "",
        "Measured " + datetime.datetime.now().strftime("%Y-%m-%d") + " on: "
        + "; ".join(machine.description(ROOT) + [f"PyTorch {torch.__version__}"])
        + f"; {explain_data.describe(options.data)}.",
    ]
    return "\n".join(lines) + "\n"
