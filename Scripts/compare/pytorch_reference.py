"""Maps in double precision, to measure others against.

Max pooling's ties are settled in the forward pass: a constant baseline makes every value of a pooling
window the same sum, but the matrix products behind PyTorch's double convolutions add up in another
order at other positions, so that rounding chooses the winner, and DeepLIFT's map with it (up to 7 % of
its maximum). Rounding what enters a pooling to 40 bits makes these values equal again, at a relative
cost of 1e-12, and the first one wins, as everywhere else.
"""

import torch
from captum import attr
from torch import nn
from zennit.attribution import Gradient
from zennit.composites import LayerMapComposite, SpecialFirstLayerMapComposite
from zennit.rules import AlphaBeta, Epsilon, Pass, ZBox
from zennit.types import Activation, BatchNorm, Convolution, Linear

import pytorch_network

LOST_BITS = 13
IG_STEPS, NOISE_DEVIATION, WINDOW, STRIDE = 200, 0.15, 8, 4
CHUNK = 50


class SettledTies(nn.Module):
    """Its input without the last bits (Veltkamp 1968); the gradient is that of the identity."""

    def forward(self, values):
        fixed = values.detach()
        multiple = fixed * (2.0 ** LOST_BITS + 1)
        return values * 1 + ((multiple - (multiple - fixed)) - fixed)


def in_double(model):
    """A copy of a network of pytorch_network.py in float64 with settled ties."""
    copy = nn.Sequential()
    for name, layer in model.double().named_children():
        copy.add_module(
            name, SettledTies() if isinstance(layer, pytorch_network.Identity) else layer)
    return copy.eval()


def alpha_beta(alpha):
    """The rules of xai-explain's lrp-aNbM in zennit: no biases, batch norm passes, z^B first."""

    def explain(model, data):
        images = data["batch"]
        rule = AlphaBeta(alpha=alpha, beta=alpha - 1, zero_params="bias", stabilizer=1e-30)
        layers = [(Activation, Pass()), (BatchNorm, Pass()), (Convolution, rule), (Linear, rule)]
        low, high = (torch.full_like(images[:1], 0), torch.full_like(images[:1], 0))
        maps = []
        for image, target in zip(images.split(1), data["targets"]):
            low.fill_(image.min())
            high.fill_(image.max())
            first = ZBox(low, high, zero_params="bias", stabilizer=1e-30)
            composite = SpecialFirstLayerMapComposite(
                layer_map=layers, first_map=[(Convolution, first)])
            maps.append(relevance(model, composite, image, target[None]))
        return torch.cat(maps)

    return explain


def epsilon(model, data):
    """Epsilon 1e-6 in every node, batch norm included, biases in the denominator, unit seed."""
    rule = Epsilon(epsilon=1e-6)
    composite = LayerMapComposite([
        (Activation, Pass()), (BatchNorm, rule), (Convolution, rule), (Linear, rule)])
    return relevance(model, composite, data["batch"], data["targets"])


def relevance(model, composite, images, targets):
    """What a composite brings to the input from 1 at the targets."""
    seed = torch.nn.functional.one_hot(targets, model[-1].out_features).to(images.dtype)
    with Gradient(model, composite) as attributor:
        return attributor(images, seed)[1]


def gradient(model, images, targets):
    """The gradient of each target's logit, a chunk of images at a time."""
    saliency = attr.Saliency(model)
    return torch.cat([
        saliency.attribute(part, target=target, abs=False).detach()
        for part, target in zip(images.split(CHUNK), targets.split(CHUNK))])


def smooth_saliency(model, data):
    """SmoothGrad over saliency with the noise of the file."""
    samples = [gradient(model, data["batch"] + NOISE_DEVIATION * noise, data["targets"]).abs()
               for noise in data["noise"]]
    return torch.stack(samples).mean(0)


def one_by_one(explain):
    """Captum on each image alone, for methods that would take much memory on all."""

    def all_images(model, data):
        return torch.cat([
            explain(model, data, image, int(target)).detach()
            for image, target in zip(data["batch"].split(1), data["targets"])])

    return all_images


# By row: xai-explain's method and options, and the same in PyTorch.
ROWS = {
    "gradient": ("gradient", (), lambda m, d: gradient(m, d["batch"], d["targets"])),
    "input-x-gradient": ("input-x-gradient", (), lambda m, d: d["batch"] * gradient(
        m, d["batch"], d["targets"])),
    "guided-backprop": ("guided-backprop", (), lambda m, d: attr.GuidedBackprop(m).attribute(
        d["batch"], target=d["targets"])),
    "deconvnet": ("deconvnet", (), lambda m, d: attr.Deconvolution(m).attribute(
        d["batch"], target=d["targets"])),
    "smooth-grad of saliency, 50 samples": (
        "saliency", ("--noise", "smooth-grad", "--noise-samples", "50", "--noise-std",
                     str(NOISE_DEVIATION), "--noise-tensor", "noise"), smooth_saliency),
    "integrated-gradients, baseline zero": (
        "integrated-gradients", ("--baseline-tensor", "zero", "--ig-steps", str(IG_STEPS)),
        one_by_one(lambda m, d, x, t: attr.IntegratedGradients(m).attribute(
            x, target=t, n_steps=IG_STEPS, method="gausslegendre", internal_batch_size=CHUNK))),
    "deep-lift, baseline zero": (
        "deep-lift", ("--baseline-tensor", "zero"),
        lambda m, d: attr.DeepLift(m).attribute(d["batch"], target=d["targets"])),
    "deep-lift, baseline another image": (
        "deep-lift", ("--baseline-tensor", "other"),
        lambda m, d: attr.DeepLift(m).attribute(
            d["batch"], d["other"].expand_as(d["batch"]).contiguous(), target=d["targets"])),
    "deep-shap": (
        "deep-shap", ("--baseline-tensor", "baselines"),
        one_by_one(lambda m, d, x, t: attr.DeepLiftShap(m).attribute(
            x, d["baselines"], target=t))),
    "occlusion": (
        "occlusion", ("--occlusion-window", str(WINDOW), "--occlusion-stride", str(STRIDE)),
        one_by_one(lambda m, d, x, t: attr.Occlusion(m).attribute(
            x, target=t, sliding_window_shapes=(x.shape[1], WINDOW, WINDOW),
            strides=(x.shape[1], STRIDE, STRIDE), perturbations_per_eval=25))),
    "lrp-a1b0": ("lrp-a1b0", (), alpha_beta(1)),
    "lrp-a2b1": ("lrp-a2b1", (), alpha_beta(2)),
    "lrp-a9b8": ("lrp-a9b8", (), alpha_beta(9)),
    "lrp-epsilon": ("lrp-epsilon", (), epsilon),
}
