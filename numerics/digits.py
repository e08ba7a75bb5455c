"""Handwritten digits: those of scikit-learn, or MNIST's own files where the user has them.

Nothing is ever downloaded.  Files in the IDX format of MNIST are read by a reader of our own, plain
or compressed by gzip.
"""

from __future__ import annotations

import gzip
import os
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from math import prod

import numpy as np
from numpy.typing import NDArray

from .networks import FloatArray

__all__ = ["CLASSES", "Digits", "DigitsError", "Split", "read_digits", "read_idx", "split"]

CLASSES = 10
LARGEST = 2**28
"""Bytes of the largest file that is read, also after it is decompressed."""
SHIPPED = "digits"
HAND = "train", "t10k"
"""How MNIST's files begin: the examples to learn, and those to test."""

_GZIP = b"\x1f\x8b"
# Codes of the data types of IDX, which are stored with the highest byte first.
_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES = 8


class DigitsError(ValueError):
    """Digits that are not there or malformed; one line naming the file, the value and the fix."""


@dataclass(frozen=True)
class Digits:
    """Images ``(pixels, P)`` with entries from 0 to 1, and their labels ``(P,)`` from 0 to 9.

    ``test_images``, ``test_labels``: a test set of the data's own, or None.  ``digest`` tells data
    apart.
    """

    name: str
    images: FloatArray
    labels: NDArray[np.int64]
    digest: str
    test_images: FloatArray | None = None
    test_labels: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Split:
    """Examples to learn and to test, each drawn once: images ``(pixels, .)`` and labels."""

    images: FloatArray
    labels: NDArray[np.int64]
    test_images: FloatArray
    test_labels: NDArray[np.int64]


def read_digits(source: str = SHIPPED) -> Digits:
    """The digits of scikit-learn for ``"digits"``, or those of a folder with MNIST's files.

    Such a folder has ``train-images-idx3-ubyte`` and ``train-labels-idx1-ubyte``, and may have
    ``t10k-...`` of both, each plain or as ``.gz``.  Raises ``DigitsError``.
    """
    return _shipped() if source == SHIPPED else _mnist(source)


def split(digits: Digits, train: int, test: int, rng: np.random.Generator) -> Split:
    """Draw ``train`` and ``test`` examples, none twice; tests from the test set where there is one.

    Raises ``DigitsError`` for more than there are.
    """
    own = digits.test_images is not None
    there = len(digits.labels)
    if train + (0 if own else test) > there or min(train, test) < 1:
        raise DigitsError(
            f"digits: {train} to learn and {test} to test of {there} {digits.name} cannot be "
            "drawn: give at least 1 of each, and no more than there are"
        )
    order = rng.permutation(there)
    learned = order[:train]
    if digits.test_images is None or digits.test_labels is None:
        tested = order[train : train + test]
        images, labels = digits.images, digits.labels
    else:
        images, labels = digits.test_images, digits.test_labels
        if test > len(labels):
            raise DigitsError(
                f"digits: {test} to test of {len(labels)} {digits.name}: give no more than there "
                "are"
            )
        tested = rng.permutation(len(labels))[:test]
    return Split(
        digits.images[:, learned], digits.labels[learned], images[:, tested], labels[tested]
    )


def read_idx(path: str) -> NDArray[np.generic]:
    """The array in an IDX file: two zero bytes, a type, the count of axes, their lengths, entries.

    Decompresses gzip.  Raises ``DigitsError`` for what is no such file, is cut off, goes on after
    its end, or holds more than ``LARGEST`` bytes.
    """
    data = _bytes(path)
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in _TYPES:
        raise DigitsError(
            f"{path}: begins with {data[:4].hex(' ') or 'nothing'}, so it is no IDX file: give "
            "MNIST's own files"
        )
    kind, axes = np.dtype(_TYPES[data[2]]), data[3]
    if not 1 <= axes <= _MOST_AXES:
        raise DigitsError(f"{path}: has {axes} axes: give an IDX file with 1 to {_MOST_AXES}")
    start = 4 + 4 * axes
    if len(data) < start:
        raise DigitsError(f"{path}: ends within its header of {start} bytes: copy it anew")
    shape = tuple(int.from_bytes(data[i : i + 4], "big") for i in range(4, start, 4))
    told, found = prod(shape) * kind.itemsize, len(data) - start
    if told != found:
        size = " x ".join(map(str, shape))
        more = "is cut off" if found < told else "goes on after its end"
        raise DigitsError(
            f"{path}: {more}: {size} entries are {told} bytes, and there are {found}: copy it anew"
        )
    return np.frombuffer(data, dtype=kind, offset=start).reshape(shape)


def _bytes(path: str) -> bytes:
    try:
        if not os.path.isfile(path):
            raise DigitsError(f"{path}: is no file: give the path of an IDX file")
        if os.path.getsize(path) > LARGEST:
            raise DigitsError(f"{path}: has more than {LARGEST} bytes: give a smaller file")
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise DigitsError(f"{path}: {error.strerror or error}: give a readable file") from error
    if not data.startswith(_GZIP):
        return data
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            data = packed.read(LARGEST + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise DigitsError(f"{path}: is broken gzip ({error}): copy it anew") from error
    if len(data) > LARGEST:
        raise DigitsError(f"{path}: unpacks to more than {LARGEST} bytes: give a smaller file")
    return data


def _mnist(folder: str) -> Digits:
    if not os.path.isdir(folder):
        raise DigitsError(
            f"data: {folder!r} is neither {SHIPPED!r} nor a folder: give a folder with MNIST's "
            "files, train-images-idx3-ubyte and train-labels-idx1-ubyte"
        )
    images, labels = _pair(folder, HAND[0])
    digest = sha256(images.tobytes() + labels.tobytes())
    tests = None
    if _find(folder, HAND[1], "images") or _find(folder, HAND[1], "labels"):
        tests = _pair(folder, HAND[1])
        if len(tests[0]) != len(images):
            raise DigitsError(
                f"data: {folder}: images to learn have {len(images)} pixels and those to test "
                f"{len(tests[0])}: give files of one data set"
            )
        digest.update(tests[0].tobytes() + tests[1].tobytes())
    name = os.path.basename(os.path.normpath(folder))
    return Digits(name, images, labels, digest.hexdigest(), *(tests or (None, None)))


def _find(folder: str, hand: str, what: str) -> str | None:
    axes = 3 if what == "images" else 1
    for name in (f"{hand}-{what}-idx{axes}-ubyte", f"{hand}-{what}.idx{axes}-ubyte"):
        for ending in ("", ".gz"):
            path = os.path.join(folder, name + ending)
            if os.path.isfile(path):
                return path
    return None


def _pair(folder: str, hand: str) -> tuple[FloatArray, NDArray[np.int64]]:
    paths = []
    for what, axes in (("images", 3), ("labels", 1)):
        path = _find(folder, hand, what)
        if path is None:
            raise DigitsError(
                f"data: {folder} has no {hand}-{what}-idx{axes}-ubyte, plain or .gz: put MNIST's "
                "file there"
            )
        paths.append(path)
    images, labels = (read_idx(path) for path in paths)
    for path, array, axes in zip(paths, (images, labels), (3, 1), strict=True):
        if array.dtype.kind != "u" or array.ndim != axes or not array.size:
            raise DigitsError(
                f"{path}: holds {array.ndim} axes of {array.dtype.name}, and {axes} of uint8 that "
                "are not empty belong there: give MNIST's own file"
            )
    if len(images) != len(labels):
        raise DigitsError(
            f"data: {paths[0]} has {len(images)} images and {paths[1]} {len(labels)} labels: give "
            "files that belong together"
        )
    if labels.max() >= CLASSES:
        raise DigitsError(
            f"{paths[1]}: has the label {labels.max()}: labels of digits are 0 to {CLASSES - 1}"
        )
    pixels = images.reshape(len(images), -1).T.astype(np.float64) / 255
    return np.ascontiguousarray(pixels), labels.astype(np.int64)


def _shipped() -> Digits:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise DigitsError(
            "data: the digits come with scikit-learn, which is not installed: pip install "
            '"lemmata[data]"'
        ) from None
    found = load_digits()
    images = np.ascontiguousarray(np.asarray(found.data, dtype=np.float64).T) / 16
    labels = np.asarray(found.target, dtype=np.int64)
    digest = sha256(images.tobytes() + labels.tobytes()).hexdigest()
    return Digits(SHIPPED, images, labels, digest)
