"""How fast segment and sentiment read customers' turns, beside the plain loop jieba + SnowNLP on some of them.

    python -m benchmarks.language_speed [--turns 400000] [--corpora DIR]

A lake of real text is written to a temporary folder: 70 % turns of JD's service chats, in chats of six, and 30 %
reviews of takeaways and shops. Chat turns are drawn with repetition. One whose text stands only once in the source gets
a new number each time it is drawn, and so does a review drawn again: as many turns are distinct as in the source, where
a larger source would repeat more. The real jobs run over it in one Spark session, three times: the first time is cold
(workers start, dictionaries and models are loaded), the last warm. Seconds are those of the clock and, in brackets, of
the processor, over all processes of Spark: these hardly depend on what else the machine does. The floor is the same
functions in one process without Spark, in seconds of the processor, and so is the plain loop. Nothing is kept.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.conform.wording import simplify
from analytics.schema import TABLES
from analytics.settings import PROJECT
from benchmarks.command_line import corpora_parser, options_of

SEED = 20260101
FIRST_DAY = dt.date(2026, 3, 2)
DAYS = 4
TURNS_A_CHAT = 6
CHAT_SHARE = 0.7
_JOBS = """
import json, sys, time
began = time.monotonic()
from pathlib import Path
from analytics.settings import load_settings
from jobs.lake import Lake
from jobs.session import spark_session
from jobs.stage import run_jobs
from benchmarks.language_speed import processor_seconds
from jobs.window import Window
settings, window, seconds = load_settings(), Window.parse(sys.argv[1], sys.argv[2]), {}
from analytics.sentiment.installed import installed_model
installed_model(settings.models)
began = time.monotonic()
with spark_session("speed", log=settings.home / "spark.log") as spark:
    spark.range(1).count()
    seconds["start"] = time.monotonic() - began
    seconds["start cpu"] = processor_seconds()
    for turn in ("cold", "second", "warm"):
        for job in ("segment", "sentiment"):
            clock, cpu = time.monotonic(), processor_seconds()
            run_jobs(spark, (job,), settings, window)
            seconds[f"{turn} {job}"] = time.monotonic() - clock
            seconds[f"{turn} {job} cpu"] = processor_seconds() - cpu
print(json.dumps(seconds))
"""
_FLOOR = """
import json, sys, time
import numpy as np, pandas as pd, pyarrow.parquet as pq
from pathlib import Path
from analytics.settings import load_settings
from analytics.sentiment.contact_mood import contact_mood
from analytics.sentiment.courtesy import n_told
from analytics.sentiment.installed import installed_model
from analytics.sentiment.linear import load_linear
from analytics.sentiment.mood import label_of, score_of
from analytics.text.segment import make_segmenter
from jobs.segment import user_words
settings = load_settings()
segmenter = make_segmenter(settings.text.segmenter, user_words(settings))
model = load_linear(installed_model(settings.models))
rows = pd.concat(pq.read_table(file).to_pandas() for file in sorted((settings.lake / "utterance").rglob("*.parquet")))
rows = rows[rows["speaker"] == "customer"]
segmenter.cut("热身"), model.probabilities(["热身"])
began = time.process_time()
codes, texts = pd.factorize(rows["text_simplified"])
cut = [segmenter.cut_clauses(text) for text in texts]
cut = [cut[code] for code in codes]
seconds = {"segment": time.process_time() - began}
began = time.process_time()
codes, texts = pd.factorize(rows["text_simplified"])
probabilities = model.probabilities(list(texts))
found = {"sentiment_score": score_of(probabilities)[codes], "label": label_of(probabilities)[codes],
         "n_chars": rows["text_simplified"].str.len(), "n_told": np.array([n_told(text) for text in texts])[codes]}
contact_mood(rows[["contact_id", "turn"]].assign(**found))
seconds["sentiment"] = time.process_time() - began
print(json.dumps(seconds))
"""
_PLAIN = """
import json, sys, time
import jieba
from snownlp import SnowNLP
jieba.lcut("热身"), SnowNLP("热身").sentiments
texts = json.load(open(sys.argv[1], encoding="utf-8"))
began = time.process_time()
for text in texts:
    jieba.lcut(text), SnowNLP(text).sentiments
print(json.dumps({"plain": time.process_time() - began}))
"""


def run(corpora: Path, *, n_turns: int = 400_000, n_plain: int = 3_000, cores: int = 2) -> None:
    """Measure and print a Markdown table.

    Parameters
    ----------
    corpora : Path
        Folder of the real text.
    n_turns : int
        Customer turns in the lake.
    n_plain : int
        Of these, how many the plain loop reads.
    cores : int
        Of Spark.
    """
    with tempfile.TemporaryDirectory(prefix="kesheng-speed-") as folder:
        home = Path(folder)
        texts = draw_texts(corpora, n_turns)
        write_lake(home / "lake", texts)
        sample = np.random.default_rng(SEED).choice(np.asarray(texts, dtype=object), n_plain, replace=False)
        (home / "sample.json").write_text(json.dumps(sample.tolist()), encoding="utf-8")
        last = FIRST_DAY + dt.timedelta(days=DAYS - 1)
        spark = _seconds(home, cores, _JOBS, str(FIRST_DAY), str(last))
        floor = _seconds(home, 1, _FLOOR)
        plain = _seconds(home, 1, _PLAIN, str(home / "sample.json"))["plain"]
    lengths = [len(text) for text in texts]
    print(
        f"{n_turns:,} customer turns of {np.mean(lengths):.1f} characters, {len(set(texts)) / n_turns:.0%} of them "
        f"distinct, beside as many agents' turns, over {DAYS} days; Spark on {cores} cores started in "
        f"{spark['start']:.1f} s.\n"
    )
    print("| | segment s | sentiment s | both s | customer turns/s | against the plain loop |")
    print("|---|---|---|---|---|---|")
    slow = n_plain / plain
    for name, state, start in (
        ("warm", "warm", False), ("cold", "cold", False), ("cold, with Spark's start", "cold", True),
    ):  # fmt: skip
        clock, cpu = _both(spark, state, with_start=start), _both(spark, state, " cpu", with_start=start)
        cells = " | ".join(f"{a:.1f} ({b:.1f})" for a, b in zip(clock, cpu, strict=True))
        speeds = f"{n_turns / clock[2]:,.0f} ({n_turns * cores / cpu[2]:,.0f})"
        print(f"| jobs, {cores} cores, {name} | {cells} | {speeds} | {n_turns / clock[2] / slow:,.0f} × |")
    both = sum(floor.values())
    parts = f"({floor['segment']:.1f}) | ({floor['sentiment']:.1f}) | ({both:.1f})"
    print(f"| the same functions, one process | {parts} | ({n_turns / both:,.0f}) | {n_turns / both / slow:,.0f} × |")
    print(f"| plain loop, one process, {n_plain:,} of the turns | | | ({plain:.1f}) | ({slow:,.0f}) | 1 × |")


def draw_texts(corpora: Path, n_turns: int) -> list[str]:
    """Return texts of customer turns, chats first, as the module's head says."""
    rng = np.random.default_rng(SEED)
    chats = [text.strip() for text in _chat_turns(corpora) if text.strip()]
    reviews = [text.strip() for text in _reviews(corpora) if text.strip()]
    n_chat = round(n_turns * CHAT_SHARE)
    drawn = [(chats, n_chat, Counter(chats)), (reviews, n_turns - n_chat, Counter(set(reviews)))]
    texts: list[str] = []
    for source, n, known in drawn:
        seen: Counter[str] = Counter()
        for place in rng.integers(len(source), size=n):
            text = source[place]
            seen[text] += 1
            texts.append(text if known[text] > 1 or seen[text] == 1 else f"{text} {rng.integers(10**9)}")
    return texts


def write_lake(lake: Path, texts: Sequence[str]) -> None:
    """Write `utterance` as conform does: a folder a day, chats of six customer turns, reviews of one."""
    n_chat = round(len(texts) * CHAT_SHARE)
    place = np.arange(len(texts))
    number = np.where(place < n_chat, place // TURNS_A_CHAT, place)
    turn = np.where(place < n_chat, place % TURNS_A_CHAT, 0) * 2
    written = simplify(pd.Series(texts, dtype=object)).to_numpy()
    frame = pd.DataFrame(
        {"contact_id": [f"c{n:07d}" for n in number], "turn": turn, "text": texts, "text_simplified": written}
    )
    both = pd.concat(
        [
            frame.assign(speaker="customer"),
            frame.assign(speaker="agent", turn=turn + 1, text="您好，请稍等", text_simplified="您好，请稍等"),
        ]
    ).sort_values(["contact_id", "turn"])
    day = both["contact_id"].str[1:].astype(int) % DAYS
    schema = TABLES["utterance"].arrow()
    schema = schema.remove(schema.get_field_index("day"))
    for offset in range(DAYS):
        folder = lake / "utterance" / f"day={FIRST_DAY + dt.timedelta(days=offset)}"
        folder.mkdir(parents=True)
        of_day = both[day == offset]
        columns = [
            pa.array(of_day[c.name], c.type) if c.name in of_day else pa.nulls(len(of_day), c.type) for c in schema
        ]
        pq.write_table(pa.Table.from_arrays(columns, schema=schema), folder / "part-0.parquet", compression="zstd")


def _chat_turns(corpora: Path) -> list[str]:
    """Return what customers say in JD's chats: column 3 is 1 for the agent, column 7 the text."""
    lines = (corpora / "chats" / "jddc_chat.tsv").read_text(encoding="utf-8").splitlines()
    return [row[6] for row in (line.split("\t") for line in lines) if len(row) > 6 and row[2] == "0"]


def _reviews(corpora: Path) -> list[str]:
    names = ("waimai_10k.csv", "online_shopping_7_cats.csv")
    return [str(t) for name in names for t in pd.read_csv(corpora / "sentiment" / name)["review"].dropna()]


def processor_seconds() -> float:
    """Return the processor time so far of this process and all below it, the JVM and its Python workers; Linux only."""
    found: dict[int, tuple[int, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        found[int(stat.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    mine = {os.getpid()}
    while more := {process for process, (parent, _) in found.items() if parent in mine} - mine:
        mine |= more
    return sum(found[process][1] for process in mine if process in found) / os.sysconf("SC_CLK_TCK")


def _both(found: dict[str, float], state: str, kind: str = "", *, with_start: bool) -> tuple[float, float, float]:
    segment, sentiment = found[f"{state} segment{kind}"], found[f"{state} sentiment{kind}"]
    return segment, sentiment, segment + sentiment + (found[f"start{kind}"] if with_start else 0.0)


def _seconds(home: Path, cores: int, script: str, *arguments: str) -> dict[str, float]:
    environment = {**os.environ, "KESHENG_HOME": str(home), "SPARK_MASTER": f"local[{cores}]"}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the measured process stopped: {done.stderr.strip()[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--turns", type=int, default=400_000, help="customer turns in the lake")
    given = options_of(parser, arguments)
    run(given.corpora, n_turns=given.turns)
    return 0


if __name__ == "__main__":
    sys.exit(main())
