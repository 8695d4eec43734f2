"""PyTorch's side of the comparison of randomization tests: a loop over Captum, timed.

Run by randomize.py, once per round. Prints one JSON object: seconds, memory, versions.
"""

import argparse
import json
import platform
import resource
import time
from importlib import metadata

import torch
from captum import attr
from torch import nn

import explain_data
import pytorch_network

IG_STEPS = 200


def randomize(model, index):
    """Layer number `index`: He normal weights, zero bias, its batch norm as it begins."""
    layer = model[index]
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    if index + 1 < len(model) and isinstance(model[index + 1], (nn.BatchNorm1d, nn.BatchNorm2d)):
        model[index + 1].reset_parameters()


def explain(model, method, images, targets):
    """The maps of all images, one after the other, as Captum's integrated gradients need it."""
    if method == "saliency":
        return attr.Saliency(model).attribute(images, target=targets)
    explainer = attr.IntegratedGradients(model)
    return torch.cat([
        explainer.attribute(images[index:index + 1], target=int(targets[index]),
                            n_steps=IG_STEPS, method="gausslegendre")
        for index in range(len(images))])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--images", type=int, required=True)
    parser.add_argument("--method", choices=["saliency", "integrated-gradients"], required=True)
    parser.add_argument("--channels-last", action="store_true")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model, _ = pytorch_network.load(options.checkpoint)
    images = explain_data.normalised(options.checkpoint, options.data, options.images)
    if options.channels_last:
        model = model.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    with torch.no_grad():
        targets = model(images).argmax(1)
    layers = [index for index, layer in enumerate(model)
              if isinstance(layer, (nn.Conv2d, nn.Linear))]
    start = time.perf_counter()
    maps = [explain(model, options.method, images, targets)]
    for index in reversed(layers):
        randomize(model, index)
        maps.append(explain(model, options.method, images, targets))
    print(json.dumps({
        "seconds": time.perf_counter() - start, "maps": len(maps) * len(images),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "versions": {"PyTorch": torch.__version__, "Captum": metadata.version("captum"),
                     "Python": platform.python_version()},
    }))


if __name__ == "__main__":
    main()
