"""By what a channel's export knows who is speaking: phone, login, device …, with the faults that real exports have.

Everything is a hash of the person, the day and the second, never a draw from the contact's own source of chance: with
or without identifiers a simulated contact says the same words.

Faults: families that share a phone, shops whose tablet or telephone hundreds use, phones and devices that were changed,
phones mistyped, masked or made up, customers who are not logged in, channels that never learnt a phone.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.simulate.persons import Person, letters_id, mix, openid_of, person_of
from analytics.simulate.plan import Plan
from analytics.simulate.schedule import ACTIVE_DAYS, NEW_PERSONS_PER_CONTACT, Head

# Shares of persons; of pairs of neighbours for families, so that as many persons share a phone.
FAMILY_SHARE = 0.015
CHANGED_PHONE_SHARE = 0.03
CHANGED_DEVICE_SHARE = 0.15
UNIONID_SHARE = 0.75
WECHAT_LOGIN_SHARE = 0.45
EMAIL_SHARE = 0.4
# Share of persons whose phone a channel knows. Apps in China have to ask for one; people in a feed rarely give it.
PHONE_KNOWN_SHARE = {"phone": 1.0, "app": 0.93, "web": 0.93, "wechat": 0.80, "weibo": 0.65}
# Shares of contacts.
LOGGED_IN_SHARE = {"app": 0.95, "web": 0.85}
DEVICE_SEEN_SHARE = {"app": 0.97, "web": 0.60}
SHOP_DEVICE_SHARE, N_SHOP_DEVICES = 0.02, 3
SHOP_PHONE_SHARE, N_SHOP_PHONES = 0.02, 2
ORDER_NUMBER_SHARE = 0.85
EMAIL_GIVEN_SHARE = 0.30
ORDER_PHONE_SHARE = 0.92
TYPO_SHARE, MASKED_SHARE, MADE_UP_SHARE, SPACED_SHARE = 0.010, 0.015, 0.006, 0.08

_OTHER_PERSON = 40_000_000
_MADE_UP = ("13800000000", "无", "00000000000", "test")
_BITS = 16


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What an export says of who is speaking; "" where it says nothing."""

    phone: str = ""
    email: str = ""
    unionid: str = ""
    openid: str = ""
    device: str = ""
    order: str = ""
    login: str = ""


class _Chance:
    """Shares of one number's hash: the same question of the same person or contact has the same answer."""

    def __init__(self, number: int, seed: int) -> None:
        self._number, self._seed = number, seed

    def bits(self, question: str) -> int:
        """Return 64 mixed bits of a question."""
        return mix(self._number, self._seed + int.from_bytes(question.encode(), "big") % 1_000_003)

    def __call__(self, question: str, share: float) -> bool:
        return self.bits(question) % (1 << _BITS) < share * (1 << _BITS)


def identifiers_of(person: Person, head: Head, plan: Plan, index: int) -> Identifiers:
    """Return what the export of a contact says of the person.

    Parameters
    ----------
    person : Person
        Who is speaking.
    head : Head
        The contact; its channel and kind decide which columns there are.
    plan : Plan
        The simulation.
    index : int
        Day from 0.
    """
    seed, channel = plan.seed, head.channel
    own = _Chance(person.number, seed)
    now = _Chance((index * 86_400 + head.second) * _OTHER_PERSON + person.number, seed)
    late = index >= person.number / max(1, int(plan.contacts_per_day * NEW_PERSONS_PER_CONTACT)) - ACTIVE_DAYS / 2
    in_app = channel in LOGGED_IN_SHARE
    logged_in = in_app and now("logged in", LOGGED_IN_SHARE[channel])
    by_wechat = own("unionid", UNIONID_SHARE)
    is_order, is_chat = head.kind == "work_order", head.kind == "chat"
    return Identifiers(
        phone=_written(_phone(person, head, own, now, plan, late=late), now, typed=head.kind != "call"),
        email=f"{letters_id(own.bits('email'), 8).lower()}@example.com"
        if is_order and own("has email", EMAIL_SHARE) and now("email given", EMAIL_GIVEN_SHARE)
        else "",
        unionid="oU3k" + letters_id(own.bits("unionid of wechat"), 24)
        if is_chat and by_wechat and (channel == "wechat" or (logged_in and own("login", WECHAT_LOGIN_SHARE)))
        else "",
        openid=_openid(person, channel, seed) if is_chat else "",
        device=_device(person, channel, own, now, late=late) if is_chat and in_app else "",
        order=_order_number(own, now) if is_order and now("order", ORDER_NUMBER_SHARE) else "",
        login=f"ks{(person.number * 61_681 + seed) % 100_000_000:08d}" if logged_in else "",
    )


def _order_number(own: _Chance, now: _Chance) -> str:
    """Return the number of one of the person's two orders."""
    return f"3{own.bits('order ' + str(now.bits('which order') % 2)) % 10**15:015d}"


def _openid(person: Person, channel: str, seed: int) -> str:
    return openid_of(person, channel, seed) if channel in ("wechat", "weibo") else ""


def _phone(person: Person, head: Head, own: _Chance, now: _Chance, plan: Plan, *, late: bool) -> str:
    """Return the number that is used: one's own, the family's, a former one, a shop's; "" where none is known."""
    is_order = head.kind == "work_order"
    if head.kind == "call" and now("shop phone", SHOP_PHONE_SHARE):
        return f"0218{now.bits('which shop') % N_SHOP_PHONES + 3}21{plan.seed % 10_000:04d}"
    account = "app" if head.channel == "web" else head.channel
    known = ORDER_PHONE_SHARE if is_order else PHONE_KNOWN_SHARE[head.channel]
    if not (now if is_order else own)(f"phone of {account}", known):
        return ""
    family = _Chance(person.number // 2, plan.seed)
    if person.number % 2 and family("family", FAMILY_SHARE) and now("family", 0.5):
        return person_of(person.number - 1, plan.seed).mobile
    if not late and own("changed phone", CHANGED_PHONE_SHARE):
        return person_of(person.number + _OTHER_PERSON, plan.seed).mobile
    return person.mobile


def _device(person: Person, channel: str, own: _Chance, now: _Chance, *, late: bool) -> str:
    if now("shop device", SHOP_DEVICE_SHARE):
        return f"kiosk-{now.bits('which tablet') % N_SHOP_DEVICES + 1:02d}"
    if not now("device seen", DEVICE_SEEN_SHARE[channel]):
        return ""
    first = "" if late or not own("changed device", CHANGED_DEVICE_SHARE) else "old "
    return f"{own.bits(f'{first}{channel}'):016x}"


def _written(phone: str, now: _Chance, *, typed: bool) -> str:
    """Return a number as it stands in an export; what people type has typos, what systems know is sometimes masked."""
    if not phone or phone.startswith("0"):
        return phone
    if typed and now("made up", MADE_UP_SHARE):
        return _MADE_UP[now.bits("which made up") % len(_MADE_UP)]
    if typed and now("typo", TYPO_SHARE):
        at = 3 + now.bits("where") % 8
        phone = f"{phone[:at]}{(int(phone[at]) + 1) % 10}{phone[at + 1 :]}"
    if typed and now("masked", MASKED_SHARE):
        return f"{phone[:3]}****{phone[7:]}"
    return f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}" if now("spaced", SPACED_SHARE) else phone
