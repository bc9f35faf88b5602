"""The topics job on a small lake: the model does not depend on partitions, and a second matter is found."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from analytics.inbox.topic_labels import TopicLabel, TopicLabels
from analytics.schema import TABLES
from analytics.settings import Settings, TopicSettings
from jobs import topics
from jobs.frames import to_pandas
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.topic_documents import customer_documents
from jobs.topic_models import fit_model
from jobs.window import Window

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.timeout(1200)]

DAY = dt.date(2026, 5, 20)
NOW = dt.datetime(2026, 5, 21, 4, tzinfo=dt.UTC)
MATTERS = (
    (("我的快递", "这个包裹", "昨天的物流"), ("到哪里了", "还没送到", "卡在中转站"), ("帮我催一下", "物流不更新")),
    (("申请的退款", "退货的钱", "上周的退款"), ("还没到账", "什么时候到账", "一直处理中"), ("银行卡没收到", "钱没退")),
    (("电子发票", "公司发票", "增值税发票"), ("怎么开", "抬头写错了", "在哪里下载"), ("税号填错了", "报销要用发票")),
    (("摄像头", "智能插座", "扫地机器人"), ("连不上wifi", "一直离线", "配网失败"), ("连接失败", "路由器换了连不上")),
)
BEFORE = ("", "你们", "我想问", "急，", "请看看", "怎么回事，", "你好，")
BEHIND = ("", "，等了三天", "，怎么办", "，赶紧的", "，昨天就这样")
LATER = ("那好我等着看看", "麻烦你们快点处理", "这话我都说过一遍了", "能不能快一点回我")


def matter(number):
    """One way to say the matter: the parts turn at different speeds, so that 280 contacts differ."""
    turn = number // 4
    parts = (slot[turn // 3**place % len(slot)] for place, slot in enumerate(MATTERS[number % 4]))
    return f"{BEFORE[turn % 7]}{'，'.join(parts)}{BEHIND[turn % 5]}"


def said(number):
    """Two turns of one matter; of every twentieth contact, another one after them."""
    one = [matter(number), LATER[number % 4]]
    return [*one, matter(number + 1)] if number % 20 == 0 else one


@pytest.fixture(scope="module")
def lake(spark, tmp_path_factory):
    root = tmp_path_factory.mktemp("topics")
    at = dt.datetime(2026, 5, 20, 2, tzinfo=dt.UTC)
    contacts, utterances = [], []
    for number in range(280):
        one = {"day": DAY, "contact_id": f"c{number:03d}"}
        contacts.append({**one, "source": "demo", "kind": "chat", "channel": "app", "started_at": at})
        for turn, text in enumerate(said(number)):
            row = {"turn": turn, "speaker": "customer", "said_at": at, "text": text, "text_simplified": text}
            utterances.append({**one, **row})
    made = Lake(root / "lake")
    for name, rows in (("contact", contacts), ("utterance", utterances)):
        schema = TABLES[name].arrow()
        full = [{column: row.get(column) for column in schema.names} for row in rows]
        made.replace_arrow(spark, pa.Table.from_pylist(full, schema=schema), name, Window(DAY, DAY))
    return made


def settings_of(root):
    return Settings(home=root, topics=TopicSettings(n_topics=6))


def test_the_same_model_from_one_partition_and_from_four(spark, lake, tmp_path):
    settings = settings_of(tmp_path)
    documents = customer_documents(spark, lake, settings, Window(DAY, DAY)).persist()
    one = fit_model(documents.repartition(1), settings_of(tmp_path / "one"))
    four = fit_model(documents.repartition(4), settings_of(tmp_path / "four"))
    documents.unpersist()
    assert one.name == four.name  # named by the hash of its files
    assert {file.name: file.read_bytes() for file in one.iterdir()} == {
        file.name: file.read_bytes() for file in four.iterdir()
    }


def test_contacts_with_two_matters_have_both_and_the_first_is_theirs_unless_somebody_said_another(
    spark, lake, tmp_path
):
    settings = settings_of(tmp_path)
    labels = TopicLabels(settings.inbox_url)
    for contact, topic in (("c000", "t002"), ("c020", "t001"), ("c001", "")):
        labels.make(TopicLabel(contact_id=contact, topic_id=topic, was=None, made_by="lin", made_at=NOW))
    labels.close()
    topics.run(spark, lake, settings, Window(DAY, DAY), Counts())
    matters = to_pandas(lake.read(spark, "topic_segment")).sort_values(["contact_id", "segment"])
    assigned = to_pandas(lake.read(spark, "contact_topic")).set_index("contact_id")
    double = {f"c{number:03d}" for number in range(0, 280, 20)}
    found = set(matters["contact_id"])
    assert len(assigned) == 280 and len(found & double) >= 5 and len(found - double) <= 5
    own = matters[~matters["contact_id"].isin(["c000", "c020"])]
    assert own.groupby("contact_id")["topic_id"].nunique().eq(2).all()
    assert list(assigned.loc[["c000", "c020"], "topic_id"]) == ["t002", "t001"]
    assert assigned["topic_id"].isna()["c001"]
    main = matters[matters["segment"] == 0].set_index("contact_id")
    assert main["topic_id"].equals(assigned.loc[main.index, "topic_id"])
    assert (main["first_turn"] == 0).all()
    assert matters.loc[matters["contact_id"].isin(double) & (matters["segment"] == 1), "first_turn"].eq(2).all()
