"""Made-up names and addresses of people, drawn by a seed; a form is a name and a function that draws one."""

from __future__ import annotations

from random import Random

from benchmarks.masking_numbers import Draw

_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾田董袁潘于蒋蔡余杜叶"
    "程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
)
_FAMILY_TRADITIONAL = "王李張劉陳楊黃趙吳周徐孫馬朱胡郭何高林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田袁潘蔣蔡葉程蘇魏呂盧鍾譚陸"
_TWO_FAMILY = ("欧阳", "司马", "上官", "诸葛", "慕容", "夏侯", "东方", "皇甫")
_GIVEN_WORDS = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 涛 明 超 霞 平 刚 桂英 建国 志强 秀兰 小红 子涵 "
    "梓轩 浩然 雨桐 欣怡 宇航 思远 晓东 海燕 国庆 春梅 文博 佳琪 若曦 诗涵 俊熙 "
    "一诺 嘉懿 可馨 沐宸 艺涵 玉兰 建军 淑珍 振华 世昌 德胜 永康 凤英 金凤 长贵 大鹏 晨曦 "
    "雅婷 思琪 子墨 云飞 天佑 瑞雪 冬梅 秋菊 立新 卫东 红梅"
)
_GIVEN = _GIVEN_WORDS.split()
_GIVEN_TRADITIONAL_WORDS = (
    "偉 雅婷 怡君 志明 淑芬 家豪 俊傑 冠宇 承恩 宥廷 詩涵 佩珊 美玲 建宏 宗翰 欣怡 筱涵 靜宜 慧敏 國華 麗華 婉婷"
)
_GIVEN_TRADITIONAL = _GIVEN_TRADITIONAL_WORDS.split()
_CITIES = (
    "北京市",
    "上海市",
    "广东省广州市",
    "广东省深圳市",
    "浙江省杭州市",
    "江苏省南京市",
    "四川省成都市",
    "湖北省武汉市",
    "陕西省西安市",
    "山东省青岛市",
    "河南省郑州市",
    "福建省厦门市",
    "",
)
_DISTRICTS = (
    "朝阳区",
    "海淀区",
    "浦东新区",
    "天河区",
    "南山区",
    "西湖区",
    "玄武区",
    "武侯区",
    "洪山区",
    "雁塔区",
    "市南区",
    "金水区",
    "思明区",
    "吴江区",
    "江宁区",
)
_ROADS = (
    "建国路",
    "中山北路",
    "人民大道",
    "解放街",
    "文三路",
    "长江东路",
    "学府街",
    "滨江大道",
    "延安西路",
    "虹桥路",
    "珠市口大街",
    "青年路",
    "环城南路",
    "科技二路",
    "幸福巷",
    "五四胡同",
)
_ESTATES = (
    "阳光花园",
    "幸福小区",
    "万科城",
    "碧桂园",
    "翠湖天地",
    "锦绣家园",
    "绿地新村",
    "龙湖小区",
    "金色家园",
    "中海国际社区",
    "桃源居小区",
    "望江苑",
    "和平里小区",
    "世纪公寓",
)
_VILLAGES = (
    "河北省保定市清苑区李庄村",
    "湖南省长沙县黄花镇东塘村",
    "安徽省阜阳市颍上县王岗镇刘寨村",
    "四川省绵阳市三台县观桥镇石桥村",
)
_TAIWAN = (
    "台北市大安區信義路",
    "新北市板橋區文化路",
    "高雄市前鎮區中華五路",
    "台中市西屯區臺灣大道",
    "桃園市中壢區中正路",
    "台南市東區東門路",
)
_HONG_KONG = ("香港九龍旺角彌敦道", "香港灣仔軒尼詩道", "九龍觀塘開源道", "新界沙田大圍道", "香港中環皇后大道")


def name(rnd: Random) -> str:
    """Return a full name in Simplified Chinese."""
    return (rnd.choice(_TWO_FAMILY) if rnd.random() < 0.06 else rnd.choice(_FAMILY)) + rnd.choice(_GIVEN)


def name_traditional(rnd: Random) -> str:
    """Return a full name in Traditional Chinese."""
    return rnd.choice(_FAMILY_TRADITIONAL) + rnd.choice(_GIVEN_TRADITIONAL)


def _door(rnd: Random) -> str:
    block, unit, room = rnd.randint(1, 60), rnd.randint(1, 4), rnd.randint(1, 28) * 100 + rnd.randint(1, 4)
    return rnd.choice(
        (
            f"{block}栋{unit}单元{room}室",
            f"{block}号楼{room}",
            f"{block}幢{room}室",
            f"{block}-{unit}-{room}",
            f"{block}座{room}",
        )
    )


# What must go of an address begins after "|": province and city may stay.
ADDRESSES: dict[str, Draw] = {
    "road and number": lambda rnd: (
        f"{rnd.choice(_CITIES)}|{rnd.choice(_DISTRICTS)}{rnd.choice(_ROADS)}{rnd.randint(1, 999)}号"
    ),
    "road, number, room": lambda rnd: (
        f"{rnd.choice(_CITIES)}|{rnd.choice(_DISTRICTS)}{rnd.choice(_ROADS)}{rnd.randint(1, 999)}号"
        f"{rnd.choice(_ESTATES)}{_door(rnd)}"
    ),
    "estate and door": lambda rnd: f"{rnd.choice(_CITIES)}|{rnd.choice(_DISTRICTS)}{rnd.choice(_ESTATES)}{_door(rnd)}",
    "estate and door, no region": lambda rnd: f"|{rnd.choice(_ESTATES)}{_door(rnd)}",
    "road and number, no region": lambda rnd: (
        f"|{rnd.choice(_ROADS)}{rnd.randint(1, 999)}{rnd.choice(('号', '弄', '号院'))}{rnd.randint(1, 30)}号"
        f"楼{rnd.randint(101, 2804)}室"
    ),
    "lane": lambda rnd: (
        f"上海市|{rnd.choice(_DISTRICTS)}{rnd.choice(_ROADS)}{rnd.randint(1, 999)}弄{rnd.randint(1, 99)}号"
        f"{rnd.randint(101, 2804)}室"
    ),
    "spaces between": lambda rnd: (
        f"浙江省 杭州市 |西湖区 文新街道 {rnd.choice(_ROADS)}{rnd.randint(1, 999)}号 {rnd.randint(101, 2804)}室"
    ),
    "village": lambda rnd: (
        f"{(place := rnd.choice(_VILLAGES))[:6]}|{place[6:]}{rnd.randint(1, 12)}组{rnd.randint(1, 99)}号"
    ),
    "Chinese numerals": lambda rnd: (
        f"|{rnd.choice(_ROADS)}{rnd.choice(('十二', '八十八', '一百零五'))}号{rnd.choice('三五八')}单元"
        f"{rnd.choice(('二零一', '五零三'))}室"
    ),
    "Taiwan": lambda rnd: (
        f"{(place := rnd.choice(_TAIWAN))[:3]}|{place[3:]}{rnd.choice(('一段', '二段', '三段', ''))}"
        f"{rnd.randint(1, 399)}號{rnd.randint(2, 20)}樓{rnd.choice(('', '之2', '之3'))}"
    ),
    "Taiwan, lane": lambda rnd: (
        f"{(place := rnd.choice(_TAIWAN))[:3]}|{place[3:]}{rnd.choice(('一段', ''))}{rnd.randint(1, 399)}巷"
        f"{rnd.randint(1, 40)}弄{rnd.randint(1, 40)}號{rnd.randint(2, 12)}樓"
    ),
    "Hong Kong": lambda rnd: (
        f"{(place := rnd.choice(_HONG_KONG))[:2]}|{place[2:]}{rnd.randint(1, 800)}號"
        f"{rnd.choice(('', '恒生大廈', '旺角中心'))}{rnd.randint(2, 40)}樓{rnd.choice('ABCDE')}室"
    ),
}
NAMES: dict[str, Draw] = {"name": name}
NAMES_TRADITIONAL: dict[str, Draw] = {"name, Traditional": name_traditional}
FAMILY_NAMES: dict[str, Draw] = {
    "surname": lambda rnd: rnd.choice((*_FAMILY, *_TWO_FAMILY)),
    "surname, Traditional": lambda rnd: rnd.choice(_FAMILY_TRADITIONAL),
}
