"""Quantus's side of the comparison of judgements; also makes the files that both sides read.

Run by evaluate.py. Prints one JSON object.
"""

import argparse
import json
import subprocess
import time
import warnings
from importlib import metadata

import numpy
import safetensors.torch
import torch
from captum import attr

import evaluate
import explain_data
import pytorch_network

if not hasattr(numpy, "trapz"):  # Quantus 0.6 still asks for it.
    numpy.trapz = numpy.trapezoid
import quantus  # noqa: E402


def prepare(options):
    """Images, maps, subsets and neighbors in files."""
    model, _ = pytorch_network.load(options.checkpoint)
    images = explain_data.normalised(options.checkpoint, options.data, options.images).contiguous()
    with torch.inference_mode():
        targets = torch.cat([model(part).argmax(1) for part in images.split(16)])
    count, _, height, width = images.shape
    generator = torch.Generator().manual_seed(0)
    folder = options.folder
    safetensors.torch.save_file({"images": images, "targets": targets}, f"{folder}/images.safetensors")
    subprocess.run(
        [options.program, "attribute", "--checkpoint", options.checkpoint, "--tensor",
         f"{folder}/images.safetensors:images", "--target", ",".join(str(int(t)) for t in targets), "--method",
         "saliency", "--raw", f"{folder}/maps.safetensors", "--quiet"], check=True)
    maps = safetensors.torch.load_file(f"{folder}/maps.safetensors")["saliency"].sum(1)
    pixels = height * width
    ties = torch.stack([torch.randperm(pixels, generator=generator) for _ in range(count)])
    # [sizes, subsets, pixels], the same for all images.
    sizes = [round(share * pixels) for share in (0.02, 0.1, 0.3)]
    subsets = torch.zeros(len(sizes), evaluate.SUBSETS // len(sizes), pixels, dtype=torch.uint8)
    for level, size in enumerate(sizes):
        for subset in subsets[level]:
            subset[torch.randperm(pixels, generator=generator)[:size]] = 1
    noise = (torch.rand(evaluate.NEIGHBORS, *images.shape, generator=generator) - 0.5) * 0.2
    neighbors = (images[None] + noise).transpose(0, 1).reshape(-1, *images.shape[1:]).contiguous()
    safetensors.torch.save_file({"images": neighbors}, f"{folder}/neighbors.safetensors")
    neighbor_maps = torch.cat([
        attr.Saliency(model).attribute(part, target=goal)
        for part, goal in zip(neighbors.split(10), targets.repeat_interleave(10).split(10))])
    black = explain_data.normalised(options.checkpoint, options.data, 1) * 0 + images.amin()
    given = {
        "maps": maps[None].contiguous(), "ties": ties.reshape(count, height, width),
        "subsets": subsets.reshape(*subsets.shape[:2], height, width), "inputs/targets": targets,
        "inputs/baseline.black": black, "inputs/baseline.zero": black * 0, "robustness.noise": noise.contiguous(),
        "robustness.maps": neighbor_maps.detach().sum(1).reshape(count, -1, height, width).transpose(0, 1)[None]
        .contiguous(),
    }
    for name, parameters in evaluate.PARAMETERS.items():
        safetensors.torch.save_file(
            given, f"{folder}/{name}.safetensors",
            metadata={"parameters": json.dumps({"maps": {"names": ["saliency"]}} | parameters)})
    return {"targets": [int(target) for target in targets], "images": explain_data.describe(options.data)}


def saliency(model, inputs, targets, **_):
    """Maps as Quantus asks for them, by Captum."""
    images = torch.as_tensor(inputs, dtype=torch.float32)
    maps = attr.Saliency(model).attribute(images, target=torch.as_tensor(targets))
    return maps.sum(1, keepdim=True).detach().numpy()


def calls(features, defaults):
    """The measures, with as much work as ours or with their defaults."""
    quiet = {"disable_warnings": True, "display_progressbar": False}
    if defaults:
        return {
            "pixel-flipping": quantus.PixelFlipping(**quiet),
            "faithfulness-correlation": quantus.FaithfulnessCorrelation(**quiet),
            "maximal-sensitivity": quantus.MaxSensitivity(**quiet),
            "sparseness": quantus.Sparseness(**quiet),
        }
    return {
        "pixel-flipping": quantus.PixelFlipping(
            features_in_step=features // evaluate.STEPS, perturb_baseline="black", **quiet),
        "faithfulness-correlation": quantus.FaithfulnessCorrelation(
            nr_runs=evaluate.SUBSETS, subset_size=features // 10, perturb_baseline="black", **quiet),
        "maximal-sensitivity": quantus.MaxSensitivity(nr_samples=evaluate.NEIGHBORS, **quiet),
        "sparseness": quantus.Sparseness(**quiet),
    }


def measure(options, defaults):
    """Seconds of each measure."""
    model, _ = pytorch_network.load(options.checkpoint)
    data = safetensors.torch.load_file(f"{options.folder}/images.safetensors")
    count = 1 if defaults else len(data["images"])
    images, targets = data["images"][:count].numpy(), data["targets"][:count].numpy()
    maps = saliency(model, images, targets)
    # Quantus takes single values of all channels as features of RGB images; neighbors' maps have one channel.
    features = int(numpy.prod(images.shape[1:]))
    wide = numpy.repeat(maps, images.shape[1], axis=1)
    seconds = {}
    for name, metric in calls(features, defaults).items():
        began = time.perf_counter()
        metric(model=model, x_batch=images, y_batch=targets, a_batch=maps if name == "maximal-sensitivity" else wide,
               explain_func=saliency, device="cpu", batch_size=len(images))
        seconds[name] = time.perf_counter() - began
    return {"seconds": seconds, "torch": torch.__version__, "quantus": metadata.version("quantus")}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--defaults", action="store_true")
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--data")
    parser.add_argument("--images", type=int)
    parser.add_argument("--program")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(options.threads)
    if options.prepare:
        result = prepare(options)
    else:
        result = measure(options, options.defaults)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
