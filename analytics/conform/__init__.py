"""From records as received to contacts and utterances of one schema."""
