"""Writes Tests/XAIAttributionTests/Fixtures/network*/zennit.safetensors: maps of zennit in float64.

Each array is what a composite of zennit 0.5.1 brings to the images of a fixture network from 1 at their
targets, batch norm merged by SequentialMergeBatchNorm. `low` and `high` are the bounds of the box rule, one
for each channel: black and white under the normalization below. `wSquare.noBias` zeroes biases, which
zennit squares and the paper does not have.

The canonizer of zennit 0.5.1 merges batch norm with its eps, but leaves the eps where it was, so that what
is left of batch norm still divides by sqrt(1 + eps): logits of the fixture networks move by up to 4e-5 of
the largest. Merging must not change the function, so the eps is set to 0 here, and logits are compared.

    python3 Scripts/compare/zennit_fixtures.py

writes both files again; they are the same bytes with the same versions of torch and zennit.
"""

import pathlib

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from zennit import composites, rules
from zennit.attribution import Gradient
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.types import Linear

import pytorch_network

FIXTURES = pathlib.Path(__file__).parents[2] / "Tests/XAIAttributionTests/Fixtures"
ARCHITECTURES = {
    "A": {"input": [3, 16, 16], "stacks": [[8, 8], [16, 16]], "hidden": [32, 24], "classes": 10},
    "B": {"input": [3, 24, 16], "stacks": [[6], [10, 12, 12]], "hidden": [20], "classes": 5},
}
MEAN = torch.tensor([0.48, 0.45, 0.40], dtype=torch.float64)
DEVIATION = torch.tensor([0.22, 0.24, 0.26], dtype=torch.float64)
LOW, HIGH = -MEAN / DEVIATION, (1 - MEAN) / DEVIATION


def everywhere(rule):
    """A rule in every convolution and dense layer, and what all of zennit's composites do besides."""
    return lambda **words: composites.LayerMapComposite(
        composites.layer_map_base() + [(Linear, rule)], **words)


def box(**parameters):
    """EpsilonGammaBox with the bounds of the file."""
    return lambda **words: composites.EpsilonGammaBox(
        low=LOW.reshape(1, 3, 1, 1), high=HIGH.reshape(1, 3, 1, 1), **parameters, **words)


COMPOSITES = {
    "gamma": everywhere(rules.Gamma(gamma=0.25)),
    "gamma.1": everywhere(rules.Gamma(gamma=1, stabilizer=1e-3)),
    "flat": everywhere(rules.Flat()),
    "wSquare": everywhere(rules.WSquare()),
    "wSquare.noBias": everywhere(rules.WSquare(zero_params="bias")),
    "epsilonPlus": composites.EpsilonPlus,
    "epsilonPlus.0.1": lambda **words: composites.EpsilonPlus(epsilon=0.1, stabilizer=0.01, **words),
    "epsilonPlusFlat": composites.EpsilonPlusFlat,
    "epsilonAlpha2Beta1": composites.EpsilonAlpha2Beta1,
    "epsilonAlpha2Beta1Flat": composites.EpsilonAlpha2Beta1Flat,
    "epsilonGammaBox": box(),
    "epsilonGammaBox.0.5": box(gamma=0.5, epsilon=0.1, stabilizer=0.01),
}


def model(name):
    """A fixture network in float64."""
    architecture = ARCHITECTURES[name]
    network = pytorch_network.network(architecture, architecture["classes"]).double()
    state = load_file(FIXTURES / f"network{name}/parameters.safetensors")
    names = set(network.state_dict())
    network.load_state_dict(
        {key: value.double() for key, value in state.items() if key in names}, strict=False)
    return network


def relevance(network, composite, images, targets):
    """What a composite brings to the input from 1 at the targets."""
    seed = torch.nn.functional.one_hot(targets, network[-1].out_features).double()
    norms = [layer for layer in network if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d))]
    logits = network(images)
    with Gradient(network, composite(canonizers=[SequentialMergeBatchNorm()])) as attributor:
        epsilons = [norm.eps for norm in norms]
        for norm in norms:
            norm.eps = 0.0
        merged, maps = attributor(images, seed)
        for norm, epsilon in zip(norms, epsilons):
            norm.eps = epsilon
    torch.testing.assert_close(merged, logits, rtol=1e-12, atol=1e-12)
    return maps.detach()


def main():
    for name in ARCHITECTURES:
        network = model(name)
        inputs = load_file(FIXTURES / f"network{name}/inputs.safetensors")
        images, targets = inputs["images"].double(), inputs["targets"].long()
        arrays = {"low": LOW, "high": HIGH}
        for key, composite in COMPOSITES.items():
            arrays[key] = relevance(network, composite, images, targets)
        arrays = {key: value.float().contiguous() for key, value in arrays.items()}
        save_file(arrays, FIXTURES / f"network{name}/zennit.safetensors")
        for key, value in arrays.items():
            print(name, key, list(value.shape), f"sums {value.flatten(1).sum(1).tolist()}"
                  if value.ndim == 4 else value.tolist())


if __name__ == "__main__":
    main()
