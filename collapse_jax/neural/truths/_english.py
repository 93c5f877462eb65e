"""A small English in Chomsky's normal form. What the rules of a symbol leave goes to its words, by Zipf's law."""

RULES = {
    "sentence": {("noun phrase", "verb phrase"): 1.0},
    "noun phrase": {("determiner", "noun"): 0.7, ("noun phrase", "preposition phrase"): 0.1},
    "verb phrase": {("verb", "noun phrase"): 0.5, ("verb phrase", "preposition phrase"): 0.2},
    "noun": {("adjective", "noun"): 0.2},
    "preposition phrase": {("preposition", "noun phrase"): 1.0},
}
WORDS = {
    "noun phrase": ("she", "he", "Lily"),
    "verb phrase": ("slept", "laughed", "ran", "sang"),
    "noun": ("cat", "dog", "ball", "tree", "bird", "house", "boat", "moon"),
    "determiner": ("the", "a", "every"),
    "adjective": ("little", "red", "happy", "old"),
    "verb": ("saw", "found", "liked", "chased", "lost", "carried"),
    "preposition": ("in", "near", "with"),
}
