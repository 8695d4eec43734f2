"""PyTorch's side of the comparison: the same network, measured in several ways.

Run by compare.py, once per round. Prints one JSON object: images per second of each variant, the
greatest resident memory of this process in bytes, and versions.

The data are decoded images in memory (uint8), normalised per batch: reading files costs nothing
here, which favours PyTorch.
"""

import argparse
import contextlib
import json
import platform
import resource
import time

import torch
from torch import nn

VARIANTS = [
    "train-float32",
    "train-float32-channels-last",
    "train-bfloat16-channels-last",
    "eval-float32-channels-last",
    "eval-bfloat16-channels-last",
]

SLOW_WARM_UP, LONG_ENOUGH = 4, 12  # seconds


def network(architecture, classes):
    """The layers of an architecture file (Models/*.json)."""
    channels, height, width = architecture["input"]
    batch_norm = architecture.get("batchNorm", True)
    pooling = architecture.get("pooling", True)
    dropout = architecture.get("dropout", {})
    layers = []
    for stack in architecture["stacks"]:
        for features in stack:
            layers.append(nn.Conv2d(channels, features, 3, padding=1))
            layers += [nn.BatchNorm2d(features)] if batch_norm else []
            layers += [nn.ReLU(inplace=True), nn.Dropout(dropout.get("convolution", 0.25))]
            channels = features
        if pooling:
            layers.append(nn.MaxPool2d(2))
            height, width = height // 2, width // 2
    layers.append(nn.Flatten())
    features = channels * height * width
    for units in architecture["hidden"]:
        layers.append(nn.Linear(features, units))
        layers += [nn.BatchNorm1d(units)] if batch_norm else []
        layers += [nn.ReLU(inplace=True), nn.Dropout(dropout.get("dense", 0.5))]
        features = units
    layers.append(nn.Linear(features, classes))
    model = nn.Sequential(*layers)
    for layer in model:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, mode="fan_in", nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return model


class Batches:
    """Random batches of decoded images, normalised as in the recipe."""

    def __init__(self, shape, classes, batch):
        count = max(1024, 4 * batch)
        self.images = torch.randint(0, 256, (count, *shape), dtype=torch.uint8)
        self.labels = torch.randint(0, classes, (count,))
        self.mean = self.images.float().div(255).mean(0)
        self.deviation = self.images.float().div(255).sub(self.mean).std()
        self.batch = batch

    def next(self, layout):
        chosen = torch.randint(0, len(self.images), (self.batch,))
        images = self.images[chosen].float().div_(255).sub_(self.mean).div_(self.deviation)
        return images.contiguous(memory_format=layout), self.labels[chosen]


def measure(variant, architecture, classes, batches, warm_up, steps):
    """Images per second of one variant, data and update included."""
    layout = torch.channels_last if "channels-last" in variant else torch.contiguous_format
    model = network(architecture, classes).to(memory_format=layout)
    training = variant.startswith("train")
    model.train(training)

    def precision():
        if "bfloat16" in variant:
            return torch.autocast("cpu", dtype=torch.bfloat16)
        return contextlib.nullcontext()

    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=0.005)
    loss_function = nn.CrossEntropyLoss()

    def train():
        images, labels = batches.next(layout)
        optimizer.zero_grad(set_to_none=True)
        with precision():
            loss = loss_function(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    def evaluate():
        images, labels = batches.next(layout)
        with torch.inference_mode(), precision():
            scores = model(images)
        return (scores.argmax(1) == labels).sum().item()

    # A slow variant gets one step of warm-up and two or more timed ones: rounds stay short.
    step = train if training else evaluate
    began = time.perf_counter()
    for _ in range(warm_up):
        step()
        if time.perf_counter() - began > SLOW_WARM_UP:
            break
    began = time.perf_counter()
    done = 0
    while done < steps and (done < 2 or time.perf_counter() - began < LONG_ENOUGH):
        step()
        done += 1
    return batches.batch * done / (time.perf_counter() - began)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", required=True)
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    with open(options.architecture, encoding="utf-8") as file:
        architecture = json.load(file)
    batches = Batches(architecture["input"], options.classes, options.batch_size)
    rates = {
        variant: measure(
            variant, architecture, options.classes, batches, options.warm_up, options.steps)
        for variant in options.variants
    }
    model = network(architecture, options.classes)
    print(json.dumps({
        "images_per_second": rates,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }))


if __name__ == "__main__":
    main()
