"""Try rules without Spark: on their own examples, on a file of text, on some days of the lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from analytics.conform import guess_columns, resolve_columns
from analytics.errors import ConfigError
from analytics.rules import Ruleset, categorise, tried
from analytics.rules.categorise import READ
from analytics.rules.examples import Tried
from analytics.rules.load import load_lists, read_rules
from analytics.rules.matcher import matcher_of
from analytics.schema import TABLES
from analytics.sentiment.installed import installed_model
from analytics.sentiment.linear import load_linear
from analytics.sentiment.mood import label_of, score_of
from analytics.settings import Settings
from analytics.text.normalise import normalise
from analytics.text.redact import redact
from analytics.text.segment import make_segmenter
from analytics.warehouse.lake_files import lake_files, of_days
from jobs.progress import console
from jobs.sources.files import read_rows
from jobs.window import Window


@dataclass(frozen=True)
class Sample:
    """What to count on, as the command line says it: a file with its column of text, or days of the lake."""

    file: Path | None = None
    column: str | None = None
    day: str | None = None
    to: str | None = None
    n_shown: int = 0


def try_file(settings: Settings, file: Path, sample: Sample) -> bool:
    """Print what the rules of a file find in their examples, or in the sample; return whether no example is wrong."""
    rules = Ruleset(read_rules(file, load_lists(settings.lexicons, settings.rules_folder)))
    if not rules.categories:
        raise ConfigError(f"{file}: expected at least one [[category]], got none")
    matcher = matcher_of(rules, make_segmenter(settings.text.segmenter, ()).cut if rules.counts_tokens else None)
    if sample.file is None and sample.day is None:
        return _print_examples(rules, tried(rules, matcher))
    turns = _of_file(settings, sample, rules) if sample.file else _of_lake(settings, sample)
    _print_counts(turns, categorise(turns, rules, matcher), rules, sample.n_shown)
    return all(one.is_right for one in tried(rules, matcher))


def _print_examples(rules: Ruleset, results: list[Tried]) -> bool:
    out = Console(highlight=False, soft_wrap=True)
    for category in rules.categories:
        own = [one for one in results if one.category == category.name]
        out.print(f"[bold]{category.name}[/bold]  {escape(category.label)}  {len(own)} 句")
        for one in own:
            mark = "[green]✓[/green]" if one.is_right else "[red]✗[/red]"
            wanted = "应命中" if one.expected else "不应命中"
            line = f"  {mark} {wanted}  {_marked(one)}"
            out.print(line if one.is_right else f"[red]{line}[/red]")
    wrong = [one for one in results if not one.is_right]
    console.print(f"{len(results) - len(wrong)} 句符合预期，{len(wrong)} 句不符")
    return not wrong


def _marked(one: Tried) -> str:
    """Return the turns with the evidence in brackets."""
    said = []
    for number, text in enumerate(one.turns):
        spans = [(start, stop) for turn, start, stop, _ in one.evidence if turn == number]
        said.append(_bracketed(text, spans))
    sure = max((confidence for *_, confidence in one.evidence), default=None)
    return " / ".join(said) + ("" if sure is None or sure == 1 else f"  [dim]{sure:.2f}[/dim]")


def _bracketed(text: str, spans: list[tuple[int, int]]) -> str:
    at, parts = 0, []
    for start, stop in sorted(spans):
        parts += [escape(text[at:start]), f"【[bold]{escape(text[start:stop])}[/bold]】"]
        at = stop
    return "".join([*parts, escape(text[at:])])


def _of_file(settings: Settings, sample: Sample, rules: Ruleset) -> pd.DataFrame:
    """Return each row of a file as a review of one customer turn, with its mood where a rule asks for it."""
    table = read_rows(Path(str(sample.file)))
    named: Mapping[str, str] = {"text": sample.column} if sample.column else {}
    columns = resolve_columns(table.frame, named) if named else guess_columns(table.frame, {})
    if "text" not in columns:
        raise ConfigError(f"{sample.file}: no column of text was recognised; name it with --text")
    texts = table.frame[columns["text"]].dropna().astype(str)
    if not named:
        console.print(f"文本列 = {columns['text']}（猜的）")
    masked = [redact(text) for text in texts]
    simplified = [normalise(text) for text in masked]
    turns = pd.DataFrame({"contact_id": texts.index.astype(str), "turn": 0, "text": masked})
    turns = turns.assign(text_simplified=simplified, speaker="customer", kind="review", channel=None)
    if any(category.reads_mood for category in rules.categories):
        scorer = load_linear(installed_model(settings.models))
        probabilities = scorer.probabilities(simplified)
        return turns.assign(sentiment_score=score_of(probabilities), sentiment_label=label_of(probabilities))
    return turns.assign(sentiment_score=np.nan, sentiment_label=None)


def _of_lake(settings: Settings, sample: Sample) -> pd.DataFrame:
    window = Window.parse(str(sample.day), sample.to)
    turns = _lake_rows(settings, "utterance", window, ["contact_id", "turn", "speaker", "text", "text_simplified"])
    if turns.empty:
        raise ConfigError(f"the lake has no turns from {window.first} to {window.last}; run those days, or name others")
    moods = _lake_rows(settings, "turn_mood", window, ["contact_id", "turn", "sentiment_score", "sentiment_label"])
    contacts = _lake_rows(settings, "contact", window, ["contact_id", "kind", "channel"])
    flagged = _lake_rows(settings, "contact_flag", window, ["contact_id"])["contact_id"]
    formed = _lake_rows(settings, "turn_template", window, ["contact_id", "turn", "is_template"])
    known = turns.merge(moods, "left", ["contact_id", "turn"]).merge(contacts, "left", "contact_id")
    if settings.flags.leave_out:
        known = known.merge(formed, "left", ["contact_id", "turn"])
        known = known[known["is_template"].isna() & ~known["contact_id"].isin(flagged)]
    return known[list(READ)].reset_index(drop=True)


def _lake_rows(settings: Settings, table: str, window: Window, columns: list[str]) -> pd.DataFrame:
    files = of_days(lake_files(settings.lake, table), window.first, window.last)
    schema = pa.schema([TABLES[table].arrow().field(name) for name in columns])
    parts = [pq.ParquetFile(file).read(columns).select(columns).cast(schema) for file in files]
    found: pd.DataFrame = pa.concat_tables([schema.empty_table(), *parts]).to_pandas()
    return found


def _print_counts(turns: pd.DataFrame, found: pd.DataFrame, rules: Ruleset, n_shown: int) -> None:
    n_contacts = turns["contact_id"].nunique()
    table = Table("名称", "标签", "条数", "占比", "证据", box=None)
    said: dict[object, str] = turns.set_index(["contact_id", "turn"])["text"].to_dict()
    for category in rules.categories:
        own = found[found["category"] == category.name]
        n = own["contact_id"].nunique()
        table.add_row(category.name, category.label, f"{n:,}", f"{n / max(n_contacts, 1):.2%}", f"{len(own):,}")
        for place, hits in islice(own.groupby(["contact_id", "turn"], sort=False), n_shown):
            spans = list(zip(hits["start"], hits["stop"], strict=True))
            table.add_row("", "", "", "", _bracketed(said[place], spans))
    Console(highlight=False).print(table)
    console.print(f"共 {n_contacts:,} 个联络，{len(turns):,} 句")
