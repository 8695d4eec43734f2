"""PyTorch's side of the comparison of explanations: Captum's and zennit's maps, timed.

Run by explain.py, once per round. Prints one JSON object: the seconds of each repetition per job, the
greatest resident memory of this process in bytes, and versions; writes the maps if told where.
"""

import argparse
import json
import platform
import resource
import time
from importlib import metadata

import safetensors.torch
import torch
from captum import attr
from zennit.attribution import Gradient
from zennit.composites import SpecialFirstLayerMapComposite
from zennit.rules import AlphaBeta, Pass, ZBox
from zennit.types import Activation, BatchNorm, Convolution, Linear

import pytorch_network

# The jobs by their names here; explain.py says what each is called in xai-explain.
IG_STEPS, NOISE_SAMPLES, NOISE_DEVIATION = 200, 50, 0.15
WINDOW, STRIDE = 8, 4


def alpha2_beta1(model, images, targets):
    """zennit's alpha2-beta1 with the first layer and the biases as in xai-explain.

    The first layer takes the smallest and greatest value of the image as its bounds; biases and
    batch norms take no relevance; the seed is 1 at the target.
    """
    low, high = torch.full_like(images, images.min()), torch.full_like(images, images.max())
    rule = AlphaBeta(alpha=2, beta=1, zero_params="bias")
    composite = SpecialFirstLayerMapComposite(
        layer_map=[(Activation, Pass()), (BatchNorm, Pass()), (Convolution, rule), (Linear, rule)],
        first_map=[(Convolution, ZBox(low, high, zero_params="bias"))])
    seed = torch.nn.functional.one_hot(targets, model[-1].out_features).to(images.dtype)
    with Gradient(model, composite) as attributor:
        _, relevance = attributor(images, seed)
    return relevance


def jobs(model, data):
    """What is measured: name, the call as a user of Captum would write it."""
    image, target, batch, targets = data["image"], data["target"], data["batch"], data["targets"]
    baselines = data["baselines"]
    saliency, target_index = attr.Saliency(model), int(target[0])
    return {
        "saliency": lambda: saliency.attribute(image, target=target_index),
        "deep-lift": lambda: attr.DeepLift(model).attribute(image, target=target_index),
        "lrp-a2b1": lambda: alpha2_beta1(model, image, target),
        "integrated-gradients": lambda: attr.IntegratedGradients(model).attribute(
            image, target=target_index, n_steps=IG_STEPS, method="gausslegendre"),
        "integrated-gradients-50": lambda: attr.IntegratedGradients(model).attribute(
            image, target=target_index, n_steps=50, method="gausslegendre"),
        "smooth-grad": lambda: attr.NoiseTunnel(saliency).attribute(
            image, nt_type="smoothgrad", nt_samples=NOISE_SAMPLES, stdevs=NOISE_DEVIATION,
            target=target_index),
        "occlusion": lambda: attr.Occlusion(model).attribute(
            image, target=target_index, sliding_window_shapes=(image.shape[1], WINDOW, WINDOW),
            strides=(image.shape[1], STRIDE, STRIDE)),
        "deep-shap": lambda: attr.DeepLiftShap(model).attribute(
            image, baselines, target=target_index),
        "saliency-batch": lambda: saliency.attribute(batch, target=targets),
    }


def comparable(name, model, data, result):
    """The map that xai-explain must give: with the noise of the file where noise is drawn."""
    if name != "smooth-grad":
        return result
    noisy = (data["image"] + NOISE_DEVIATION * data["noise"][:, 0]).contiguous()
    maps = attr.Saliency(model).attribute(noisy, target=int(data["target"][0]))
    return maps.mean(0, keepdim=True)


def measure(job, repeat, patience):
    """Seconds of each repetition, and the last result."""
    seconds, result = [], None
    began = time.perf_counter()
    for _ in range(repeat):
        start = time.perf_counter()
        result = job()
        seconds.append(time.perf_counter() - start)
        if time.perf_counter() - began > patience:
            break
    return seconds, result.detach()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--data", required=True, help="safetensors: image, target, batch, ...")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--patience", type=float, default=4, help="seconds, then no repetition")
    parser.add_argument("--jobs", nargs="+")
    parser.add_argument("--maps", help="write the maps to this safetensors file")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model, _ = pytorch_network.load(options.checkpoint)
    data = safetensors.torch.load_file(options.data)
    if options.channels_last:
        model = model.to(memory_format=torch.channels_last)
        for name in ("image", "batch", "baselines"):
            data[name] = data[name].contiguous(memory_format=torch.channels_last)

    seconds, maps = {}, {}
    every = jobs(model, data)
    for name in options.jobs or every:
        every["saliency"]()  # What PyTorch prepares once, and caches, is not counted.
        seconds[name], result = measure(every[name], options.repeat, options.patience)
        if options.maps:
            maps[name] = comparable(name, model, data, result).float().contiguous()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if options.maps:
        safetensors.torch.save_file(maps, options.maps)
    print(json.dumps({
        "seconds": seconds,
        "peak_bytes": peak,
        "versions": {
            "PyTorch": torch.__version__, "Captum": metadata.version("captum"),
            "zennit": metadata.version("zennit"), "Python": platform.python_version()},
    }))


if __name__ == "__main__":
    main()
