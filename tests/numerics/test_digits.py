"""Digits of scikit-learn and MNIST's own files: read exactly, and refused by name."""

from __future__ import annotations

import gzip
import struct
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from lemmata.numerics import digits
from lemmata.numerics.digits import DigitsError, read_digits, read_idx, split

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx(array, code=None):
    big = array.astype(array.dtype.newbyteorder(">"))
    head = bytes([0, 0, code or CODES[array.dtype.str[1:]], array.ndim])
    return head + struct.pack(f">{array.ndim}I", *array.shape) + big.tobytes()


@pytest.fixture
def mnist(tmp_path):
    rng = np.random.default_rng(0)
    for hand, count in (("train", 7), ("t10k", 4)):
        images = rng.integers(0, 256, (count, 3, 2)).astype("u1")
        labels = rng.integers(0, 10, count).astype("u1")
        (tmp_path / f"{hand}-images-idx3-ubyte").write_bytes(idx(images))
        (tmp_path / f"{hand}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    return tmp_path


@settings(max_examples=60)
@given(st.data())
def test_what_was_written_is_read(tmp_path_factory, data):
    kind = data.draw(st.sampled_from(sorted(CODES)))
    shape = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    array = data.draw(arrays(kind, tuple(shape)))
    path = tmp_path_factory.mktemp("idx") / "f"
    packed = data.draw(st.booleans())
    path.write_bytes(gzip.compress(idx(array)) if packed else idx(array))
    found = read_idx(str(path))
    assert found.dtype.kind == array.dtype.kind
    np.testing.assert_array_equal(found, array)


WHOLE = idx(np.arange(6, dtype="u1").reshape(3, 2))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "begins with nothing"),
        (b"\0\0", "no IDX file"),
        (b"PK\3\4" + WHOLE, "begins with 50 4b 03 04"),
        (b"\0\0\x07" + WHOLE[3:], "no IDX file"),
        (b"\0\0\x08\0", "0 axes"),
        (b"\0\0\x08\xff" + bytes(2000), "255 axes"),
        (WHOLE[:9], "ends within its header of 12 bytes"),
        (WHOLE[:-1], "is cut off: 3 x 2 entries are 6 bytes, and there are 5"),
        (WHOLE + b"\0", "goes on after its end"),
        (b"\0\0\x08\4" + b"\xff" * 16, "is cut off"),
        (gzip.compress(WHOLE, mtime=0)[:-3], "broken gzip"),
        (gzip.compress(WHOLE, mtime=0)[:-5] + b"12345", "broken gzip"),
        (b"\x1f\x8bnothing", "broken gzip"),
    ],
)
def test_malformed_files_are_refused(tmp_path, content, told):
    path = tmp_path / "f"
    path.write_bytes(content)
    with pytest.raises(DigitsError, match=r"^[^\n]*$") as refused:
        read_idx(str(path))
    assert told in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_file_that_is_too_large_also_when_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(digits, "LARGEST", 100)
    path = tmp_path / "f"
    path.write_bytes(gzip.compress(idx(np.zeros(200, dtype="u1"))))
    with pytest.raises(DigitsError, match="unpacks to more than 100 bytes"):
        read_idx(str(path))
    path.write_bytes(bytes(101))
    with pytest.raises(DigitsError, match="has more than 100 bytes"):
        read_idx(str(path))


def test_no_file(tmp_path):
    with pytest.raises(DigitsError, match="is no file"):
        read_idx(str(tmp_path / "absent"))


def test_a_folder_of_mnist(mnist):
    found = read_digits(str(mnist))
    raw = np.frombuffer((mnist / "train-images-idx3-ubyte").read_bytes()[16:], dtype="u1")
    np.testing.assert_array_equal(found.images, raw.reshape(7, 6).T / 255)
    assert found.test_images.shape == (6, 4)
    assert found.labels.shape == (7,)
    drawn = split(found, 7, 4, np.random.default_rng(1))
    assert sorted(drawn.labels) == sorted(found.labels)
    assert sorted(drawn.test_labels) == sorted(found.test_labels)
    with pytest.raises(DigitsError, match="5 to test of 4"):
        split(found, 7, 5, np.random.default_rng(1))


def test_other_data_have_another_digest(mnist):
    before = read_digits(str(mnist)).digest
    labels = np.arange(7, dtype="u1")
    (mnist / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    assert read_digits(str(mnist)).digest != before


@pytest.mark.parametrize(
    ("name", "array", "told"),
    [
        ("train-labels-idx1-ubyte.gz", np.zeros(6, "u1"), "7 images and .* 6 labels"),
        ("train-labels-idx1-ubyte.gz", np.full(7, 10, "u1"), "has the label 10"),
        ("train-labels-idx1-ubyte.gz", np.zeros((7, 1), "u1"), "2 axes of uint8"),
        ("train-images-idx3-ubyte", np.zeros((7, 3, 2), "i4"), "3 axes of int32"),
        ("train-images-idx3-ubyte", np.zeros((7, 2, 2), "u1"), "4 pixels and those to test 6"),
        ("train-images-idx3-ubyte", np.zeros((0, 3, 2), "u1"), "not empty"),
    ],
)
def test_files_that_do_not_belong_together(mnist, name, array, told):
    content = idx(array)
    (mnist / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    with pytest.raises(DigitsError, match=told):
        read_digits(str(mnist))


def test_a_folder_without_the_files(mnist):
    (mnist / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DigitsError, match="has no t10k-labels-idx1-ubyte"):
        read_digits(str(mnist))
    with pytest.raises(DigitsError, match="neither 'digits' nor a folder"):
        read_digits(str(mnist / "absent"))


def test_the_digits_of_scikit_learn():
    pytest.importorskip("sklearn")
    found = read_digits()
    assert found.images.shape == (64, 1797)
    assert found.images.min() == 0
    assert found.images.max() == 1
    assert np.bincount(found.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    drawn = split(found, 1000, 797, np.random.default_rng(0))
    both = np.concatenate([drawn.images, drawn.test_images], axis=1)
    assert sorted(map(bytes, both.T.copy())) == sorted(map(bytes, found.images.T.copy()))
    with pytest.raises(DigitsError, match="1001 to learn and 797 to test of 1797"):
        split(found, 1001, 797, np.random.default_rng(0))


def test_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(DigitsError, match=r'pip install "lemmata\[data\]"'):
        read_digits()
