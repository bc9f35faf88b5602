import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.text.kaomoji import ANGER, JOY, SADNESS, SURPRISE, THANKS, WEARINESS
from analytics.text.normalise import normalise
from analytics.text.redact import MASKS

FACES = {
    JOY: "^_^ (^o^)/ \\(≧▽≦)/ ^^ (^_^) (*^▽^*) (￣▽￣) (≧▽≦) (｡◕‿◕｡) O(∩_∩)O (๑•̀ㅂ•́)و✧ 好的:) [开心] [玫瑰]",
    SADNESS: "T_T T＿T (T_T) QAQ TAT ;_; (╥﹏╥) o(╥﹏╥)o (ಥ_ಥ) (┬＿┬) (´･ω･`) [流泪] [委屈]",
    ANGER: "(╯‵□′)╯︵┻━┻ (ノಠ益ಠ)ノ彡┻━┻ ヽ(｀Д´)ﾉ (#｀皿´) 凸(艹皿艹) [发怒] [生气]",
    WEARINESS: "orz Orz OTZ 囧rz -_- -_-||| (^_^;) =_= >_< (＞﹏＜) →_→ ╮(╯▽╰)╭ ¯\\_(ツ)_/¯ (￣口￣) [捂脸]",
    SURPRISE: "o_O O_O 0_0 (⊙o⊙) ⊙_⊙ Σ(°△°) [震惊]",
    THANKS: "m(_ _)m [抱拳]",
}
CASES = [
    (face, emoji)
    for emoji, faces in FACES.items()
    for face in faces.replace("m(_ _)m", "m(_\x00_)m").replace("\x00", "\u2007").split(" ")
]
KEPT = [
    *(
        "(备注:)",
        "如下:(1)3天(2)5天",
        "(3-5天)",
        "(1.0-2.0)",
        "订单(0-0)",
        "CAT_TYPE",
        "a-_-b",
        "T_T_TABLE",
        "https://a.cn",
    ),
    *("10:30", "尺寸(L)", "颜色(红/黑)", "[物流]", "Q1Q2", "(=)", "^", "(...)", "F(x)", "--", "word", "(o)", *MASKS),
]


@pytest.mark.parametrize(("face", "emoji"), CASES)
def test_a_face_is_one_emoji_of_its_meaning(face: str, emoji: str) -> None:
    assert normalise(f"我说{face}了").replace("好的", "") == f"我说{emoji}了"


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_face_stays(text: str) -> None:
    assert normalise(text) == text


@given(st.text(alphabet="()（）^_-:;TQ>< ￣´`□╯┻━orz[开心]0.1天", max_size=16))
def test_twice_is_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
