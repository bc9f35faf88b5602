"""Faces typed in signs (^_^, (╯‵□′)╯︵┻━┻, orz) and in brackets ([流泪]) as one emoji of what they mean.

Left as they are they shred into letters and brackets that no model can read; as one of six emoji they are a sign of
mood like any other. Patterns are written in NFKC, which is what `normalise` brings a text to before it looks for faces.
"""

from __future__ import annotations

import re

JOY, SADNESS, ANGER, WEARINESS, SURPRISE, THANKS = "😊", "😢", "😠", "😩", "😮", "🙏"

_BRACKETED = {
    JOY: "微笑 愉快 呲牙 开心 大笑 哈哈 偷笑 憨笑 可爱 色 亲亲 鲜花 玫瑰 爱心 强 赞 鼓掌 胜利 耶 太开心 嘻嘻 笑脸 害羞",
    SADNESS: "流泪 大哭 哭 快哭了 难过 伤心 委屈 心碎 可怜 泪 悲伤",
    ANGER: "发怒 愤怒 怒 怒骂 生气 咒骂 抓狂 怒火 鄙视 炸弹 菜刀",
    WEARINESS: "捂脸 汗 流汗 擦汗 冷汗 尴尬 白眼 无语 裂开 苦涩 叹气 晕 衰 黑线 再见 弱 撇嘴",
    SURPRISE: "惊讶 惊恐 吃惊 震惊 疑问",
    THANKS: "抱拳 合十 拜托 作揖",
}
"""Names of the pictures of chat programs, in the brackets that they are exported with."""
_BY_NAME = {f"[{name}]": emoji for emoji, names in _BRACKETED.items() for name in names.split()}

_MARK = "[\u0300\u0301\u0304\u0305]"  # what NFKC leaves of ` ´ ¯ as an eye, after a space
_EYE = rf"(?: ?{_MARK}|[`'′‵\"^><≧≦◕◔◉•・。°˘ಥಠಡ╥┬┳╯╰⊙●○⌒∩艹눈❛≖ºoOTQ;~=@ー]{_MARK}?)"
_MOUTH = r"[_\-.,▽∇ω∀‿□皿益дДЗε◡ᴗ〈~oο0OvVuUwW人▿ᵕ∪◇ᄇ﹃ロ口^∧ー△)]{1,4}"
_CHEEK = rf"(?:[ *#=๑。;.♡❤|!:+`〃っง]|{_MARK}){{0,3}}"
_LEFT_ARM = r"(?:[ヽ٩╮凸ლ\\ʕԅΣε=<乁ง❀彡っ╭]|(?<![A-Za-z0-9])[oOm]){0,3}"
_RIGHT_ARM = r"(?:[ノ۶╭╮ゞو凸ง乂っლʔ彡~♪✧☆╯σ/]|[oOm](?![A-Za-z0-9])){0,3}(?:[ (]{0,2}[┻━]{2,4})?"
_ROUND = rf"{_LEFT_ARM}\({_CHEEK}[╯ノ]?{_EYE}{_MOUTH}{_EYE}{_CHEEK}\){_RIGHT_ARM}"
_SHRUG = rf"(?: {_MARK}|\\)?\\?_?\(ツ\)_?/? ?{_MARK}?"
_BARE = (
    r"m\(_ ?_\)m|\^[_\-.oO▽ω]?\^|≧[_▽ω∇]≦|[→←]_[→←]|눈_눈|>[_.]{1,3}<|╯[_▽^]╰|⊙[_.o]⊙|(?<![A-Za-z0-9_])(?:"
    r"T+[_.^]+T+|;_+;|Q_+Q|=_+=|-_+-+[!|#b]*|o_+O|O_+o|([oO])_+\1|0_0|@_+@|囧rz|[oO]rz|ORZ|OTZ|([QT])[AwWaUu]\2|q[aw]q"
    r")(?![A-Za-z0-9_])|:-?D(?![A-Za-z0-9])|:-?\((?![^\s,。!?])|:'\(|:-?\)"
)
_FACE = re.compile(rf"{'|'.join(map(re.escape, _BY_NAME))}|{_ROUND}|{_SHRUG}|(?:{_BARE})")
_MAY_HOLD_FACE = re.compile(r"[\[(_^≧:]|[qQtToO囧][aAwWuUrRtT][qQtTzZ]|[>⊙][.o]")

_BY_SIGN = (
    (THANKS, re.compile(r"m\(_")),
    (ANGER, re.compile(r"[┻益皿ಠ凸#]|`Д|‵□")),
    (WEARINESS, re.compile(r"\^;")),
    (SADNESS, re.compile(r"[ಥ╥┬┳〈;]|[TQ][_.^~oAaUuWw]|q[aw]q|:'?-?\(|\u0301・ω・`")),
    (WEARINESS, re.compile(rf">[_.~-]|╯|→|←|눈|≖|ー|=_|-_|@_|{_MARK}[_\-口□ロ]|[rt]z|RZ|TZ|ツ")),
    (SURPRISE, re.compile(r"[⊙◉°○●ºoO0][_.oο0Oд▽Д口ロ□△]+ ?[⊙◉°○●ºoO0]|Σ")),
)


def faces_to_emoji(text: str) -> str:
    """Return the text with each face as one emoji.

    Parameters
    ----------
    text : str
        In NFKC.

    Returns
    -------
    str
        Faces of joy are 😊, sadness 😢, anger 😠, weariness or scorn 😩, surprise 😮, thanks 🙏.

    Examples
    --------
    >>> faces_to_emoji("好用^_^"), faces_to_emoji("又坏了T_T"), faces_to_emoji("(备注:)")
    ('好用😊', '又坏了😢', '(备注:)')
    """
    return FACE.sub(emoji_of, text) if may_hold_face(text) else text


def may_hold_face(text: str) -> bool:
    """Return whether it is worth looking for a face: a quick test that nearly all texts fail."""
    return _MAY_HOLD_FACE.search(text) is not None


def emoji_of(face: re.Match[str]) -> str:
    """Return the emoji of one match of `FACE`, or the match itself where it is no face after all."""
    said = face.group()
    if said in _BY_NAME:
        return _BY_NAME[said]
    if said in (":)", ":-)"):
        before = face.string[: face.start()]
        return said if before.count("(") > before.count(")") else JOY
    return next((emoji for emoji, sign in _BY_SIGN if sign.search(said)), JOY)


FACE = _FACE
"""Matches one face; `emoji_of` says which emoji it becomes."""
