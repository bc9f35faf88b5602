"""What `kesheng topics split` does: show the parts a topic would fall into, and keep the decision for the next fit."""

from __future__ import annotations

import pandas as pd

from analytics.errors import ConfigError
from analytics.settings import Settings, load_settings
from analytics.text.segment import make_segmenter
from analytics.topics.checks import check_decision, known_topic
from analytics.topics.decisions import TopicDecision
from analytics.topics.documents import contact_documents
from analytics.topics.splitting import N_TYPICAL, Part, parts_of
from jobs.topic_decide import keep
from jobs.topic_lookup import TopicLookup, topic_lookup

N_CONTACTS = 2_000
_LONGEST = 80


def split_topic(topic: str, n_parts: int, *, why: str, by: str | None, preview: bool) -> str:
    """Return the parts of a topic, and unless it is only a preview keep that the next fit splits it.

    Raises
    ------
    ConfigError
        If there is no such topic, no model, or too little text to part.
    """
    settings = load_settings()
    with topic_lookup(settings) as lookup:
        decision = TopicDecision(kind="split", topic_id=known_topic(topic, lookup.topics), value=str(n_parts))
        check_decision(decision, lookup.topics, lookup.decided)
        lines = _parts(settings, lookup, decision.topic_id, n_parts)
        if preview:
            return "\n".join([*lines, f"只是预览。决定拆分：kesheng topics split {decision.topic_id} --into {n_parts}"])
        number = keep(settings, decision, lookup, why=why, by=by)
    after = "下一次训练（每周，或 kesheng run retrain --day 最近一天）时分开：最大的一份保留编号和名称，其余得到新编号"
    return "\n".join([*lines, f"决定 {number}：{decision.topic_id} 分成 {n_parts} 份", after,
                      f"撤回：kesheng topics withdraw {number}"])  # fmt: skip


def _parts(settings: Settings, lookup: TopicLookup, topic_id: str, n_parts: int) -> list[str]:
    from jobs.segment import site_lexicons
    from jobs.topic_models import current_model, load_model

    folder = current_model(settings.models)
    if folder is None:
        raise ConfigError("topics: split needs the model in use and there is none; run kesheng run topics first")
    turns = lookup.turns(topic_id, N_CONTACTS)
    documents = contact_documents(turns).drop_duplicates("text")
    documents = documents[documents["text"] != ""].reset_index(drop=True)
    lexicons = site_lexicons(settings)
    segmenter = make_segmenter(settings.text.segmenter, lexicons.words)
    texts = documents["text"].tolist()
    parts = parts_of(
        texts,
        load_model(folder, settings).embedder.transform(texts),
        n_parts,
        seed=settings.topics.seed,
        tokenize=lambda text: lexicons.presentable(segmenter.cut(text)),
    )
    return [line for number, part in enumerate(parts, start=1) for line in _described(number, part, documents)]


def _described(number: int, part: Part, documents: pd.DataFrame) -> list[str]:
    share = len(part.members) / len(documents)
    head = f"第 {number} 份：{len(part.members)} 种说法（{share:.0%}），词：{' '.join(part.words)}"
    typical = documents.iloc[list(part.members[:N_TYPICAL])]
    said = zip(typical["text"], typical["contact_id"], strict=True)
    return [head, *(f"  「{' '.join(text.split())[:_LONGEST]}」 {contact}" for text, contact in said)]
