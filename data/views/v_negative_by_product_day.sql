-- One day x product: contacts with a mood, and how many of them are negative. Flagged contacts are left out.
-- @product: product; '' = none given
-- @n_mood: contacts with a mood
-- @n_negative: of those, in negative mood
-- @negative_share: n_negative / n_mood, 0 to 1
SELECT
    day,
    coalesce(product, '') AS product,
    count(sentiment_label) AS n_mood,
    count(*) FILTER (sentiment_label = 'negative') AS n_negative,
    count(*) FILTER (sentiment_label = 'negative') / nullif(count(sentiment_label), 0) AS negative_share
FROM contact
WHERE flag IS NULL AND started_at IS NOT NULL
GROUP BY 1, 2
