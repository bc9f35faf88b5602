import pandas as pd
import pytest

from analytics.conform.wording import clean_text, clean_value, mask, repeats_start, simplify, split_answer

RULE = "-" * 89


def series(*cells: str | None) -> pd.Series:  # type: ignore[type-arg]
    return pd.Series(cells, dtype=object)


def test_marks_of_the_export_are_no_words_of_the_customer() -> None:
    found = clean_text(
        series("（该条评论已经被删除）太卡了", "(该条评论已经被删除)", " \t", "\x08好\ufeff", "nan", None, "无")
    )
    assert found.tolist() == ["太卡了", None, None, "好", None, None, "无"]


def test_missing_values_have_many_spellings() -> None:
    assert clean_value(series("NULL", "None", "\\N", "-", " A01 ", "", None)).tolist() == [None] * 4 + [
        "A01",
        None,
        None,
    ]


@pytest.mark.parametrize("who", ["开发者", "商家", "客服", "官方"])
def test_the_company_s_answer_after_a_dashed_line_is_not_the_customer_s(who: str) -> None:
    own, answer = split_answer(
        series(f"打不开\n {RULE} \n {who}回复：用户您好，\n请更新。", "平-----价，客服回复慢", None)
    )
    assert own.tolist() == ["打不开", "平-----价，客服回复慢", None]
    assert answer.tolist() == ["用户您好，\n请更新。", None, None]


def test_an_answer_to_nothing_leaves_nothing_of_the_customer() -> None:
    own, answer = split_answer(series(f"\n{RULE}\n开发者回复：您好"))
    assert (own.tolist(), answer.tolist()) == ([None], ["您好"])


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("很好", "很好", True), ("很好…", "很好用，推荐", True), ("很 好...", "很好用", True),
        ("差评", "太卡", False), ("差", None, False),
    ],
)  # fmt: skip
def test_a_title_cut_out_of_the_text_says_nothing_new(title: str, text: str | None, expected: bool) -> None:
    assert repeats_start(title, text) is expected


def test_masking_comes_before_simplifying_and_keeps_the_script() -> None:
    masked = mask(series("請打13800138000給我", None))
    assert "13800138000" not in masked[0]
    assert masked[0].startswith("請打")
    assert masked[1] is None
    assert simplify(masked[:1])[0].startswith("请打")


@pytest.mark.parametrize(
    "mark",
    [
        "发自我的iPhone",
        "发自我的 iPhone 15 Pro",
        "发自华为手机",
        "来自小米手机",
        "来自iPhone客户端",
        "Sent from my iPhone",
        "来自 Android",
        "从我的iPad发送",
        "Get Outlook for iOS",
        "Sent via Mail for Windows",
        "由我的华为手机发送",
    ],
)
def test_signatures_of_phones_are_no_words_of_the_customer(mark: str) -> None:
    found = clean_text(series(f"充电太慢了。{mark}", f"充电太慢了\n\n{mark}", mark))
    assert found.tolist() == ["充电太慢了。", "充电太慢了", None]


@pytest.mark.parametrize(
    "text",
    [
        "服务好，发自内心的感谢",
        "说好的，从上海发出",
        "这批货来自华为手机专卖店",
        "我的评价来自小米手机的真实体验",
        "不卡，来自小米手机的差评",
        "物流慢，从我的城市发送要三天",
        "安全感\n-- 没有",
    ],
)
def test_words_that_look_like_signatures_stay(text: str) -> None:
    assert clean_text(series(text)).tolist() == [text]


def test_the_signature_of_a_mail_stands_below_two_dashes() -> None:
    assert clean_text(series("退款还没到账\n-- \n张三\n采购部")).tolist() == ["退款还没到账"]


@pytest.mark.parametrize(
    "mark",
    [
        "[已删除]",
        "【已撤回】",
        "[deleted]",
        "该评论已被删除",
        "此条评价已被作者删除。",
        "对方撤回了一条消息",
        "此用户没有填写评价。",
        "用户未填写评价内容",
        "系统默认好评！",
        "评价方未及时做出评价，系统默认好评！",
        "（该评论已删除）",
        "【此条评论已被系统屏蔽】",
    ],
)
def test_what_a_site_writes_in_place_of_words_is_nothing(mark: str) -> None:
    assert clean_text(series(mark)).tolist() == [None]


def test_a_mark_of_deletion_before_the_words_goes_and_talk_of_deleting_stays() -> None:
    found = clean_text(series("（此评论已被作者删除）闪退", "我发的评论已被删除，为什么", "照片误删（已删除）怎么找回"))
    assert found.tolist() == ["闪退", "我发的评论已被删除，为什么", "照片误删（已删除）怎么找回"]


@pytest.mark.parametrize(
    "before",
    [
        "\n————————\n商家回复：",
        "\n======\n官方回复:",
        " -------- 卖家的回复：",
        "\n────────\n【客服回复】：",
        "【商家回复】",
        "[官方回复]：",
        "\n商家回复：",
        "\n开发者回复 2026-03-01 10:00：",
        "\n开发者回复（2026-03-01）：",
        "\n店家答复：",
        "\nDeveloper Response: ",
        "\nResponse from the owner\n",
    ],
)
def test_answers_in_a_text_have_many_marks(before: str) -> None:
    own, answer = split_answer(series(f"打不开{before}您好，请更新"))
    assert (own.tolist(), answer.tolist()) == (["打不开"], ["您好，请更新"])


@pytest.mark.parametrize(
    "text",
    [
        "问了客服，客服回复：不能退",
        "等了三天\n客服回复：不能退",
        "求官方回复",
        "商家回复很快",
        "-----商家不回复",
        "官方回复一下好吗",
    ],
)
def test_what_customers_tell_of_answers_is_their_own(text: str) -> None:
    own, answer = split_answer(series(text))
    assert (own.tolist(), answer.tolist()) == ([text], [None])


def test_one_value_has_one_token_within_a_contact_and_none_beyond() -> None:
    texts = series("打13800138000", "打13900139000", None, "138-0013-8000", "好的", "139 0013 9000")
    masked = mask(texts, series("a", "b", "a", "b", "b", "a"))
    assert masked.tolist() == ["打[手机]", "打[手机]", None, "[手机#a2]", "好的", "[手机#a2]"]
    assert texts.tolist()[0] == "打13800138000"


def test_texts_without_contacts_are_masked_each_by_itself() -> None:
    assert mask(series("13800138000", "13900139000", "13800138000")).tolist() == ["[手机]"] * 3
