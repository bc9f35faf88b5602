"""Sentences as customers write and say them, each with one made-up piece of personal data, and near misses without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks import masking_numbers as numbers
from benchmarks import masking_people as people
from benchmarks.masking_numbers import Draw

# {} is where the value stands.
_ANY = (
    "{}",
    "你好，{}，麻烦看一下",
    "我发给你：{}",
    "就是{}这个",
    "之前登记的是{}，现在不用了",
    "好的，{} 谢谢",
    "您記一下 {}，謝謝",
    "麻煩幫我查 {} 好嗎",
)
_PHONE = (
    "我的电话是{}",
    "打{}找我",
    "手机号{}，有空联系",
    "聯絡電話：{}",
    "麻煩打 {} 給我",
    "回电请拨{}，谢谢",
    "我号码{}收不到验证码",
    "联系电话 {} 王",
)
_LOCAL_PHONE = ("座机{}", "家里电话是{}没人接", "電話 {}", "请拨打{}", "聯絡電話：{}，謝謝", "tel {}")
_ID = ("身份证号码{}", "證件號碼：{}", "我的身份证是{}，帮我实名", "身分證 {} 無法驗證")
_PASSPORT = ("护照号{}", "護照號碼：{}", "passport no. {}", "我的护照是{}，怎么认证")
_PERMIT = ("通行证号码{}", "回鄉證：{}", "台胞证号{}认证不了", "港澳通行证 {}")
_CARD = ("卡号{}", "退到银行卡{}上", "銀行卡號：{}", "信用卡 {} 被重复扣款")
_PLATE = ("车牌{}", "我的车是{}", "車牌號碼：{}", "{}停在门口", "开的{}，ETC扣了两次", "停车场把{}认成别的车了")
_MAIL = ("邮箱{}", "发票发到{}", "e-mail: {}", "請寄到 {}，謝謝")
_WECHAT = (
    "微信号{}",
    "加我微信：{}",
    "加V {}",
    "vx:{}",
    "我微信是{}，发给我",
    "微信號：{}",
    "薇信 {}",
    "wx号{}",
    "可以加微信{}",
)
_QQ = ("QQ{}", "qq：{}", "扣扣{}", "我的QQ号是{}", "加Q {} 发截图", "QQ群{}", "加qq{}聊")
_ORDER = (
    "订单号{}",
    "單號：{}",
    "订单编号是{}，还没发货",
    "我的订单号为{}，帮我查查",
    "訂單編號 {} 沒收到",
    "订单号:{} 要退货",
    "交易单号{}",
)
_PARCEL = (
    "快递单号{}",
    "运单号：{}",
    "物流单号{}三天没动",
    "運單號 {} 到哪了",
    "包裹号{}",
    "快递单号是{}，一直没更新",
    "退货单号{}已经寄出",
)
_NAME = (
    "我叫{}",
    "你好，我叫{}，昨天下的单",
    "收件人：{}",
    "收货人{}，电话没变",
    "联系人: {}",
    "姓名：{}",
    "我的名字是{}",
    "收件人是{}，别写错了",
    "{}先生的订单",
    "麻烦转告{}女士",
    "找{}先生就行",
    "收件人姓名：{}，地址不变",
    "户名：{}",
    "申请人{}",
    "我是机主{}",
    "{}，13800138000",
    "13800138000 {}",
    "寄件人 {}",
    "名字叫{}",
    "联系人改成：{}",
)
_NAME_TRADITIONAL = (
    "收件人：{}",
    "聯絡人：{}",
    "我叫{}",
    "{}先生您好",
    "找{}小姐",
    "姓名：{}",
    "收貨人 {}",
    "我的名字是{}",
    "訂購人：{}",
    "名字叫{}",
)
_FAMILY = (
    "我姓{}",
    "免贵姓{}",
    "{}先生",
    "{}女士您好",
    "麻烦叫{}先生接电话",
    "我是{}女士",
    "敝姓{}",
    "您好，{}小姐",
    "請找{}先生",
    "客户{}女士的单子",
    "我姓{}，刚才打过电话",
    "尊敬的{}先生",
)
_ADDRESS = (
    "{}",
    "地址：{}",
    "寄到{}",
    "我住在{}",
    "收货地址是{}，别送错",
    "麻烦送到{}，谢谢",
    "地址改成{}",
    "你好，{}，请尽快派送",
    "師傅請送到 {}",
    "收件地址：{} 收",
    "家在{}，什么时候能上门",
    "快递一直没送到{}",
)

# type: (frames, forms)
SENTENCES: Mapping[str, Sequence[tuple[Sequence[str], Mapping[str, Draw]]]] = {
    "phone": ((_ANY + _PHONE, numbers.PHONES), (_LOCAL_PHONE, numbers.LOCAL_PHONES)),
    "identity": ((_ANY + _ID, numbers.IDENTITY), (_PASSPORT, numbers.PAPERS), (_PERMIT, numbers.PERMITS)),
    "card": ((_ANY + _CARD, numbers.CARDS),),
    "plate": ((_PLATE, numbers.PLATES),),
    "e-mail": ((_ANY + _MAIL, numbers.MAIL),),
    "account": ((_WECHAT, numbers.WECHAT), (_QQ, numbers.QQ)),
    "order": ((_ORDER, numbers.ORDERS),),
    "parcel": ((_ANY + _PARCEL, numbers.PARCELS), (_PARCEL, numbers.CUED_PARCELS)),
    "name": ((_NAME, people.NAMES), (_NAME_TRADITIONAL, people.NAMES_TRADITIONAL), (_FAMILY, people.FAMILY_NAMES)),
    "address": ((_ADDRESS, people.ADDRESSES),),
}

_NEAR_MISSES = (
    "iPhone17 Pro {n}G 多少钱",
    "P{n} Pro和Mate{n}哪个好",
    "显卡是RTX{m}的",
    "型号A{n}{m}有货吗",
    "付了{m}.00元，退我{n}.5",
    "原价￥{m}，现在￥{n}9.9",
    "{y}-0{d}-1{d} 1{d}:00下的单",
    "{y}年{d}月1{d}号买的",
    "{y}.0{d}.2{d}到现在没发货",
    "日期{y}0{d}1{d}",
    "打400-812-{m}没人接",
    "打95588和12306都不行，110也不管",
    "打了10086",
    "版本v{d}.{d}.{n}更新后闪退",
    "容量{n}000mAh，功率{n}W",
    "尺寸{n}x{n}x{n}cm",
    "买了{n}件，第{d}号链接",
    "价格{n}00 {n}00 {n}00三档",
    "今天{d}号，{d}楼的快递柜满了",
    "坐{d}路车，{d}号线换乘",
    "走路{d}分钟到，{d}号出口",
    "我知道{d}号发货",
    "[数字x]和[订单x]，电话[数字x]",
    "您贵姓",
    "填一下姓名和电话",
    "联系人方式在哪里改",
    "我叫了师傅上门，没来",
    "我是老客户，很高兴",
    "我叫不到车",
    "收件人是我本人",
    "我是方便面爱好者",
    "谢谢先生",
    "如何女士才能穿",
    "男士女士都能穿，小姐姐很喜欢",
    "任何先生都可以",
    "北京的客服比上海的好",
    "广东省内包邮吗",
    "寄到杭州要几天",
    "送到楼下就行，送到家里也可以",
    "地址写错了怎么改",
    "地址不对，帮我改地址",
    "小区门口有驿站",
    "我家住{d}楼没电梯",
    "从广州发到北京",
    "微信支付{m}元失败",
    "微信登录不了，安卓版本{d}.{d}",
    "微信iPhone{n}版闪退",
    "QQ音乐会员{n}元",
    "QQ登录不上",
    "订单金额{m}00元",
    "订单{d}个都没发",
    "这个单号查不到",
    "护照怎么填",
    "工号{m}的客服态度好",
    "客服小王很耐心",
    "尾号{m}",
    "验证码是多少",
    "满{n}0减{n}，再减{d}0",
    "一二三四五六七",
    "二零二四年买的，二〇二五年坏了",
    "三三两两的，七七八八都好了",
    "新款A{n}手机，黑色{n}G",
    "京东A{d}仓发货",
    "评分{d}.{d}，{m}人评价",
    "內存{n}G，螢幕{d}.{d}吋",
    "請問王牌商品有貨嗎",
    "高級會員{d}折，方便的話退款",
    "网速{n}Mbps，延迟{n}ms",
    "经度{n}.{m}度",
    "比分{d}:{d}，第{n}分钟",
    "ISBN和条形码在哪",
    "中山路的店和人民路的店都去过",
    "在万达广场{d}楼吃的",
    "地铁{d}号线{d}站",
    "海底捞{d}号桌",
    "高铁G{n}次，{d}车{d}座",
    "航班CA{m}延误",
    "座位12排{d}座",
    "利率{d}.{n}%",
    "编号{n}的快递柜",
)


@dataclass(frozen=True)
class Sentence:
    """One sentence and what it must not say any more.

    Attributes
    ----------
    kind, form : str
        Type of data and the way it is written; kind is "near miss" where nothing is to be masked.
    text : str
        The sentence.
    secret : str
        What must go: the value, of an address the part from the district on.
    frame : str
        The sentence without the secret.
    """

    kind: str
    form: str
    text: str
    secret: str
    frame: str


def sentences(n_a_form: int, seed: int) -> Iterator[Sentence]:
    """Yield `n_a_form` sentences of each form, frames in turn."""
    rnd = Random(seed)
    for kind, groups in SENTENCES.items():
        for frames, forms in groups:
            for form, draw in forms.items():
                for place in range(n_a_form):
                    kept, _, secret = draw(rnd).rpartition("|")
                    frame = frames[place % len(frames)]
                    yield Sentence(kind, form, frame.format(kept + secret), secret, frame.format(kept))


def near_misses(n: int, seed: int) -> Iterator[Sentence]:
    """Yield n sentences in which nothing is to be masked, frames in turn."""
    rnd = Random(seed)
    for place in range(n):
        frame = _NEAR_MISSES[place % len(_NEAR_MISSES)]
        drawn = {
            "n": rnd.randint(10, 99),
            "m": rnd.randint(1000, 9999),
            "d": rnd.randint(1, 9),
            "y": rnd.randint(2019, 2026),
        }
        text = frame.format(**drawn)
        yield Sentence("near miss", frame, text, "", text)


def survives(sentence: Sentence, masked: str) -> bool:
    """Return whether an identifying part of the secret is still there.

    Of a name one character is enough, of an address two in a row, of numbers and ids four letters or digits in a row
    (Chinese numerals count as written); what the frame says anyway does not count.
    """
    length = {"name": 1, "address": 2}.get(sentence.kind, 4)
    said = sentence.secret if sentence.kind in ("name", "address") else _code(sentence.secret)
    left, frame = (masked, sentence.frame) if said is sentence.secret else (_code(masked), _code(sentence.frame))
    length = min(length, len(said))
    parts = {said[place : place + length] for place in range(len(said) - length + 1)}
    return any(left.count(part) > frame.count(part) for part in parts)


def _code(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char == "@")
