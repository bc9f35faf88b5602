-- One contact with its topic's name and local times.
-- @topic_label: the topic's name; 其他 where no topic fits
-- @started_at_local: local time
-- @ended_at_local: local time
-- @hour_local: start of the local hour it started in
SELECT
    c.*,
    coalesce(t.label, '其他') AS topic_label,
    timezone($timezone, c.started_at) AS started_at_local,
    timezone($timezone, c.ended_at) AS ended_at_local,
    date_trunc('hour', timezone($timezone, c.started_at)) AS hour_local
FROM contact AS c
LEFT JOIN topic AS t USING (topic_id)
