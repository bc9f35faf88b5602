"""The same day with the tools as they come: pandas, jieba, SnowNLP, BERTopic, in one process.

``python -m benchmarks.scale_plain DEMO`` reads the exports of `kesheng simulate`: each customer's turn is cut by jieba
and scored by SnowNLP, the contacts go through BERTopic with its defaults (which, without sentence-transformers, are
TF-IDF and SVD), words are counted by the hour and the hour's mood is a mean. No masking, no identities, no alarms,
nothing kept.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import jieba
import pandas as pd
from bertopic import BERTopic
from sklearn.feature_extraction.text import CountVectorizer
from snownlp import SnowNLP


def turns_of(demo: Path) -> pd.DataFrame:
    """Return the customers' turns: contact, hour, text."""
    chats = pd.concat(pd.read_csv(file, dtype=str) for file in sorted((demo / "chats").glob("*.csv")))
    chats = chats[chats["speaker"] == "customer"]
    found = [pd.DataFrame({"contact": chats["session_id"], "at": chats["sent_at"], "text": chats["text"]})]
    orders = pd.concat(pd.read_csv(file, dtype=str) for file in sorted((demo / "orders").glob("*.csv")))
    found.append(pd.DataFrame({"contact": orders["order_id"], "at": orders["created_at"], "text": orders["content"]}))
    calls = []
    for file in sorted((demo / "calls").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            call = json.loads(line)
            said = (part["text"] for part in call["segments"] if part["speaker"] == "customer")
            calls += [(call["call_id"], call["started_at"], text) for text in said]
    found.append(pd.DataFrame(calls, columns=["contact", "at", "text"]))
    turns = pd.concat(found, ignore_index=True).dropna(subset=["text"])
    return turns.assign(hour=pd.to_datetime(turns["at"], format="mixed", utc=True).dt.floor("h"))


def main(demo: Path) -> None:
    """Do what the plain stack does."""
    turns = turns_of(demo)
    turns["words"] = [jieba.lcut(text) for text in turns["text"]]
    turns["mood"] = [SnowNLP(text).sentiments if text.strip() else 0.5 for text in turns["text"]]
    contacts = turns.groupby("contact").agg(text=("words", lambda parts: " ".join(" ".join(part) for part in parts)))
    topics, _ = BERTopic(vectorizer_model=CountVectorizer(token_pattern=r"\S+")).fit_transform(list(contacts["text"]))
    keywords = Counter(
        (hour, word) for hour, words in zip(turns["hour"], turns["words"], strict=True) for word in words
    )
    mood = turns.groupby("hour")["mood"].mean()
    print(f"{len(turns)} turns, {len(set(topics))} topics, {len(keywords)} hours of words, {len(mood)} hours of mood")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
