"""Read an ONNX sentence encoder from a folder: which file, how many tokens, how token vectors become one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from analytics.errors import ConfigError
from analytics.topics.embedders.protocol import Floats

Pooling = Literal["mean", "cls"]
_MODEL_FILES = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_MAX_TOKENS = 512
"""Positions of BERT; a model's own sentence_bert_config.json may say fewer."""


def pooling_of(folder: Path) -> Pooling:
    """Return how the folder's 1_Pooling/config.json makes one vector of many; the mean where there is no such file.

    Raises
    ------
    ConfigError
        If it asks for another way than the mean or the first token.
    """
    file = folder / "1_Pooling" / "config.json"
    if not file.exists():
        return "mean"
    content = json.loads(file.read_text(encoding="utf-8"))
    ways = [name for name, value in content.items() if name.startswith("pooling_mode_") and value is True]
    if ways == ["pooling_mode_cls_token"]:
        return "cls"
    if ways == ["pooling_mode_mean_tokens"]:
        return "mean"
    raise ConfigError(f"{file}: expected pooling_mode_cls_token or pooling_mode_mean_tokens, got {ways or 'none'}")


def session_of(runtime: Any, folder: Path) -> Any:
    """Open the folder's model on the processor, with one thread: workers are as many as there are cores."""
    file = next((folder / name for name in _MODEL_FILES if (folder / name).exists()), None)
    if file is None:
        raise ConfigError(f"topics.embedder_path: expected one of {', '.join(_MODEL_FILES)} in {folder}, got none")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    return runtime.InferenceSession(str(file), sess_options=options, providers=["CPUExecutionProvider"])


def tokenizer_of(tokenizers: Any, folder: Path) -> Any:
    """Read the folder's tokenizer.json, cutting and filling batches as the model expects."""
    file = folder / "tokenizer.json"
    if not file.exists():
        raise ConfigError(f"topics.embedder_path: expected tokenizer.json in {folder}, got none")
    tokenizer = tokenizers.Tokenizer.from_file(str(file))
    own = folder / "sentence_bert_config.json"
    most = json.loads(own.read_text(encoding="utf-8")).get("max_seq_length") if own.exists() else None
    tokenizer.enable_truncation(max_length=min(most or _MAX_TOKENS, _MAX_TOKENS))
    padding = tokenizer.padding or {}
    tokenizer.enable_padding(pad_id=padding.get("pad_id", 0), pad_token=padding.get("pad_token", "[PAD]"))
    return tokenizer


def pooled(session: Any, tokenizer: Any, texts: Sequence[str], pooling: Pooling) -> Floats:
    """Return unit vectors of one batch, float32, shape (n_texts, n_encoded)."""
    encodings = tokenizer.encode_batch(list(texts))
    given = {
        "input_ids": np.array([encoding.ids for encoding in encodings], np.int64),
        "attention_mask": np.array([encoding.attention_mask for encoding in encodings], np.int64),
        "token_type_ids": np.array([encoding.type_ids for encoding in encodings], np.int64),
    }
    wanted = [entry.name for entry in session.get_inputs()]
    found = np.asarray(session.run(None, {name: given[name] for name in wanted})[0], np.float32)
    if found.ndim == 3:
        mask = given["attention_mask"][:, :, None].astype(np.float32)
        found = found[:, 0] if pooling == "cls" else (found * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
    norms: Floats = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), np.float32(1e-12))
    vectors: Floats = found / norms
    return vectors
