"""The network of a checkpoint in PyTorch, as explanations need it.

Module ReLUs that do not work in place, because Captum hooks modules and keeps their inputs; and the
node names of a checkpoint, so that its tensors load by name.
"""

import collections
import json

import safetensors
import safetensors.torch
import torch
from torch import nn


class Identity(nn.Module):
    """A new tensor with the same values.

    From version 0.6 on Captum replaces DeepLIFT's pooling rule by the plain gradient where a ReLU's
    output tensor is itself the input of a pooling (Captum issue 1104); one node between them helps.
    """

    def forward(self, values):
        return values * 1


def network(architecture, classes):
    """The layers of an architecture file, named as in checkpoints, to be evaluated."""
    channels, height, width = architecture["input"]
    batch_norm = architecture.get("batchNorm", True)
    layers = collections.OrderedDict()
    convolution = 0
    for index, stack in enumerate(architecture["stacks"]):
        for features in stack:
            convolution += 1
            name = f"conv{convolution}"
            layers[name] = nn.Conv2d(channels, features, 3, padding=1)
            if batch_norm:
                layers[f"{name}_bn"] = nn.BatchNorm2d(features)
            layers[f"{name}_relu"] = nn.ReLU()
            channels = features
        if architecture.get("pooling", True):
            layers[f"pool{index + 1}_input"] = Identity()
            layers[f"pool{index + 1}"] = nn.MaxPool2d(2)
            height, width = height // 2, width // 2
    if "adaptivePooling" in architecture:
        height, width = architecture["adaptivePooling"]
        layers["avgpool"] = nn.AdaptiveAvgPool2d((height, width))
    layers["flatten"] = nn.Flatten()
    features = channels * height * width
    dense_batch_norm = architecture.get("denseBatchNorm", batch_norm)
    for index, units in enumerate(architecture["hidden"]):
        name = f"fc{index + 1}"
        layers[name] = nn.Linear(features, units)
        if dense_batch_norm:
            layers[f"{name}_bn"] = nn.BatchNorm1d(units)
        layers[f"{name}_relu"] = nn.ReLU()
        features = units
    layers[f"fc{len(architecture['hidden']) + 1}"] = nn.Linear(features, classes)
    return nn.Sequential(layers).eval()


def load(path):
    """The network of a checkpoint in float32, and the file's metadata."""
    with safetensors.safe_open(path, "pt") as file:
        metadata = file.metadata()
    architecture = json.loads(metadata["architecture"])
    tensors = safetensors.torch.load_file(path)
    last = f"fc{len(architecture['hidden']) + 1}"
    model = network(architecture, tensors[f"{last}.bias"].shape[0])
    names = set(model.state_dict())
    missing, _ = model.load_state_dict(
        {name: tensor.float() for name, tensor in tensors.items() if name in names}, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing:
        raise ValueError(f"{path}: has no tensors {', '.join(missing)}")
    return model, metadata


def write_random(path, architecture, seed=0):
    """Writes a checkpoint with He-normal weights and batch norms that moved a little."""
    architecture = dict(architecture, classes=architecture.get("classes", 200))
    generator = torch.Generator().manual_seed(seed)
    model = network(architecture, architecture["classes"])
    for layer in model:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            fan_in = layer.weight[0].numel()
            layer.weight.data.normal_(0, (2 / fan_in) ** 0.5, generator=generator)
            layer.bias.data.zero_()
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            layer.weight.data.uniform_(0.8, 1.2, generator=generator)
            layer.bias.data.normal_(0, 0.1, generator=generator)
    tensors = {name: tensor for name, tensor in model.state_dict().items()
               if not name.endswith("num_batches_tracked")}
    safetensors.torch.save_file(
        tensors, path, metadata={"architecture": json.dumps(architecture)})
