"""Writes the ONNX files beside it, and what PyTorch computes of the inputs that pytorch.test.ts makes, too.

python3 test/interchange/onnx/pytorch/write-models.py, with PyTorch 1.13, and then npm run format.
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).parent


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)])
        self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.norms[0](self.first(x)))
        return F.relu(self.norms[1](self.second(y)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 5, 2, 2, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.blocks = nn.Sequential(nn.MaxPool2d(3, 2, 1), Block(4, 4, 1), Block(4, 6, 2))
        self.head = nn.Linear(6, 5)

    def forward(self, x):
        return self.head(torch.flatten(F.adaptive_avg_pool2d(self.blocks(self.stem(x)), 1), 1))


class Encoder(nn.Module):
    """Text in, of any length: embeddings, and a transformer."""

    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(20, 8)
        self.places = nn.Embedding(16, 8)
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, activation='gelu', batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, ids):
        places = torch.arange(ids.size(1)).unsqueeze(0).expand_as(ids)
        x = self.tokens(ids) * math.sqrt(8) + self.places(places)
        return self.head(self.layer(x))


class Recurrent(nn.Module):
    """Two bidirectional layers of sequences that end where their lengths say."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True)

    def forward(self, x, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
        y, (h, c) = self.lstm(packed)
        return nn.utils.rnn.pad_packed_sequence(y, batch_first=True)[0], h, c


class Excitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.scale = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, 2, 1), nn.ReLU(), nn.Conv2d(2, channels, 1), nn.Hardsigmoid()
        )

    def forward(self, x):
        return x * self.scale(x)


def mobile():
    def inverted(inputs, outputs, stride, activation):
        return [
            *(nn.Conv2d(inputs, 8, 1, bias=False), nn.BatchNorm2d(8), activation),
            *(nn.Conv2d(8, 8, 5, stride, 2, groups=8, bias=False), nn.BatchNorm2d(8), activation),
            *(Excitation(8), nn.Conv2d(8, outputs, 1, bias=False), nn.BatchNorm2d(outputs)),
        ]

    return nn.Sequential(
        *(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.Hardswish()),
        *inverted(4, 4, 1, nn.ReLU6()),
        *inverted(4, 6, 2, nn.SiLU()),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(6, 4)),
    )


class UNet(nn.Module):
    """Halves and doubles images of any size."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.InstanceNorm2d(4, affine=True), nn.LeakyReLU(0.1))
        self.middle = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.GroupNorm(2, 4), nn.PReLU(4))
        self.up = nn.ConvTranspose2d(4, 4, 2, 2)
        self.last = nn.Conv2d(12, 2, 3)

    def forward(self, x):
        fine = self.down(x)
        coarse = self.middle(F.max_pool2d(fine, 2))
        wide = F.interpolate(coarse, size=x.shape[2:], mode='bilinear', align_corners=False)
        all_of_it = torch.cat([fine, self.up(coarse), wide], 1)
        return torch.sigmoid(self.last(F.pad(all_of_it, (1, 1, 1, 1), mode='reflect')))


def wave(*shape):
    return torch.sin(torch.arange(math.prod(shape), dtype=torch.float64) * 12.9898).float().reshape(shape)


def tokens(*shape):
    return (torch.arange(math.prod(shape)) * 7 % 20).reshape(shape)


def write(name, model, opset, example, inputs, axes):
    model.eval()
    # Statistics that batch norm can be seen by.
    for one in model.modules():
        if isinstance(one, nn.BatchNorm2d):
            one.running_mean.uniform_(-0.2, 0.2)
            one.running_var.uniform_(0.5, 1.5)
    with torch.no_grad():
        outputs = model(*inputs.values())
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    torch.onnx.export(
        model,
        tuple(example.values()),
        str(HERE / f'{name}.onnx'),
        opset_version=opset,
        input_names=list(inputs),
        output_names=[f'output_{i}' for i in range(len(outputs))],
        dynamic_axes=axes,
    )
    described = {
        'inputs': {key: {'shape': list(x.shape), 'isWhole': not x.is_floating_point()} for key, x in inputs.items()},
        'outputs': [{'shape': list(x.shape), 'data': [float(f'{v:.5g}') for v in x.flatten().tolist()]} for x in outputs],
    }
    (HERE / f'{name}.json').write_text(json.dumps(described) + '\n')


torch.manual_seed(1)
write('resnet', ResNet(), 9, {'x': wave(1, 3, 32, 32)}, {'x': wave(2, 3, 32, 32)}, {'x': {0: 'n'}})
ids = {1: 'length'}
write('encoder', Encoder(), 13, {'ids': tokens(2, 6)}, {'ids': tokens(2, 9)}, {'ids': ids})
lengths = torch.tensor([5, 4, 2])
packed = {'x': wave(3, 5, 3), 'lengths': lengths}
write('recurrent', Recurrent(), 17, packed, packed, {})
write('mobile', mobile(), 17, {'x': wave(1, 3, 16, 16)}, {'x': wave(2, 3, 16, 16)}, {'x': {0: 'n'}})
sizes = {0: 'n', 2: 'height', 3: 'width'}
write('unet', UNet(), 17, {'x': wave(1, 2, 8, 8)}, {'x': wave(2, 2, 6, 10)}, {'x': sizes})
