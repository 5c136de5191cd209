"""Lines → words: the catalogue of a locale, and how it is spoken."""
