"""Names of people, where a cue announces them: 我叫…, 收件人：…, 姓…, …先生, or a number or an address beside them."""

from __future__ import annotations

import re

from analytics.text.redact.folding import ADDRESS_BLANK, HAN, PHONE_BLANK, han_without
from analytics.text.redact.rules import Rule, RuleSet, rule
from analytics.text.redact.surnames import (
    COMMON_GIVEN,
    COMPOUND_FIRST,
    COMPOUND_SURNAMES,
    NO_NAMES,
    NOT_IN_GIVEN,
    SURNAMES,
)
from analytics.text.redact.tokens import NAME

_COMPOUND = "|".join(COMPOUND_SURNAMES)
_SUR = rf"(?:{_COMPOUND}|[{SURNAMES}])"
_GIVEN = f"[{han_without(NOT_IN_GIVEN)}]"
_NEXT = (
    "(?!手机|手機|电话|電話|号码|號碼|地址|订单|訂單|身份|微信|先生|女士|小姐|太太|住在|"
    "住|今年|来自|來自|收|本人|尾号|尾號|联系|聯絡|麻烦|麻煩)"
)
_NAME = rf"{_SUR}{_NEXT}{_GIVEN}(?:{_NEXT}{_GIVEN})?"
_PLAIN_NAME = rf"{_SUR}(?:{_NEXT}[{COMMON_GIVEN}]){{1,2}}"
_LONG_PLAIN_NAME = rf"(?:(?:{_COMPOUND})|[{SURNAMES}][{COMMON_GIVEN}])[{COMMON_GIVEN}]"
_END = (
    rf"(?=[^{HAN}]|$|手机|手機|电话|電話|号码|號碼|地址|身份|微信|住|收(?:[^{HAN}]|$)|(?:先生|"
    rf"女士|小姐|太太|吧|啊|呀|的))"
)
_LATIN_NAME = r"[a-z]{2,15}(?:[ ·.][a-z]{1,15}){1,2}"
_FIELD = (
    "(?:(?:收[件货貨]|[联聯][系络絡繫]|寄件|发件|發件|订购|訂購|订货|申请|申請|投保|被保险|"
    "乘车|乘机|入住|预订|預訂|持卡|购买|购货|報案|报案|报修|報修|签收|簽收|付款|收款|取件|领取|領取)人"
    "|收件者|寄件者|訂購者|姓名|户名|戶名|名字|真名|机主|機主|车主|車主|户主|戶主|业主|患者|"
    "乘客|旅客|会员名|會員名|买家|買家|客户名|客戶名|联系|抬头|抬頭)"
    "(?:姓名|名字|名称|名|叫)?"
)
_INTRO = (
    "(?:(?:我|俺|本人|他|她|妈妈|爸爸|老公|老婆|朋友|孩子)(?:的)?(?:名字|名|全名|真名)?(?:就)?(?:叫做|"
    "叫|名叫)|(?:我的?|本人)(?:名字|全名|姓名)(?:是|为|為|叫)|名字(?:就)?叫做?|名叫|叫做"
    "|全名(?:是|叫)|真名(?:是|叫))"
)
_ROLE = (
    "(?:机主|機主|车主|車主|业主|業主|户主|戶主|本人|用户|用戶|客户|客戶|买家|買家|会员|"
    "會員|收件人|收货人|下单人|投诉人|报修人|客服|家长|家長)"
)
_HONORIFIC = "(?=(?:先生|女士|小姐|太太)(?!姐|们|們))"
# What stands before a surname that is the end of another word: 如何女士, 谢谢先生, 关于女士.
_BEFORE = (
    "(?<![任如为為奈几]何)(?<![感谢謝多答致]谢)(?<![感謝多答致]謝)(?<![允也或不准兴]许)(?"
    "<![允也或不准興]許)(?<![关由对至等属处终低高过大小鑑鉴對關屬處終過]于)"
    "(?<![零装]单)(?<![手]游)(?<![不]管)(?<!商城)(?<!蒙牛)(?<!旅游)(?<!旅遊)(?<!时尚)(?<!"
    "時尚)(?<!崇尚)(?<!高尚)(?<!以及)(?<!小米)(?<!玉米)(?<!公安)(?<!平安)(?<!不安)(?<!晚"
    "安)(?<!早安)(?<!海关)(?<!有关)"
    "(?<!长江)(?<!了解)(?<!理解)(?<!免费)(?<!付费)(?<!交付)(?<!支付)(?<!现金)(?<!对方)(?<"
    "!地方)(?<!官方)(?<!双方)(?<!一方)(?<!大方)(?<!千万)(?<!百万)(?<!英文)(?<!中文)"
    "(?<!回复)(?<!不明白)(?<!明白)(?<!表白)(?<!黑白)(?<!洁白)(?<!提高)(?<!最高)(?<!身高)("
    "?<!客房)(?<!楼房)(?<!开车)(?<!打车)(?<!停车)(?<!坐车)(?<!骑车)(?<!司机)(?<!检查)(?<!"
    "调查)"
    "(?<!体温)(?<!左边)(?<!右边)(?<!一边)(?<!对应)(?<!适应)(?<!反应)(?<!响应)(?<!冬季)(?<"
    "!夏季)(?<!四季)(?<!春夏)(?<!秋季)(?<!春季)(?<!刚刚)(?<!皮肤)(?<!真皮)(?<!保养)(?<!漂"
    "亮)(?<!大牌)"
)
_JOINS = "是叫找给給跟请請系繫致的为為向让讓位对對于於和与與及或到把被问問帮幫替告知求"


def is_name(value: str) -> bool:
    """Return whether this is no ordinary word: 高兴, 安装 and 方便 begin with surnames too.

    Examples
    --------
    >>> is_name("高明"), is_name("高兴"), is_name("安装师")
    (True, False, False)
    """
    return value[:2] not in NO_NAMES and value[:3] not in NO_NAMES and value not in NO_NAMES


def is_field_value(value: str) -> bool:
    """Return whether what fills a form's field of a name is one, and not 本人 or 同上."""
    return is_name(value) and value not in _NOBODY and not any(word in value for word in _NO_PART)


_NO_FIELD_VALUES = (
    "本人 同上 匿名 先生 女士 客服 不详 未知 保密 自己 我的 我自己 无 没有 空白 空的 本人的 "
    "公司 个人 商家 卖家 老板 前台 门卫 保安 物业 错误 错的 写错 不对 是谁 什么 多少 哪位 "
    "填写 不变 改成 改为 一样 不是 不是我"
)
_NOBODY = frozenset(_NO_FIELD_VALUES.split())
_NO_PART = (
    "公司",
    "电话",
    "地址",
    "修改",
    "客服",
    "错",
    "什么",
    "哪里",
    "不",
    "没",
    "是",
    "的",
    "了",
    "吗",
    "我",
    "你",
    "您",
    "谁",
    "写",
    "填",
    "改",
)


def _as_written(value: str) -> str:
    return value.replace(" ", "")


def _name_rule(pattern: str, *, in_field: bool = False) -> Rule:
    return rule(NAME, pattern, is_field_value if in_field else is_name, _as_written)


_CUE_RULES: tuple[Rule, ...] = (
    _name_rule(rf"{_INTRO}[: 「『\"“]{{0,2}}(?P<n>{_NAME})"),
    _name_rule(
        rf"{_FIELD}(?:改成|改为|改為|换成|換成|更改为|写的|寫的|填的)? ?"
        rf"[:是为為叫]{{1,2}} ?(?:叫)?(?P<n>[{HAN}]{{2,6}}·["
        rf"{HAN}]{{2,8}}|{_NAME}{_END}|(?:{_COMPOUND})[{HAN}]{{1,2}}{_END})"
    ),
    _name_rule(rf"{_FIELD} ?: ?(?P<n>{_GIVEN}{{2,4}}(?=[^{HAN}]|$)|{_LATIN_NAME})", in_field=True),
    _name_rule(rf"{_FIELD}(?:改成|改为|改為|换成|換成)? ?(?P<n>{_NAME}){_END}"),
    _name_rule(rf"(?:my name is|name ?:) ?(?P<n>{_LATIN_NAME})", in_field=True),
    _name_rule(rf"(?:免[贵貴]|(?<![贵貴百同复複]))姓 ?(?P<n>{_SUR})(?![{HAN}]{{0,1}}[氏名])"),
    _name_rule(rf"我(?:就)?(?:是|系){_ROLE}[:, ]?(?P<n>{_NAME}){_END}"),
    _name_rule(rf"(?:我|这里|這裡|这边)(?:就)?(?:是|系)(?P<n>{_LONG_PLAIN_NAME})(?=[^{HAN}]|$)"),
)
_CUE_RULES += (
    _name_rule(rf"本人(?P<n>{_LONG_PLAIN_NAME})"),
    _name_rule(rf"叫(?P<n>{_LONG_PLAIN_NAME})(?=[^{HAN}]|$)"),
)
_HONORIFIC_RULES: tuple[Rule, ...] = (
    _name_rule(rf"(?:^|(?<=[^{HAN}])|(?<=[{_JOINS}]))(?P<n>{_NAME}){_HONORIFIC}"),
    _name_rule(rf"(?P<n>{_PLAIN_NAME}){_HONORIFIC}"),
    _name_rule(rf"(?P<n>{_COMPOUND}|[{SURNAMES}]){_BEFORE}{_HONORIFIC}"),
)
_BESIDE_RULES: tuple[Rule, ...] = (
    _name_rule(rf"(?<![{HAN}])(?P<n>{_PLAIN_NAME})(?=[ ,、/:。+\-]{{0,3}}[{PHONE_BLANK}{ADDRESS_BLANK}])"),
    _name_rule(
        rf"[{PHONE_BLANK}{ADDRESS_BLANK}][ ,、/:。+\-(]{{0,3}}(?P<n>{_PLAIN_NAME})(?=[^{HAN}]|$|收(?:[^{HAN}]|$))"
    ),
    _name_rule(rf"(?<![{HAN}])(?P<n>{_PLAIN_NAME})(?= ?(?:亲启|親啟|收)(?:[^{HAN}]|$))"),
)
RULE_SETS = (
    RuleSet(re.compile(rf"(?<=[{HAN}])(?:先生|女士|小姐(?!姐)|太太)"), _HONORIFIC_RULES, before=8, after=4),
    RuleSet(
        re.compile(
            rf"[叫姓人者主名字系客家头頭是](?:(?<=[叫姓])|(?<=本人)|(?<=[人者主名字系客家头頭])"
            rf"(?=姓?名?(?:[改更换換写寫填][成为為的]?)? ?[:是为為叫{SURNAMES}{COMPOUND_FIRST}])"
            rf"|(?<=[我里裡边]是)(?=[机車车主業业户戶本用客买買会會收下投报報家{SURNAMES}{COMPOUND_FIRST}])|"
            rf"(?<=名)(?=[:是叫]))|name"
        ),
        _CUE_RULES,
        before=12,
        after=24,
    ),
    RuleSet(re.compile(rf"[{PHONE_BLANK}{ADDRESS_BLANK}]+|[收启啟](?![{HAN}])"), _BESIDE_RULES, before=12, after=12),
)
