-- One week x topic: how many contacts, what share of the week's, in what mood. Flagged contacts are left out.
-- @week: Monday of the local week
-- @topic_label: the topic's name; 其他 where no topic fits
-- @n_contacts: contacts of the week about the topic
-- @share: of all contacts of the week, 0 to 1
-- @n_negative: of those, in negative mood
-- @negative_share: of those with a mood, 0 to 1
-- @sentiment_mean: mean score, -1 to 1
SELECT
    date_trunc('week', c.day)::DATE AS week,
    coalesce(c.topic_id, '') AS topic_id,
    coalesce(any_value(t.label), '其他') AS topic_label,
    count(*) AS n_contacts,
    count(*) / sum(count(*)) OVER (PARTITION BY date_trunc('week', c.day)::DATE) AS share,
    count(*) FILTER (c.sentiment_label = 'negative') AS n_negative,
    count(*) FILTER (c.sentiment_label = 'negative') / nullif(count(c.sentiment_label), 0) AS negative_share,
    avg(c.sentiment_score) AS sentiment_mean
FROM contact AS c
LEFT JOIN topic AS t USING (topic_id)
WHERE c.flag IS NULL AND c.started_at IS NOT NULL
GROUP BY 1, 2
