"""What is said of a conversation beside its turns."""

from __future__ import annotations

import json

from dash.development.base_component import Component

from dashboards.data.source import Source
from dashboards.parts.voices import conversation


def _written(source: Source, contact_id: str) -> str:
    def plain(value: object) -> object:
        return value.to_plotly_json() if isinstance(value, Component) else str(value)

    return json.dumps(conversation(source, contact_id, {}), default=plain, ensure_ascii=False)


def test_the_course_of_the_mood_is_told_with_its_name(source: Source) -> None:
    won = source.rows("SELECT contact_id FROM contact WHERE mood_course = 'recovered' ORDER BY 1")["contact_id"].iloc[0]
    said = _written(source, won)
    assert "来时 −0.70，离开时" in said
    assert "已挽回" in said
    turned = source.rows("SELECT contact_id FROM contact WHERE mood_course = 'soured' ORDER BY 1")["contact_id"].iloc[0]
    assert "恶化" in _written(source, turned)


def test_a_customer_who_spoke_once_has_no_course(source: Source) -> None:
    once = source.rows("SELECT contact_id FROM contact WHERE mood_course IS NULL ORDER BY 1")["contact_id"].iloc[0]
    assert "fact is-course" not in _written(source, once)
