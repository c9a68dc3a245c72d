"""Training steps of the bench's networks in PyTorch, on its GPU.

Reads {"models": the records of bench/models.ts, "batches": sizes} from stdin and prints a line of
JSON for each model, batch and precision: milliseconds of a step when steps follow each other.
"""
import json
import sys
import time

import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, main, shortcut):
        super().__init__()
        self.main, self.shortcut = main, shortcut

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


def build(layers, channels):
    """A module and the channels of what it returns; dense layers find their inputs themselves."""
    parts = []
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv2d":
            size, same = layer["size"], layer["padding"] == "same"
            padding = size // 2 if same else 0
            parts.append(nn.Conv2d(channels, layer["filters"], size, layer["stride"], padding))
            channels = layer["filters"]
        elif kind == "maxPool2d":
            parts.append(nn.MaxPool2d(layer["size"], ceil_mode=layer["padding"] == "same"))
        elif kind == "flatten":
            parts.append(nn.Flatten())
        elif kind == "dense":
            parts.append(nn.LazyLinear(layer["units"]))
        else:
            main, width = build(layer["main"], channels)
            shortcut, _ = build(layer["shortcut"], channels)
            parts.append(Residual(main, shortcut))
            channels = width
        if layer.get("relu"):
            parts.append(nn.ReLU())
    return nn.Sequential(*parts), channels


def milliseconds(step, sync, seconds):
    for _ in range(5):
        step()
    sync()
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        step()
        count += 1
    sync()
    return 1e3 * (time.perf_counter() - start) / count


def main():
    wanted = json.load(sys.stdin)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    sync = torch.cuda.synchronize if device == "cuda" else lambda: None
    for tf32 in (False, True):
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32
        for name, layers in wanted["models"].items():
            for batch in wanted["batches"]:
                model = build(layers, 1)[0].to(device)
                images = torch.rand(batch, 1, 28, 28, device=device)
                labels = torch.randint(10, (batch,), device=device)
                model(images)
                optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

                def step():
                    optimizer.zero_grad(set_to_none=True)
                    nn.functional.cross_entropy(model(images), labels).backward()
                    optimizer.step()

                line = {"model": name, "batch": batch, "tf32": tf32, "torch": torch.__version__}
                line["parameters"] = sum(p.numel() for p in model.parameters())
                line["device"] = torch.cuda.get_device_name() if device == "cuda" else device
                line["ms"] = milliseconds(step, sync, 1.0)
                print(json.dumps(line), flush=True)


main()
