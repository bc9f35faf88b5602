-- One tag of a person and day x contact behind it: opens a tag to its contacts; count of rows = person_tag.n_contacts.
SELECT t.day, t.person_id, t.tag, unnest(t.contact_ids) AS contact_id
FROM person_tag AS t
