"""English word forms: contractions taken apart, inflections and irregular verbs brought to one key, words that carry nothing here."""

from __future__ import annotations

import re
from functools import lru_cache

IRREGULAR: dict[str, str] = {
    "went": "go", "gone": "go", "goes": "go", "rose": "ris", "risen": "ris", "fell": "fall", "fallen": "fall", "got": "get", "gotten": "get",
    "became": "becom", "blew": "blow", "blown": "blow", "shot": "shoot", "grew": "grow", "grown": "grow", "begun": "begin",
    "kept": "keep", "came": "com", "sank": "sink", "sunk": "sink", "swung": "swing", "froze": "freez", "frozen": "freez", "broke": "break",
    "broken": "broken", "thought": "think", "made": "mak", "took": "tak", "taken": "tak", "saw": "see", "seen": "see", "ran": "run",
    "used": "use", "using": "use", "uses": "use", "learnt": "learn", "left": "leav", "lost": "lose", "lose": "lose", "losing": "lose",
    "shrank": "shrink", "shrunk": "shrink", "forgot": "forget", "forgotten": "forget", "chose": "choos", "chosen": "choos", "told": "tell",
    "said": "say", "says": "say", "gave": "giv", "given": "giv", "found": "find", "hung": "hang", "dying": "die", "died": "die", "lying": "lie",
    "worse": "worse", "early": "early", "only": "only", "during": "during", "nothing": "nothing", "something": "something",
    "everything": "everything", "anything": "anything", "need": "need", "speed": "speed", "seed": "seed", "exceed": "exceed", "succeed": "succeed", "proceed": "proceed", "indeed": "indeed", "embed": "embed", "feed": "feed", "fed": "feed",
    "indices": "index", "analyses": "analysis", "spikey": "spiki", "nans": "nan", "gpus": "gpu", "tpus": "tpu", "cpus": "cpu", "nan's": "nan", "bias": "bias", "is": "is", "as": "as",
    "was": "was", "this": "this", "have": "have", "has": "have", "had": "have", "having": "have", "does": "do", "did": "do", "done": "do", "doing": "do", "its": "its", "loss": "loss", "losses": "loss", "drove": "driv",
    "behaviour": "behavior", "grey": "grai", "plateaus": "plateau", "plateaux": "plateau", "plateaued": "plateau",
}  # fmt: skip
"""Forms that the rules below would miss or spoil."""

BRITISH = re.compile(
    r"(equal|general|initial|maxim|memor|minim|normal|optim|organ|parametr|quant|random|recogn|regular|stabil|standard|summar|synchron|token|util"
    r"|visual)is(?=e|ing|ation)"
)
"""Words that are spelt with an s on one side of the Atlantic and with a z on the other."""

SPLIT: dict[str, tuple[str, ...]] = {
    "cannot": ("not",), "can't": ("not",), "cant": ("not",), "won't": ("not",), "wont": ("not",), "shan't": ("not",), "ain't": ("not",),
    "dont": ("not",), "doesnt": ("not",), "didnt": ("not",), "isnt": ("not",), "wasnt": ("not",), "arent": ("not",), "werent": ("not",),
    "hasnt": ("not",), "havent": ("not",), "hadnt": ("not",), "couldnt": ("not",), "shouldnt": ("should", "not"), "wouldnt": ("not",),
    "couldn't": ("not",), "wouldn't": ("not",), "shouldn't": ("should", "not"), "doesn": ("not",), "didn": ("not",), "isn": ("not",),
    "gonna": ("going", "to"), "wanna": ("want", "to"), "whats": ("what",), "im": ("i",), "ive": ("i",), "i've": ("i",), "i'm": ("i",), "i'll": ("i",), "i'd": ("i",),
    "doens't": ("not",), "dosn't": ("not",), "dosent": ("not",), "doesent": ("not",), "doenst": ("not",), "dosnt": ("not",), "dose": (),
    "neverending": ("never",), "cuz": ("because",), "bc": ("because",), "bcs": ("because",), "w/o": ("without",), "wo": ("without",),
}  # fmt: skip
"""Contractions and their misspellings; a negative one leaves "not", a mere auxiliary leaves nothing."""

FILLERS = frozenset(
    ["a", "an", "the", "my", "our", "its", "it", "their", "his", "her", "your", "am", "is", "are", "was", "were", "been", "being", "be", "s", "m", "re", "ve", "ll", "just", "actually", "basically", "literally", "simply", "somehow", "somewhat", "seems", "seem", "seemed", "appears", "appear", "appeared", "please", "hi", "hello", "hey", "thanks", "kind", "sort", "lol", "btw"]
)
"""Words (as written) that carry nothing for the meaning sought; left out of the text and of the vocabulary alike."""

SKIPPED = frozenset(
    ["i", "we", "you", "he", "she", "me", "us", "can", "will", "do", "have", "also", "even", "so", "this", "these", "those", "kindly", "too", "already", "about", "very", "extremely", "super", "really", "quite", "pretty", "totally", "absolutely", "completely", "there", "here", "that", "which", "way", "right", "slow", "steadi", "gradual", "quick", "again", "all", "sudden", "veri", "realli", "extrem", "complet"]
) | frozenset("了也都就还又才得地着个我吗已很挺太更")
"""Keys that a phrase may name, but that a text may hold anywhere inside a phrase that does not."""

HAN_FILLERS = frozenset("的呢啊呀哦嘛您请你")
"""Chinese characters that carry nothing, left out like `FILLERS`."""

METRIC = re.compile(r"(?P<split>val|valid|test|dev|eval|train)(?P<metric>loss|acc|error)")
"""Metrics of a part of the data whose name is written in one word: "valLoss", "testacc"."""

VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The key that all inflections of an English word share ("increases", "increasing" -> "increas"). Not a word to show."""
    word = BRITISH.sub(r"\1iz", word)
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) <= 3 or not word.isascii():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "ches", "shes", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        word = word[:-1]
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending in ("ing", "ed", "ly"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 3 and VOWELS.intersection(root):
            doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz"
            word = root[:-1] if doubled else root
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    if word.endswith("y") and len(word) > 3:
        word = word[:-1] + "i"
    return IRREGULAR.get(word, word)


@lru_cache(maxsize=8192)
def keys(word: str) -> tuple[str, ...]:
    """What an English word as written stands for: no key (it carries nothing), one, or several (a contraction)."""
    if word in SPLIT:
        return tuple(stem(w) for w in SPLIT[word])
    if word.endswith("n't"):
        return ("not",)
    if (name := METRIC.fullmatch(word)) is not None:
        return stem(name["split"]), name["metric"]
    head = word.partition("'")[0] if word.endswith(("'s", "'re", "'ve", "'ll", "'d", "'m", "s'")) else word.strip("'")
    return () if not head or head in FILLERS else (stem(head),)
