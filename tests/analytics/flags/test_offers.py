import pytest

from analytics.errors import ConfigError
from analytics.flags import offers
from analytics.flags.offers import is_advertising


@pytest.mark.parametrize(
    "text",
    [
        "急招兼职,日结两百,加微信[微信]",
        "内部券天天发,想省钱的进群,公众号:省钱小屋",
        "正规代开发票,税点低,联系[手机]",
        "无抵押贷款,当天放款,详询[手机]",
        "在家赚零花钱,加v信 abc_12345",
        "专业刷好评,价格优惠,QQ:[QQ]",
    ],
)
def test_an_offer_with_a_way_to_get_it_is_advertising(text):
    assert is_advertising(text)


@pytest.mark.parametrize(
    "text",
    [
        "我的电话[手机],请尽快回电",
        "订单[号码],收件人姓王,手机[手机]",
        "怎么开发票?发到我邮箱[邮箱]",
        "上个月的发票还能补开吗,电话[手机]",
        "加了卖家微信[微信],说好的返现没到账",
        "有人冒充客服叫我做兼职刷单,对方微信[微信],是不是骗人的",
        "优惠券怎么用不了",
        "微信支付失败,扣款了没有订单",
        "链接发我一下 https://a.cn/b",
        "",
    ],
)
def test_a_customer_is_not(text):
    assert not is_advertising(text)


def test_a_list_without_its_classes_says_so(tmp_path):
    path = tmp_path / "offers.txt"
    path.write_text("[offer]\n兼职\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="offer, contact, complaint, got offer"):
        offers._patterns(path)
    with pytest.raises(ConfigError, match="restore data/lexicons"):
        offers._patterns(tmp_path / "none.txt")
