"""Chinese text: normalise, mask personal data, cut into words, find new words."""
