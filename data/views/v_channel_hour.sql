-- One local hour x channel: contacts, mood and how long customers waited. Flagged contacts are left out.
-- @hour_local: start of the local hour
-- @channel: channel; '' = none given
-- @n_contacts: contacts that started in the hour
-- @n_negative: of those, in negative mood
-- @sentiment_mean: mean score, -1 to 1
-- @median_response_seconds: median wait for the first reply of calls and chats
SELECT
    day,
    date_trunc('hour', timezone($timezone, started_at)) AS hour_local,
    coalesce(channel, '') AS channel,
    count(*) AS n_contacts,
    count(*) FILTER (sentiment_label = 'negative') AS n_negative,
    avg(sentiment_score) AS sentiment_mean,
    median(first_response_seconds) AS median_response_seconds
FROM contact
WHERE flag IS NULL AND started_at IS NOT NULL
GROUP BY 1, 2, 3
