"""What a user would take instead: SnowNLP as it comes and retrained, a dictionary, TF-IDF with logistic regression.

Each is made by a function without arguments and scores texts from −1 to 1.
"""

from __future__ import annotations

import re

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from analytics.schema.table import LABELS
from analytics.sentiment import turns
from analytics.sentiment.linear import LinearModel
from analytics.sentiment.mood import score_of
from analytics.sentiment.train import fit_linear, train_linear, training_texts
from analytics.text.normalise import normalise
from analytics.text.segment import make_segmenter
from benchmarks.language_sets import Scorer, Scores


def ours(model: LinearModel | None = None) -> Scorer:
    """Return the shipped model as a scorer."""
    found = model or train_linear()
    return lambda texts: score_of(found.probabilities(texts))


def two_classes() -> Scorer:
    """Return the same model, same features and texts, without the neutral class: what neutral costs in polarity."""
    texts, labels = training_texts()
    polar = labels != 1
    model = fit_linear([text for text, keep in zip(texts, polar, strict=True) if keep], labels[polar], two_classes=True)
    return lambda given: score_of(model.probabilities(given))


def snownlp_shipped() -> Scorer:
    """Score as the package's README shows it, on the text as written."""
    from snownlp import SnowNLP

    return lambda texts: np.array([2 * SnowNLP(text).sentiments - 1 if text.strip() else 0.0 for text in texts])


def snownlp_retrained() -> Scorer:
    """Return SnowNLP's naive Bayes trained on the polar texts that ours learns from, cut into words by rjieba."""
    from snownlp.classification.bayes import Bayes

    texts, labels = training_texts()
    cut = make_segmenter("rjieba", ()).cut
    bayes = Bayes()
    names = {0: "neg", 2: "pos"}
    bayes.train([[cut(text), names[label]] for text, label in zip(texts, labels.tolist(), strict=True) if label != 1])

    def score(text: str) -> float:
        label, share = bayes.classify(cut(normalise(text)))
        return 2 * (share if label == "pos" else 1 - share) - 1

    return lambda given: np.array([score(text) for text in given])


def dictionary() -> Scorer:
    """Count merits and faults of data/lexicons/opinions.txt; 不, 没 and their kin right before one turn it round."""
    slots = turns.load_grammar(turns.OPINIONS).slots
    values = {word: 1.0 for word in slots["优"]} | {word: -1.0 for word in slots["过"]}
    words = "|".join(sorted(map(re.escape, values), key=len, reverse=True))
    pattern = re.compile(rf"(不太|不怎么|没有|不会|不|没|无)?({words})")

    def score(text: str) -> float:
        found = pattern.findall(normalise(text))
        return sum(values[word] * (-1 if negation else 1) for negation, word in found) / max(len(found), 1)

    return lambda texts: np.array([score(text) for text in texts])


def plain_regression() -> Scorer:
    """Return scikit-learn's TF-IDF of 1 to 3 characters and logistic regression, on SnowNLP's reviews alone."""
    from analytics.sentiment.train import reviews

    texts = {label: reviews(label) for label in (LABELS[0], LABELS[2])}
    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True),
        LogisticRegression(max_iter=300),
    )
    model.fit([*texts["negative"], *texts["positive"]], np.repeat([0, 1], [len(found) for found in texts.values()]))

    def score(given: list[str]) -> Scores:
        shares: Scores = 2 * model.predict_proba(given)[:, 1] - 1
        return shares

    return score


RIVALS = {
    "SnowNLP as shipped": snownlp_shipped,
    "SnowNLP retrained": snownlp_retrained,
    "dictionary": dictionary,
    "TF-IDF + LR": plain_regression,
}
"""Name → how it is made."""
