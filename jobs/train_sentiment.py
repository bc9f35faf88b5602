"""What `kesheng train sentiment` does: train and describe the shipped model, learn the site, switch between them."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd

from analytics.errors import ConfigError, StageError
from analytics.inbox.labels import MoodLabels
from analytics.schema import LIVE_KINDS
from analytics.sentiment.card import CARD, lesson_table, shipped_card, site_card, weights_sha256
from analytics.sentiment.installed import InUse, in_use, installed_model, is_model, point_at
from analytics.sentiment.labels import SiteLabels, site_labels
from analytics.sentiment.linear import WEIGHTS, load_linear
from analytics.sentiment.self_check import self_check
from analytics.sentiment.site import Lesson, learn_site, require_enough, site_name
from analytics.sentiment.train import ensure_model, train_linear
from analytics.settings import Settings, load_settings
from analytics.warehouse import lake_files, select_sql
from jobs.progress import console, step

MAX_TALK = 20_000
_TABLES = ("contact", "utterance", "contact_flag", "turn_template")
_CONTACTS = "SELECT contact_id, source, kind, started_at, rating FROM contact {own}"
_TURNS = """
SELECT contact_id, turn, text_simplified FROM utterance SEMI JOIN labelled USING (contact_id)
{no_template} WHERE speaker = 'customer'
"""
_TALK = """
SELECT text_simplified FROM utterance SEMI JOIN live USING (contact_id) ANTI JOIN labelled USING (contact_id)
WHERE speaker = 'customer' AND trim(text_simplified) <> '' ORDER BY hash(contact_id), contact_id, turn LIMIT {limit}
"""


def run(*, site: bool, use: str | None, force: bool, settings: Settings | None = None) -> str:
    """Do what the options say; return what is to be printed.

    Raises
    ------
    ConfigError
        If options exclude each other, there are too few labels, or the model learnt is not better.
    StageError
        If training anew gives other bytes.
    """
    settings = settings or load_settings()
    if site + force + (use is not None) > 1:
        raise ConfigError("train sentiment: expected one of --site, --use and --force; what is learnt worse than what"
                          " there is cannot be forced in")  # fmt: skip
    if use is not None:
        return _switch(settings.models, use)
    return learn(settings) if site else train_shipped(settings.models, anew=force)


def train_shipped(models: Path, *, anew: bool) -> str:
    """Train the shipped model if it is not there, write its card; with `anew` train again and compare the bytes."""
    began = time.monotonic()
    with step("mood model"):
        folder = ensure_model(models)
    said = [f"模型 {folder}", f"用时 {time.monotonic() - began:.1f} s", f"权重 SHA-256 {weights_sha256(folder)}"]
    if anew:
        with step("mood model, anew"):
            _compare(folder)
        said.append("重新训练，字节相同")
    if anew or not (folder / CARD).exists():
        with step("model card"):
            _write(folder / CARD, shipped_card(folder, self_check()))
    said.append(f"在用 {installed_model(models).name}")
    return "\n".join([*said, "", (folder / CARD).read_text(encoding="utf-8")])


def learn(settings: Settings) -> str:
    """Learn the site; install the model if it is better.

    Raises
    ------
    ConfigError
        If there are too few labels, or the model is not better; then the one in use stays.
    """
    with step("labels"):
        labels, talk = read_site(settings)
        require_enough(labels)
    with step("mood model"):
        shipped = ensure_model(settings.models)
    base = load_linear(shipped)
    with step("learning the site"):
        lesson = learn_site(base, labels, talk)
    console.print(lesson_table(lesson), markup=False, soft_wrap=True)
    if lesson.refused:
        raise ConfigError(
            f"train sentiment --site: the model learnt is not installed: {lesson.refused};"
            f" {installed_model(settings.models).name} stays in use. Collect more labels (docs/train.md)"
        )
    folder = _install(settings.models, shipped.name, lesson)
    return "\n".join(
        [f"已安装 {folder}", "下次运行 kesheng run 时采用；kesheng train sentiment --use shipped 可退回", "",
         (folder / CARD).read_text(encoding="utf-8")]
    )  # fmt: skip


def read_site(settings: Settings) -> tuple[SiteLabels, list[str]]:
    """Return the site's labels, and customer turns of calls and chats that have none, in an order that is no order."""
    kept = MoodLabels(settings.inbox_url)
    corrections = pd.DataFrame(
        [(label.contact_id, label.turn, label.label) for label in kept.holding()],
        columns=["contact_id", "turn", "label"],
    ).astype(object)
    kept.close()
    leave_out = settings.flags.leave_out
    with duckdb.connect() as lake:
        lake.execute("SET TimeZone = 'UTC'")
        for name in _TABLES:
            lake.execute(f"CREATE VIEW {name} AS {select_sql(name, lake_files(settings.lake, name))}")
        own = "ANTI JOIN contact_flag USING (contact_id)" if leave_out else ""
        contacts = lake.execute(_CONTACTS.format(own=own)).df()
        known = contacts["rating"].notna() | contacts["contact_id"].isin(corrections["contact_id"])
        lake.register("labelled", contacts[known][["contact_id"]])
        lake.register("live", contacts[contacts["kind"].isin(LIVE_KINDS)][["contact_id"]])
        no_template = "ANTI JOIN turn_template USING (contact_id, turn)" if leave_out else ""
        turns = lake.execute(_TURNS.format(no_template=no_template)).df()
        talk = lake.execute(_TALK.format(limit=MAX_TALK)).df()["text_simplified"].tolist()
    return site_labels(contacts[known], turns, corrections), talk


def _install(models: Path, base: str, lesson: Lesson) -> Path:
    folder = models / "sentiment" / site_name(base, lesson.adapted.model)
    lesson.adapted.model.save(folder, {"base": base, "strength": lesson.adapted.strength, "learnt": lesson.n_learnt})
    _write(folder / CARD, site_card(folder, base, lesson))
    point_at(models, InUse("site", folder.name, base))
    return folder


def _switch(models: Path, use: str) -> str:
    if use not in ("shipped", "site"):
        raise ConfigError(f"train sentiment --use: expected shipped or site, got {use!r}")
    if use == "shipped":
        try:
            known = in_use(models)
        except ConfigError:
            known = InUse()
        point_at(models, replace(known, kind="shipped"))
        return "在用 随附模型（shipped）；下次运行 kesheng run 时采用"
    known, shipped = in_use(models), ensure_model(models)
    if not known.site or not is_model(models / "sentiment" / known.site) or known.base != shipped.name:
        raise ConfigError(
            "train sentiment --use site: expected a model of this site that fits the shipped one, found none; run"
            " kesheng train sentiment --site"
        )
    point_at(models, replace(known, kind="site"))
    return f"在用 {known.site}；下次运行 kesheng run 时采用"


def _compare(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as private:
        train_linear().save(Path(private) / "anew", {})
        if (Path(private) / "anew" / WEIGHTS).read_bytes() != (folder / WEIGHTS).read_bytes():
            raise StageError(
                f"train sentiment: expected the bytes of {folder}, got others from the same inputs; another version of"
                " numpy, scipy or scikit-learn is installed than when it was trained (requirements.lock). Delete that"
                " folder to train it with these"
            )


def _write(path: Path, text: str) -> None:
    private = path.with_name(f".{path.name}.new")
    private.write_text(text, encoding="utf-8")
    os.replace(private, path)
