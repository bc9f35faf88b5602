-- One spike x contact behind it: opens an alarm to its contacts; count of rows = spike.n_contacts.
SELECT s.spike_id, s.kind, s.key, unnest(s.contact_ids) AS contact_id
FROM spike AS s
