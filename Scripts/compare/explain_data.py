"""Images, targets, baselines and noise for both sides, in one safetensors file.

Run by explain.py, imported by accuracy.py. Prints one JSON object: what the file is about.
"""

import argparse
import json
import pathlib

import numpy
import PIL.Image
import safetensors
import safetensors.torch
import torch

import programs
import pytorch_network

BATCH, BASELINES, NOISE_SAMPLES = 64, 64, 50


def describe(data):
    """What the images are, for the report."""
    return ("images of smooth noise" if data == "shapes"
            else f"images of {pathlib.Path(data).name}, the first by name")


def normalised(checkpoint, data, count):
    """The first images of a folder as a checkpoint's network takes them, [N, C, H, W].

    Where there is no folder: smooth noise, which excites a network about as images do.
    """
    tensors = {}
    with safetensors.safe_open(checkpoint, "pt") as file:
        for name in ("mean", "std"):
            if f"normalization.{name}" in file.keys():
                tensors[name] = file.get_tensor(f"normalization.{name}").float()
        shape = json.loads(file.metadata()["architecture"])["input"]
    if data == "shapes":
        noise = torch.randn(count, *shape, generator=torch.Generator().manual_seed(1))
        smooth = torch.nn.functional.avg_pool2d(noise, 5, stride=1, padding=2)
        return smooth / smooth.std()
    files = image_files(data, count)
    pixels = torch.stack([decoded(file, shape) for file in files])
    if "mean" in tensors:
        mean = tensors["mean"]
        pixels -= mean if mean.dim() == 3 else mean[:, None, None]
    return pixels / tensors["std"][:, None, None] if "std" in tensors else pixels


def image_files(folder, count):
    """The first images by name, those of the test set where there is one."""
    folder = pathlib.Path(folder)
    images = folder / "val" / "images"
    files = sorted(
        file for file in (images if images.is_dir() else folder).rglob("*")
        if file.suffix.lower() in {".jpeg", ".jpg", ".png"})
    if len(files) < count:
        raise programs.Failed(f"{folder}: has {len(files)} images, expected {count} or more")
    return files[:count]


def decoded(file, shape):
    """An image as [C, H, W] in [0, 1]."""
    with PIL.Image.open(file) as image:
        image = image.convert("RGB")
        if image.size != (shape[2], shape[1]):
            image = image.resize((shape[2], shape[1]), PIL.Image.Resampling.BICUBIC)
        return torch.from_numpy(numpy.array(image)).permute(2, 0, 1).float() / 255


def write(file, checkpoint, data, model, batch=BATCH, baselines=BASELINES, noisy=1):
    """Writes the file; the explained class of each image is the one that PyTorch predicts.

    Noise is for the first `noisy` images.
    """
    images = normalised(checkpoint, data, batch + baselines)
    explained = images[:batch].contiguous()
    with torch.inference_mode():
        targets = torch.cat([model(part).argmax(1) for part in explained.split(16)])
    generator = torch.Generator().manual_seed(0)
    image = explained[:1].clone()
    safetensors.torch.save_file({
        "image": image, "target": targets[:1].clone(),
        "batch": explained, "targets": targets,
        "zero": torch.zeros_like(image),
        "baselines": images[batch:].contiguous(),
        "other": images[batch:batch + 1].clone(),
        "noise": torch.randn(NOISE_SAMPLES, noisy, *image.shape[1:], generator=generator),
    }, file)
    return [int(target) for target in targets]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="a folder of images, or shapes")
    parser.add_argument("--output", required=True)
    parser.add_argument("--checkpoint", help="the network; else one of random parameters")
    parser.add_argument("--architecture", help="of the random network")
    parser.add_argument("--random", help="where to write the random network")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--baselines", type=int, default=BASELINES)
    options = parser.parse_args()

    checkpoint = options.checkpoint
    if checkpoint is None:
        with open(options.architecture, encoding="utf-8") as file:
            pytorch_network.write_random(options.random, json.load(file))
        checkpoint = options.random
    model, metadata = pytorch_network.load(checkpoint)
    targets = write(options.output, checkpoint, options.data, model, options.batch, options.baselines)
    print(json.dumps({
        "checkpoint": checkpoint, "targets": targets,
        "shape": json.loads(metadata["architecture"])["input"],
        "network": "a trained network" if options.checkpoint else "random parameters",
        "images": describe(options.data)}))


if __name__ == "__main__":
    main()
