-- One landing file: how many records it has and what became of them. n_unaccounted is 0 once all its days have been run.
-- @n_used: records that became turns
-- @n_superseded: records of which a later file has a newer version
-- @n_rejected: records that were refused for another reason
-- @n_unaccounted: records of which neither is known
SELECT
    landed.file, landed.source, landed.collected_at, landed.n_records,
    coalesce(used.n, 0) AS n_used,
    coalesce(refused.older, 0) AS n_superseded,
    coalesce(refused.bad, 0) AS n_rejected,
    landed.n_records - coalesce(used.n, 0) - coalesce(refused.older, 0) - coalesce(refused.bad, 0) AS n_unaccounted
FROM landed_file AS landed
LEFT JOIN (SELECT file, count(DISTINCT position) AS n FROM utterance GROUP BY file) AS used USING (file)
LEFT JOIN (
    SELECT
        file,
        count(*) FILTER (WHERE reason = 'superseded') AS older,
        count(*) FILTER (WHERE reason <> 'superseded') AS bad
    FROM rejected GROUP BY file
) AS refused USING (file)
