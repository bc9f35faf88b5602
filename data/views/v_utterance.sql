-- One turn with local time and what is known of its contact.
-- @said_at_local: local time
SELECT
    u.*,
    timezone($timezone, u.said_at) AS said_at_local,
    c.source, c.kind, c.channel, c.team, c.product, c.topic_id, c.touchpoint
FROM utterance AS u
JOIN contact AS c USING (day, contact_id)
