-- One person x tag that stands: of the last day the person made contact, and not older than the rule looks back.
-- @label: the tag's name, as shown to people
SELECT t.day, t.person_id, t.tag, coalesce(k.label, t.tag) AS label, t.value, t.since, t.n_contacts, t.detail
FROM person_tag AS t
JOIN (SELECT person_id, max(day) AS day FROM contact WHERE person_id IS NOT NULL GROUP BY 1) AS latest
    USING (person_id, day)
LEFT JOIN tag AS k USING (tag)
WHERE t.day + coalesce(k.window_days, 0)::INTEGER > (SELECT max(day) FROM contact)
