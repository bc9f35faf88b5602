import pandas as pd
import pytest

from analytics.conform.columns import guess_columns, resolve_columns
from analytics.conform.header_names import name_rank, plain_name
from analytics.errors import SchemaError

LONG = [
    "空调不制冷，师傅来了两次也没修好",
    "物流太慢，等了整整一个星期才到",
    "客服态度很好，问题当天就解决了",
    "一般般",
]
TIMES = ["2020/6/8", "2020-06-09 13:05", "2020年6月8日", "2020-06-10"]


def frame(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("评论内容", "text"), ("內容", "text"), ("Review", "text"), ("desc", "text"), ("问题描述", "text"),
        ("投诉内容", "text"),
        ("发表时间", "time"), ("datetime", "time"), ("createdAt", "time"), ("創建時間", "time"), ("评级", "rating"),
        ("Review Rating", "rating"), ("星级", "rating"), ("工单编号", "id"), ("order_id", "id"), ("会话ID", "contact"),
        ("客户编号", "customer"), ("坐席工号", "agent"), ("班组", "team"), ("渠道", "channel"),
        ("car_model", "product"),
        ("标题", "title"), ("处理结果", "reply"), ("角色", "speaker"), ("结束时间", "ended"),
    ],
)  # fmt: skip
def test_headers_of_exports_are_known(header: str, role: str) -> None:
    assert name_rank(header, role) is not None


def test_a_review_export_is_guessed_by_names() -> None:
    table = frame(发表时间=TIMES, 作者=[None] * 4, 评级=list("5121"), 标题=["差", "慢", "好", "行"], 内容=LONG)
    assert guess_columns(table) == {"time": "发表时间", "rating": "评级", "title": "标题", "text": "内容"}


def test_columns_with_names_nobody_knows_are_guessed_by_their_cells() -> None:
    table = frame(甲=TIMES, 乙=LONG, 丙=["1", "3", "5", "4"], 丁=["已结", "已结", "处理中", "已结"])
    assert guess_columns(table) == {"time": "甲", "text": "乙", "rating": "丙"}


def test_a_label_of_0_and_1_is_no_rating_whatever_it_is_called() -> None:
    assert "rating" not in guess_columns(frame(label=list("1010"), review=LONG))
    assert "rating" not in guess_columns(frame(score=list("1010"), review=LONG))


def test_a_column_that_is_empty_is_not_taken_for_what_its_name_says() -> None:
    table = frame(id=[None] * 4, id_=["515601", "515594", "515592", "515589"], desc=LONG)
    assert guess_columns(table) == {"id": "id_", "text": "desc"}


def test_a_name_is_not_believed_against_the_cells() -> None:
    table = frame(
        时间=["很久", "不久", "一般", "说不准"],
        编号=["1", "1", "1", "2"],
        评价=["好评", "差评", "好评", "好评"],
        说明文字=LONG,
    )
    assert guess_columns(table) == {"text": "说明文字"}


def test_message_rows_have_a_session_that_repeats() -> None:
    table = frame(session_id=["a", "a", "b", "b"], speaker=["customer", "agent"] * 2, text=LONG, sent_at=TIMES)
    assert guess_columns(table) == {"contact": "session_id", "speaker": "speaker", "text": "text", "time": "sent_at"}
    single = frame(session_id=list("abcd"), text=LONG)
    assert guess_columns(single) == {"id": "session_id", "text": "text"}


def test_known_columns_are_taken_as_they_are_and_not_given_twice() -> None:
    table = frame(内容=LONG, 备注=LONG[::-1], 时间=TIMES)
    assert guess_columns(table, {"text": "备注", "time": 3}) == {"text": "备注", "time": "时间"}


def test_a_table_without_text_names_its_columns_and_the_option() -> None:
    with pytest.raises(SchemaError, match=r"no text column among: timestamp, value; name it with --text"):
        guess_columns(frame(timestamp=TIMES, value=["1", "2", "3", "4"]))


def test_columns_by_number_count_from_1_and_a_missing_one_is_named() -> None:
    table = pd.DataFrame(columns=["1", "2", "3"])
    assert resolve_columns(table, {"contact": 1, "text": "3"}) == {"contact": "1", "text": "3"}
    with pytest.raises(SchemaError, match=r"text: there is no column 4; the file has 3"):
        resolve_columns(table, {"text": 4})
    with pytest.raises(SchemaError, match=r"contact_id is no role; known roles: text"):
        resolve_columns(table, {"contact_id": 1})


def test_of_a_file_whose_rows_were_all_refused_the_names_are_believed() -> None:
    assert guess_columns(frame(编号=[], 时间=[], 内容=[])) == {"id": "编号", "time": "时间", "text": "内容"}


def test_the_spelling_of_a_name_does_not_matter() -> None:
    assert plain_name(" Session-ID ") == plain_name("sessionId") == plain_name("session id") == "session_id"


ORDERS = {"编号": list("abcd"), "内容": LONG, "创建时间": TIMES}


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("手机号", ["13800138000", "13800138001", None, None], "phone"),
        ("邮箱", ["a@b.cn", None, None, "c@d.cn"], "email"),
        ("unionId", ["u1", "u2", "u1", None], "unionid"),
        ("订单号", ["7001", "7001", "7002", None], "order"),
        ("登录账号", ["x1", "x2", "x3", "x4"], "login"),
        ("问题类型", ["安装", "维修", "安装", "咨询"], "category"),
        ("工单状态", ["新建", "处理中", "已关闭", "已关闭"], "status"),
        ("截止时间", TIMES, "due"),
        ("会员等级", ["普通", "VIP2", None, "钻石"], "tier"),
        ("转接次数", ["0", "2", "1次", None], "transfers"),
        ("流转记录", ["2026-03-01 新建", None, "2026-03-01 新建；2026-03-02 关闭", None], "history"),
        ("更新时间", TIMES, "version"),
        ("是否删除", ["0", "0", "1", "0"], "deleted"),
    ],
)
def test_columns_of_persons_orders_and_records_are_known(header: str, cells: list[str | None], role: str) -> None:
    found = guess_columns(frame(**ORDERS, **{header: cells}))
    assert found == {"id": "编号", "text": "内容", "time": "创建时间", role: header}


def test_a_record_s_change_is_its_time_where_nothing_else_is() -> None:
    assert guess_columns(frame(内容=LONG, updated_at=TIMES)) == {"text": "内容", "time": "updated_at"}


def test_an_order_s_number_is_the_id_where_there_is_no_better() -> None:
    assert guess_columns(frame(内容=LONG, 订单号=list("abcd"))) == {"text": "内容", "id": "订单号"}
    both = guess_columns(frame(内容=LONG, 订单号=list("abcd"), 工单号=list("efgh")))
    assert both == {"text": "内容", "order": "订单号", "id": "工单号"}


def test_a_status_nobody_knows_and_a_class_of_product_are_left() -> None:
    table = frame(
        内容=LONG, status=["信息登记", "信息登记", "资料齐全", "资料齐全"], category=["空调", "冰箱", "空调", "空调"]
    )
    assert guess_columns(table) == {"text": "内容", "product": "category"}
