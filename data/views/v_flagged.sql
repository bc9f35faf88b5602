-- Contacts that are not taken for a customer's own voice, by day, source and flag.
-- @n_contacts: contacts
SELECT day, source, flag, count(*) AS n_contacts
FROM contact
WHERE flag IS NOT NULL
GROUP BY day, source, flag
