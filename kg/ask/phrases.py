"""The phrase language of ``ontology/asking/questions.toml``, compiled to regular expressions over a tagged text.

A tagged text is words in small letters with the names in it replaced by their kind: ``can i get the VACCINE on THERAPY``.

>>> pattern("can|could ~ VACCINE", {}).search("can i get the VACCINE on THERAPY ").group()
'can i get the VACCINE '
>>> bool(pattern("immunosuppress* [drug]", {}).search("immunosuppressive "))
True
"""

from __future__ import annotations

import re

from kg.errors import DataError
from kg.resources import asking_file

_TOKEN = re.compile(r"\[[^\]]*\]|~\d*|\^|(?:\([^)]*\)|\{[^}]*\}|[^\s\[\](){}~])+")
_PART = re.compile(r"\([^)]*\)|[^|()]+")
_COMMA = r"(?:, )?"
_KINDS = {"ILL": "(?:INFECTION|CONDITION)", "NAMED": "(?:THERAPY|VACCINE|INFECTION|CONDITION)"}


def pattern(phrase: str, lists: dict[str, str]) -> re.Pattern[str]:
    """A phrase as a regular expression; a list that is not given is an error."""
    return re.compile(r"(?<!\S)" + _source(phrase, lists))


def any_of(phrases: list[str], lists: dict[str, str]) -> re.Pattern[str]:
    """Several phrases as one regular expression that finds any of them; it never matches where there are none."""
    return re.compile(r"(?<!\S)(?:" + "|".join(_source(phrase, lists) for phrase in phrases) + ")") if phrases else re.compile(r"(?!)")


def vocabulary(phrases: list[str], lists: dict[str, str]) -> re.Pattern[str]:
    """The words of some phrases, as a regular expression that fits any one of them whole.

    >>> bool(vocabulary(["immunosuppress* [drug]"], {}).fullmatch("immunosuppressed"))
    True
    """
    written = " ".join(phrases)
    for name in set(re.findall(r"\{([^}]*)\}", written)):
        written += " " + lists[name]
    words = sorted(set(re.findall(r"[a-z0-9]+\*?", re.sub(r"\{[^}]*\}", " ", written))))
    return re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in words) or r"(?!)")


def _source(phrase: str, lists: dict[str, str]) -> str:
    return "".join(_token(token, lists, phrase) for token in _TOKEN.findall(phrase))


def _token(token: str, lists: dict[str, str], phrase: str) -> str:
    if token.startswith("["):
        inner = "".join(_token(part, lists, phrase) for part in _TOKEN.findall(token[1:-1]))
        return f"(?:{inner})?"
    if token.startswith("~"):
        # Lazy and bounded: long texts must not make the search slow. Captured: what is reached over is not what the phrase says.
        return rf"((?:[^\s.]+ ){{0,{token[1:] or 5}}}?)"
    if token == "^":  # noqa: S105 - a sign of the phrase language
        return r"(?<![^.] )"
    for name in re.findall(r"\{([^}]*)\}", token):
        if name not in lists:
            raise DataError(
                f"The list '{name}' of the phrase '{phrase}' is not given.", place=asking_file("questions").name, remedy="Write it under [lists]."
            )
        token = token.replace(f"{{{name}}}", lists[name])
    words = [_words(part.strip("()")) for part in _PART.findall(token)]
    return f"(?:{'|'.join(words)})" if len(words) > 1 else words[0]


def _words(text: str) -> str:
    return "".join(_COMMA + _word(word) + " " for word in text.split()) if text.strip() != "," else ", "


def _word(word: str) -> str:
    return _KINDS.get(word) or re.escape(word).replace(r"\*", r"\w*")
