"""Surges, and falls of mood taken apart."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from dashboards.api.answers import listed_rows
from dashboards.api.asked import Days, Paged, days_of, filters_of, several
from dashboards.api.blueprint import resource
from dashboards.api.site import current_source
from dashboards.api.told import count, envelope, moment, number, word, words
from dashboards.data import operations


class Spike(ma.Schema):
    """A surge."""

    spike_id = word("its name; contacts?spike= lists what is behind it")
    kind = word("keyword, topic, category, volume or negative")
    key = word("keyword, topic_id or category; of volume and negative * (all), channel or product")
    label = word("what people call the key")
    channel = word("* = all")
    started = moment("start of the first alarming bucket")
    bucket_seconds = count("length of the bucket that alarmed, seconds")
    observed = number("contacts in the bucket")
    expected = number("contacts that were expected there")
    q_value = number("chance that it is chance, corrected for all that was tested in the run")
    n_contacts = count("contacts of the whole surge; as many are listed")
    related = words("what rose together with it")


class Dip(ma.Schema):
    """A fall of mood and its parts."""

    dip_id = word("its name; contacts?dip= lists what is behind it")
    started = moment("start")
    ended = moment("end, exclusive")
    channel = word("* = all")
    team = word("where it is concentrated; null when spread")
    mean = number("mean mood score during, -1 to 1")
    expected = number("mean mood score that was expected, -1 to 1")
    drop = number("expected minus measured, scores; the four parts add up to it")
    drop_low = number("95 % interval of drop, lower end")
    drop_high = number("95 % interval of drop, upper end")
    within_topic = number("part of worse mood inside the same topics, scores")
    mix = number("part of more contacts in topics of worse mood, scores")
    delay = number("part that goes with slower replies, scores")
    delay_low = number("95 % interval of delay, lower end")
    delay_high = number("95 % interval of delay, upper end")
    unexplained = number("what is left, scores")
    response_seconds = number("mean first response during, seconds")
    usual_response_seconds = number("mean first response at these hours of other days, seconds")
    verdict = word("one Chinese sentence")
    n_contacts = count("contacts during; as many are listed")


class AskedEvents(Days, Paged):
    """Which events."""

    channel = several("channel of the event; those over all channels come too; may be given more than once")


@resource("/spikes", envelope(Spike, "Spikes"), asks=AskedEvents)
def spike_list(asked: dict[str, Any]) -> Any:
    """List surges, newest first."""
    source = current_source()
    found = operations.spikes(source, *days_of(asked), tuple(asked["channel"]))
    return listed_rows(_counted(found), asked, filters_of(asked))


@resource("/dips", envelope(Dip, "Dips"), asks=AskedEvents)
def dip_list(asked: dict[str, Any]) -> Any:
    """List falls of mood with their parts, worst first."""
    source = current_source()
    found = operations.dips(source, *days_of(asked), tuple(asked["channel"]))
    return listed_rows(_counted(found), asked, filters_of(asked))


def _counted(found: Any) -> Any:
    return found.drop(columns="contact_ids").assign(n_contacts=found["n_listed"])
