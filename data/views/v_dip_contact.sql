-- One dip x contact during it; count of rows = dip.n.
SELECT d.dip_id, unnest(d.contact_ids) AS contact_id
FROM dip AS d
