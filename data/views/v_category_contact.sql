-- One contact x category whose rule it meets: how often, how sure, and the first words that meet it. A number of
-- contacts by category opens to these rows.
-- @n_hits: places of the contact that meet the rule
-- @confidence: the highest of them, 0 to 1
-- @first_evidence: the first words that meet it, masked
-- @label: the category's name, as shown to people
SELECT
    h.day, h.contact_id, h.category,
    coalesce(any_value(k.label), h.category) AS label,
    any_value(k.kind) AS kind,
    any_value(k.severity) AS severity,
    count(*) AS n_hits,
    max(h.confidence) AS confidence,
    arg_min(u.text[h.start + 1 : h.stop], h.turn * 1000000 + h.start) AS first_evidence
FROM category_hit AS h
LEFT JOIN category AS k USING (category)
LEFT JOIN utterance AS u USING (day, contact_id, turn)
GROUP BY h.day, h.contact_id, h.category
