import pandas as pd

from analytics.conform.speakers import read_channels, read_speakers


def test_words_for_speakers_and_nothing_else() -> None:
    cells = pd.Series(["客户", "坐席", "Robot", "系统", " AGENT ", "2", None], dtype=object)
    assert read_speakers(cells).tolist() == ["customer", "agent", "bot", "system", "agent", None, None]


def test_a_given_value_makes_all_others_the_customer_but_machines() -> None:
    cells = pd.Series(["1", "0", "机器人", None, "客服"], dtype=object)
    assert read_speakers(cells, "1").tolist() == ["agent", "customer", "bot", None, "customer"]


def test_channels_have_one_name_each_and_sites_their_own() -> None:
    cells = pd.Series(["微信", "WeChat", "电话", "门店", None], dtype=object)
    assert read_channels(cells, "web").tolist() == ["wechat", "wechat", "phone", "门店", "web"]
