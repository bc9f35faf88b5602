"""Touchpoints on simulated contacts, whose topic is known, and on real text labelled by reading it.

``python -m benchmarks.touchpoints [--corpora DIR] [--confusion]`` prints a Markdown table; about a minute. Real text:
120 service chats and 60 app reviews, drawn by a seed and labelled by one person who had seen the taxonomy; some fit two
or three touchpoints, the likeliest first. "told" is the share that got a touchpoint; "right" the share of these whose
touchpoint is among the labels, "first" among those told the one that is likeliest. A text that belongs nowhere ("-")
and gets a touchpoint is wrong. Seeds were revised after reading what the first half missed: only the second half is a
test. The simulated centre is none, since seeds were added after reading it.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analytics.settings import PROJECT
from analytics.text.normalise import normalise
from analytics.text.redact import redact
from analytics.topics.documents import contact_documents
from analytics.topics.taxonomy import load_taxonomy
from benchmarks.command_line import corpora_parser, options_of
from benchmarks.topic_sets import simulated_contacts

LABELS = PROJECT / "tests" / "analytics" / "topics" / "touchpoint_labels.tsv"
NOWHERE = "-"
APPS = ("mijia", "mi_store", "haier")
SIMULATED = {
    **{name: name for name in ("尺码咨询", "使用方法", "退款进度", "过敏不适", "会员积分")},
    **{
        "库存咨询": "库存到货",
        "客服态度": "客服投诉",
        "优惠券价保": "优惠价格",
        "发票": "发票开具",
        "退换货": "退货换货",
    },
    **{
        "售后维修": "维修保修",
        "查物流": "物流查询",
        "催发货": "催促发货",
        "物流停滞": "物流查询",
        "少件漏发": "错发漏发",
    },
    **{"改地址取消订单": "订单变更", "表扬": "表扬建议", "登录支付": "账号登录|下单支付|软件体验"},
    "质量破损": "质量瑕疵|配送服务|功能故障",
}
"""Topics of the simulated centre to the touchpoints that are right; the two planted ones have none of their own."""


def chats(corpora: Path) -> pd.DataFrame:
    """Return contact_id, turn, text_simplified: what customers say in the service chats."""
    lines = (corpora / "chats" / "jddc_chat.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    said = [
        (row[0], turn, normalise(redact(row[6]))) for turn, row in enumerate(rows) if len(row) > 6 and row[2] == "0"
    ]
    return pd.DataFrame(said, columns=["contact_id", "turn", "text_simplified"])


def app_reviews(corpora: Path) -> pd.DataFrame:
    """Return the bodies of the app reviews without the company's answers; the id is a hash of app and body."""
    rows = []
    for app in APPS:
        bodies = pd.read_excel(corpora / "app_reviews" / f"{app}.xlsx", header=2)["内容"].fillna("").astype(str)
        for body in bodies:
            own = body.split("开发者回复")[0].split("------")[0].replace("（该条评论已经被删除）", "")
            text = normalise(redact(own)).strip()
            rows.append((hashlib.sha256(f"{app}{text}".encode()).hexdigest()[:16], 0, text))
    said = pd.DataFrame(rows, columns=["contact_id", "turn", "text_simplified"])
    return said.drop_duplicates("contact_id")


def labelled(corpora: Path) -> pd.DataFrame:
    """Return set, half, text and labels (a set of names) of the texts that were labelled."""
    labels = pd.read_csv(LABELS, sep="\t", dtype=str, comment="#")
    found = pd.concat([contact_documents(said(corpora)) for said in (chats, app_reviews)])
    both = labels.merge(found, left_on="id", right_on="contact_id", how="inner", validate="one_to_one")
    if len(both) != len(labels):
        sys.stderr.write(f"{len(labels) - len(both)} of {len(labels)} labelled texts are not in {corpora}\n")
    return both


def scores(texts: Sequence[str], labels: Sequence[str]) -> tuple[float, float, float]:
    """Return the share told, and of these the share that is right, and that is the likeliest label."""
    found = load_taxonomy().touchpoints_of(texts)
    told = [(name, label.split("|")) for name, label in zip(found, labels, strict=True) if name is not None]
    right = sum(name in names for name, names in told)
    first = sum(name == names[0] for name, names in told)
    return len(told) / len(texts), right / max(len(told), 1), first / max(len(told), 1)


def confusion(texts: Sequence[str], labels: Sequence[str]) -> pd.DataFrame:
    """Return label, found and n for what is told otherwise than labelled or not told, most first."""
    found = pd.Series(load_taxonomy().touchpoints_of(texts), dtype=object).fillna("(none)")
    table = pd.DataFrame({"label": list(labels), "found": found})
    is_wrong = [name not in label.split("|") for label, name in zip(table["label"], table["found"], strict=True)]
    return table[is_wrong].value_counts().reset_index(name="n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and with --confusion what is confused."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--confusion", action="store_true", help="what was told wrongly, by label")
    options = options_of(parser, arguments)
    simulated = pd.DataFrame(zip(*simulated_contacts(), strict=True), columns=["text", "topic"])
    simulated = simulated[simulated["topic"].isin(SIMULATED)]
    real = labelled(options.corpora)
    sets = {
        "simulated contacts": (simulated["text"], simulated["topic"].map(SIMULATED)),
        **{
            f"{name}, {'revised on' if half == '1' else 'untouched'}": (rows["text"], rows["label"])
            for (name, half), rows in real.groupby(["set", "half"])
        },
    }
    print("| texts | n | told | right where told | likeliest label |\n|---|---|---|---|---|")
    for name, (texts, labels) in sets.items():
        told, right, first = scores(texts.tolist(), labels.tolist())
        print(f"| {name} | {len(texts):,} | {told:.2f} | {right:.2f} | {first:.2f} |")
    if options.confusion:
        for name, (texts, labels) in sets.items():
            print(f"\n{name}\n{confusion(texts.tolist(), labels.tolist()).head(25).to_string(index=False)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
