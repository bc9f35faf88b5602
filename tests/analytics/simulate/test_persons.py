from collections import Counter
from statistics import mean

from analytics.simulate.persons import customer_id, person_of


def test_no_two_persons_share_a_mobile():
    mobiles = [person_of(number, seed=9).mobile for number in range(20_000)]
    assert len(set(mobiles)) == len(mobiles)
    assert all(len(mobile) == 11 and mobile.isdigit() and mobile[0] == "1" for mobile in mobiles)


def test_about_four_in_five_are_known_by_their_mobile_everywhere():
    persons = [person_of(number, seed=9) for number in range(5_000)]
    known = [customer_id(person, "wechat", 9) == person.mobile for person in persons]
    assert 0.77 < mean(known) < 0.83
    assert 0.02 < mean(person.traditional for person in persons) < 0.04


def test_an_unlinked_person_has_an_id_of_the_channel():
    person = next(p for p in (person_of(number, 9) for number in range(100)) if not p.linked)
    ids = {channel: customer_id(person, channel, 9) for channel in ("phone", "app", "wechat", "weibo")}
    assert ids["phone"] == person.mobile
    assert ids["wechat"].startswith("o")
    assert len(ids["wechat"]) == 28
    assert len(set(ids.values())) == 4


def test_people_come_back_on_another_channel(days):
    same_day = [contact for contact in days[15]]
    channels = {}
    for contact in same_day:
        channels.setdefault(contact.person, set()).add(contact.channel)
    assert sum(len(found) > 1 for found in channels.values()) > 0.02 * len(channels)
    over_days = Counter(person for seen in days.values() for person in {contact.person for contact in seen})
    assert sum(count > 1 for count in over_days.values()) > 0.1 * len(over_days)
