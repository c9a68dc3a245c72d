"""Writes the files beside this one: a model of every layer that is read, saved by Keras itself in both of its
formats, and what it predicts. With Keras 3 (numpy and jax are enough: pip install keras jax):

    KERAS_BACKEND=numpy python write.py
"""

import gzip
import json
import os
import zipfile

import keras
import numpy as np
from keras import layers as L

SHAPES = {"vector": (4,), "sequence": (5, 3), "image": (4, 5, 2), "volume": (3, 2, 4, 2), "words": (3,)}


def numbers(shape, seed):
    """The same as in the test that reads them."""
    at = np.arange(1, np.prod(shape) + 1)
    return (2 * np.sin(7.3 * at + seed)).reshape(shape).astype("float32")


# By the input that they are applied to, one after the other in a branch of their own.
BRANCHES = {
    "vector": [
        *[[L.Activation(name)] for name in ["elu", "exponential", "gelu", "hard_sigmoid", "leaky_relu", "log_sigmoid",
          "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "tanh"]],
        [L.ReLU(max_value=1, negative_slope=0.1), L.LeakyReLU(negative_slope=0.2), L.ELU(alpha=0.5), L.Softmax()],
        [L.BatchNormalization(epsilon=0.01), L.Activation("tanh"), L.Dropout(0.3), L.Rescaling(2, offset=1)],
        [L.LayerNormalization(), L.PReLU(), L.GaussianNoise(0.1), L.GaussianDropout(0.2)],
        [L.BatchNormalization(scale=False), L.LayerNormalization(center=False), L.RepeatVector(2), L.Permute((2, 1))],
        [L.Normalization()],
        [L.Normalization(mean=[1, 2, 3, 4], variance=[1, 4, 9, 2])],
        [L.Normalization(mean=0.5, variance=2)],
    ],
    "sequence": [
        [L.LSTM(2)],
        [L.LSTM(2, recurrent_activation="hard_sigmoid", activation="relu", go_backwards=True, return_sequences=True)],
        [L.GRU(2)],
        [L.GRU(2, reset_after=False, recurrent_activation="hard_sigmoid")],
        # As layers of functional models, Keras 3 writes the ops by which masks are found.
        [
            keras.Sequential(
                [keras.Input((5, 3)), L.ReLU(), L.Masking(), L.GRU(2, return_sequences=True), L.Dense(2), L.LSTM(2)]
            )
        ],
        [L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode="ave")],
        [L.Bidirectional(L.LSTM(2))],
        [L.TimeDistributed(L.Dense(2)), L.SpatialDropout1D(0.2)],
        [L.TimeDistributed(L.BatchNormalization(center=False))],
        [L.Conv1D(2, 2, padding="causal", dilation_rate=2), L.PReLU(shared_axes=[1])],
        [L.Conv1DTranspose(2, 3, strides=2)],
        [L.SeparableConv1D(2, 2, depth_multiplier=2)],
        [L.MaxPooling1D(2), L.UpSampling1D(2), L.ZeroPadding1D((1, 0)), L.Cropping1D((0, 1))],
        [L.AveragePooling1D(2, padding="same"), L.GlobalAveragePooling1D()],
        [L.GlobalMaxPooling1D(), L.Reshape((3, 1))],
    ],
    "image": [
        [L.Conv2D(2, 2, strides=2, padding="same", groups=2)],
        [L.Conv2DTranspose(2, 2, strides=(1, 2)), L.SpatialDropout2D(0.2)],
        [L.DepthwiseConv2D(2, depth_multiplier=2)],
        [L.SeparableConv2D(2, (2, 1))],
        [L.MaxPooling2D(2), L.UpSampling2D(2, interpolation="bilinear"), L.ZeroPadding2D(((1, 0), (0, 1))), L.Cropping2D(1)],
        [L.AveragePooling2D((2, 1)), L.GlobalMaxPooling2D()],
        [L.GlobalAveragePooling2D()],
        [L.Flatten()],
    ],
    "volume": [
        [L.Conv3D(1, 2), L.SpatialDropout3D(0.1)],
        [L.Conv3DTranspose(1, 2)],
        [L.MaxPooling3D((2, 1, 2)), L.UpSampling3D((1, 1, 2)), L.ZeroPadding3D(1), L.Cropping3D(1)],
        [L.AveragePooling3D(2), L.GlobalAveragePooling3D()],
        [L.GlobalMaxPooling3D()],
    ],
    "words": [[L.Embedding(5, 2)], [keras.Sequential([keras.Input((3,)), L.Embedding(5, 2, mask_zero=True), L.SimpleRNN(2)])]],
}


def model(kinds):
    inputs = {
        name: keras.Input(SHAPES[name], dtype="int32" if name == "words" else "float32")
        for name in kinds
    }
    outputs = []
    for name, x in inputs.items():
        for branch in BRANCHES[name]:
            y = x
            for layer in branch:
                y = layer(y)
            outputs.append(y)
    if "vector" in kinds:
        a, b = L.Dense(3)(inputs["vector"]), L.Dense(3)(inputs["vector"])
        merges = [L.Add(), L.Subtract(), L.Multiply(), L.Average(), L.Maximum(), L.Minimum()]
        outputs += [merge([a, b]) for merge in [*merges, L.Concatenate(), L.Dot(1, normalize=True)]]
        shared = keras.Sequential([keras.Input((3,)), L.Dense(2)])
        outputs += [shared(a), shared(b)]
    return keras.Model(list(inputs.values()), outputs)


def predicted(kinds):
    """A model with weights other than the first ones, and what it predicts."""
    made = model(kinds)
    for i, variable in enumerate(made.variables):
        if "float" in str(variable.dtype):
            # Of few bits, so that the files are small.
            variable.assign(np.ceil(np.abs(numbers(variable.shape, i)) * 8) / 16)
    for layer in made.layers:
        if isinstance(layer, L.Normalization):
            layer.finalize_state()
    x = [
        np.arange(3)[None] if name == "words" else numbers((1, *SHAPES[name]), i)
        for i, name in enumerate(kinds)
    ]
    outputs = made.predict(x, verbose=0)
    return made, [[float(f"{value:.6g}") for value in np.asarray(y).flatten()] for y in outputs]


def pack(name, contents):
    with gzip.open(name, "wb", 9) as packed:
        packed.write(contents)


def main():
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    keras.utils.set_random_seed(1)
    every, of_every = predicted(list(SHAPES))
    every.save("every-layer.keras")
    with zipfile.ZipFile("every-layer.keras") as stored:
        contents = {name: stored.read(name) for name in stored.namelist()}
    with zipfile.ZipFile("every-layer.keras", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, text in contents.items():
            packed.writestr(name, text)
    sequences, of_sequences = predicted(["sequence"])
    sequences.save("sequences.h5")
    with open("sequences.h5", "rb") as file:
        pack("sequences.h5.gz", file.read())
    os.remove("sequences.h5")
    predictions = {"every-layer.keras": of_every, "sequences.h5": of_sequences}
    pack("predictions.json.gz", json.dumps(predictions, separators=(",", ":")).encode())


main()
