"""How hard a text is to read: the Flesch-Kincaid grade level, a US school grade.

The formula is that of J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, "Derivation of new readability formulas (Automated
Readability Index, Fog Count and Flesch Reading Ease Formula) for Navy enlisted personnel", Research Branch Report 8-75, 1975:

    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59

A sentence ends at a full stop, question mark or exclamation mark, and at the end of a line (a heading or list item is one). Syllables are
counted by the vowels that are heard, with the silent endings left out; where a word can be said in two ways, the longer one counts.

Names of drugs, vaccines and illnesses have many syllables and are not the writer's choice. The usual practice is that of Gunning's Fog index
(R. Gunning, "The Technique of Clear Writing", 1952), which does not count proper names as hard words: the words of the names that are given
count as words of two syllables at most. Without names (``familiar=()``) every word counts as it is.

>>> round(level(words=13, sentences=1, syllables=24), 1)
11.3
>>> round(grade("The cat sat on the mat."), 2)
-1.45
>>> grade("Take hydroxychloroquine.") > grade("Take hydroxychloroquine.", familiar=["hydroxychloroquine"])
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z0-9À-ÿ]+(?:['.-][A-Za-z0-9À-ÿ]+)*")
_END = re.compile(r"[.!?]+(?=[\s\"”)\]]|$)|\n+")
_HEARD = re.compile(r"[aeiouyà-ÿ]+")
_SILENT = re.compile(r"(?<![aeiouyl])e$|(?<=[aeiouyr]l)e$|(?<![aeiouydt])ed$|(?<![aeiouyscxzgh])es$|e(?=less$|ful$|ly$)")
_APART = re.compile(r"(?<![cstgx])i[ao](?!u)|(?<![cstgx])iou|(?<![qg])u[ao]|(?<!p)eo(?!u)|ea(?=$|te$|tes$|ted$)|ie(?=t|nc|r$|st$)|[aeou]ing$|ism$")
FAMILIAR = 2


def syllables(word: str) -> int:
    """The syllables of a word; an abbreviation in capitals and a number count one for each letter or digit.

    >>> [syllables(w) for w in ("weak", "defences", "body", "doctor", "medicine", "immune", "mammal", "people", "IVIG")]
    [1, 3, 2, 2, 3, 2, 2, 2, 4]
    """
    total = 0
    for part in re.split(r"['.-]", word):
        total += _part(part)
    return max(1, total)


def _part(part: str) -> int:
    if part.isdigit():
        return min(len(part), 4)
    if part.isupper() and len(part) > 1:
        return len(part)
    plain = part.casefold()
    if len(plain) <= 3:
        return 1 if _HEARD.search(plain) else 0
    return max(1, len(_HEARD.findall(plain)) - len(_SILENT.findall(plain)) + len(_APART.findall(plain)))


def grade(text: str, familiar: Iterable[str] = ()) -> float:
    """The grade level of a text. ``familiar`` are names whose words count as two syllables at most; an empty text has grade 0."""
    text = text.replace("\u2019", "'")
    known = {word.casefold() for name in familiar for word in _WORD.findall(name)}
    sentences = [part for part in _END.split(text) if _WORD.search(part)]
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if not words:
        return 0.0
    heard = sum(min(syllables(word), FAMILIAR) if word.casefold() in known else syllables(word) for word in words)
    return level(len(words), len(sentences), heard)


def level(words: int, sentences: int, syllables: int) -> float:
    """The formula itself, on counts."""
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59
