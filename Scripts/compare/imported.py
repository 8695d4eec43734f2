"""Measures explanations of torchvision's VGG-16 at 224x224: Captum's, and xai-explain's after import.

The part of compare.py behind --only imported. The network has torchvision's names and random weights; xai-explain
imports the file that torch.save wrote.
"""

import argparse
import collections
import json
import sys
import tempfile

import explain
import machine
from programs import run

STACKS = [[64, 64], [128, 128], [256] * 3, [512] * 3, [512] * 3]
JOBS = [
    explain.Job("saliency", "Saliency", "saliency", 2),
    explain.Job("integrated-gradients-50", "Integrated gradients, 50 steps", "integrated-gradients", 2,
                ("--baseline-tensor", "zero", "--ig-steps", "50", "--ig-rule", "gauss-legendre"),
                repeat=3),
]


def state_dictionary():
    """Random weights of VGG-16 under torchvision's names, He normal so that logits are of order one."""
    import torch
    generator = torch.Generator().manual_seed(0)
    state = collections.OrderedDict()

    def layer(name, *shape):
        fan_in = torch.Size(shape[1:]).numel()
        state[f"{name}.weight"] = torch.randn(shape, generator=generator) * (2 / fan_in) ** 0.5
        state[f"{name}.bias"] = torch.zeros(shape[0])

    channels, number = 3, 0
    for stack in STACKS:
        for features in stack:
            layer(f"features.{number}", features, channels, 3, 3)
            channels, number = features, number + 2
        number += 1
    layer("classifier.0", 4096, channels * 7 * 7)
    layer("classifier.3", 4096, 4096)
    layer("classifier.6", 1000, 4096)
    return state


def report(options, ours, theirs, deviations):
    """The Markdown text."""
    lines = [
        f"torchvision's VGG-16 with random weights, imported by `xai-explain import`; one 3x224x224 image, "
        f"{options.threads} threads; median (least-greatest) of {options.rounds} alternating rounds.",
        "",
        *explain.rows(JOBS, ours, theirs, deviations),
    ]
    if options.load_before > 0.5:
        lines += ["", f"- **Other work was running** (load {options.load_before:.1f} at the start): "
                  "measure again on an idle machine."]
    lines += ["", "Measured on: " + "; ".join(machine.description(explain.ROOT) + [
        f"{name} {version}" for name, version in theirs.versions.items()]) + "."]
    return "\n".join(lines) + "\n"


def measured(options):
    """Measures everything; gives the Markdown text. PyTorch stays out of this process."""
    with tempfile.TemporaryDirectory(prefix="swift-xai-") as folder:
        state, network = f"{folder}/vgg16.pth", f"{folder}/vgg16.safetensors"
        run([sys.executable, __file__, state], options.threads)
        run([f"{options.programs}/xai-explain", "import", "--network", "vgg16", "--checkpoint", state,
             "--preprocessing", "imagenet", "--output", network, "--quiet"], options.threads)
        data = f"{folder}/data.safetensors"
        text, _ = run([sys.executable, explain.ROOT / "Scripts/compare/explain_data.py", "--data",
                       options.data, "--output", data, "--checkpoint", network, "--batch", "1",
                       "--baselines", "1"], options.threads)
        targets = json.loads(text.splitlines()[-1])["targets"]
        ours = explain.Ours(options, network, data, targets, folder)
        theirs = explain.Captum(options, network, data, folder)
        deviations = {}
        for index in range(options.rounds):
            for job in JOBS:
                print(f"Round {index + 1} of {options.rounds}: {job.title} at 224x224 ...",
                      file=sys.stderr, flush=True)
                ours.measure(job)
                theirs.measure(job)
                deviations[job.name] = explain.deviation(ours.raw, theirs.maps, job.name)
        return report(options, ours, theirs, deviations)


def main():
    parser = argparse.ArgumentParser(description="Writes the state dictionary with torch.save.")
    parser.add_argument("output")
    import torch
    torch.save(state_dictionary(), parser.parse_args().output)


if __name__ == "__main__":
    main()
