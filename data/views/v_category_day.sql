-- Contacts of each day that meet a category's rule, with what the day had in all.
-- @label: the category's name, as shown to people
-- @n_contacts: contacts that meet the rule
-- @n_contacts_of_day: contacts of the day that are a customer's own voice
SELECT h.day, h.category, coalesce(k.label, h.category) AS label, k.kind, h.n_contacts, d.n_contacts AS n_contacts_of_day
FROM (SELECT day, category, count(DISTINCT contact_id) AS n_contacts FROM category_hit GROUP BY day, category) AS h
LEFT JOIN category AS k USING (category)
JOIN (SELECT day, count(*) AS n_contacts FROM contact WHERE flag IS NULL GROUP BY day) AS d USING (day)
