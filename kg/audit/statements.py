"""Find what an article says of therapies and immunity: the phrase, its therapy, whether it is denied, and in which strength."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.audit.model import Article, Sentence
from kg.audit.phrases import Book, Phrases
from kg.audit.therapies import Mention, Namer

LOOK_BACK = 25
LONGEST_SENTENCE = 1000
_WORDS = re.compile(r"[a-z][a-z'-]*")
_CURLY = str.maketrans({"’": "'", "‘": "'"})
_AND = re.compile(r"^(?:\([^)]*\)|\s)*,?\s*(?:and|or|nor|&|/)\s*(?:\([^)]*\)|\s)*$")
_ALSO = re.compile(r"^(?:\([^)]*\)|\s)*,\s*$")


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase of a sentence about a therapy, as it was read."""

    sentence: Sentence
    mention: Mention
    kind: str
    says: bool
    hedged: bool
    words: str
    subject_from: str
    vaccines: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A phrase about immunity whose therapy was not found, with the words that stand as its subject."""

    sentence: Sentence
    words: str
    subject: str
    why: str


class Finder:
    """Reads the sentences of one article in order, and remembers what a pronoun may stand for."""

    def __init__(self, article: Article, book: Book, namer: Namer) -> None:
        self.article = article
        self.book = book
        self.namer = namer
        self.said: list[Said] = []
        self.unplaced: list[Unplaced] = []
        topics = {m.entity.iri: m for m in namer.mentions(article.title) if not m.is_vaccine}
        self.topic = next(iter(topics.values())) if len(topics) == 1 else None

    def run(self) -> None:
        """Read all sentences that the article itself states: no questions, headings, disclaimers."""
        before: Mention | None = None
        section = ""
        for sentence in self.article.sentences:
            if sentence.section != section:
                before, section = None, sentence.section
            if sentence.kind in ("heading", "closing"):
                continue
            readable = len(sentence.text) <= LONGEST_SENTENCE and not sentence.text.endswith("?")
            hits = [] if not readable else list(self._hits(sentence.text.translate(_CURLY)))
            named = self.namer.mentions(sentence.text) if len(sentence.text) <= LONGEST_SENTENCE else []
            for phrases, match in hits:
                self._place(sentence, named, before, phrases, match)
            subjects = {m.entity.iri: m for m in named if not m.is_vaccine}
            if subjects:
                before = next(iter(subjects.values())) if len(subjects) == 1 else None

    def _hits(self, text: str) -> Iterator[tuple[Phrases, re.Match[str]]]:
        """The phrases that stand in a text; of phrases of one kind that overlap, the first."""
        for phrases in self.book.phrases:
            if phrases.needs and not phrases.needs.search(text):
                continue
            taken: list[tuple[int, int]] = []
            for expression in phrases.patterns:
                for match in expression.finditer(text):
                    if not any(start < match.end() and match.start() < end for start, end in taken):
                        taken.append(match.span())
                        yield phrases, match

    def _place(self, sentence: Sentence, named: list[Mention], before: Mention | None, phrases: Phrases, match: re.Match[str]) -> None:
        text = sentence.text.translate(_CURLY)
        vaccines = tuple(m for m in named if m.is_vaccine)
        if phrases.therapy == "subject":
            start = self._clause(text, match.start())
            found, source = self._subject(text, start, match, named, before)
        else:
            start = 0
            others = [m for m in named if not m.is_vaccine]
            after = [m for m in others if m.start >= match.end()] if phrases.therapy == "object" else []
            found, source = (after or others), "sentence"
            if not found:
                found, source = self._pronoun(text, 0, before)
        if self._reported(text, start, match):
            return
        if not found:
            self._lost(sentence, text, start, match, phrases, source)
            return
        says, hedged = self._polarity(text, start, match, phrases)
        for mention in found:
            one = Said(sentence, mention, phrases.kind, says, hedged, match.group().strip(' ,"'), source, vaccines)
            if not any(o.sentence is sentence and o.mention.entity.iri == mention.entity.iri and o.kind == one.kind for o in self.said[-20:]):
                self.said.append(one)

    def _clause(self, text: str, end: int) -> int:
        """Where the clause begins in which the phrase stands."""
        start = 0
        for match in self.book.breaks.finditer(text, 0, end):
            start = match.end()
        return start

    def _subject(self, text: str, start: int, match: re.Match[str], named: list[Mention], before: Mention | None) -> tuple[list[Mention], str]:
        """The therapies that are the subject of the phrase: in its clause, alone or joined by "and"; else what a pronoun stands for."""
        inside = [m for m in named if start <= m.start and m.end <= match.start()]
        for last in range(len(inside) - 1, -1, -1):
            if not self._leads(text, start, inside[last], match):
                continue
            chain = [inside[last]]
            for mention in reversed(inside[:last]):
                gap = text[mention.end : chain[0].start].casefold()
                if not _AND.match(gap) and not (len(chain) > 1 and _ALSO.match(gap)):
                    break
                chain.insert(0, mention)
            first = chain[0]
            lead = text[self._comma(text, start, first.start) : first.start].casefold()
            if all(self._light(word) for word in _WORDS.findall(lead)):
                return [m for m in chain if not m.others], "sentence"
        if inside:
            return [], "another subject"
        return self._pronoun(text, start, before, [m for m in named if m.end <= start and not m.is_vaccine], match.start())

    def _leads(self, text: str, start: int, mention: Mention, match: re.Match[str]) -> bool:
        """Whether nothing between therapy and phrase takes over as the subject."""
        gap = text[mention.end : match.start()].casefold()
        words = _WORDS.findall(gap)
        return gap.count(",") % 2 == 0 and len(words) <= 12 and not set(words) & self.book.words["other_subject"]

    def _comma(self, text: str, start: int, end: int) -> int:
        """After the last comma before the therapy that opens a clause ("In adults, Humira ...")."""
        place = text.rfind(", ", start, end)
        return place + 2 if place >= 0 else start

    def _light(self, word: str) -> bool:
        return word in self.book.words["light"] or word.endswith("ly")

    def _pronoun(
        self, text: str, start: int, before: Mention | None, earlier: list[Mention] | None = None, end: int = 0
    ) -> tuple[list[Mention], str]:
        clause = text[self._comma(text, start, end) if end else start : end or len(text)].lstrip(' "“')
        match = self.book.pronouns.match(clause) or (re.match(r"[A-Za-z]+,? (?=it\b)", clause) and self.book.pronouns.search(clause[:24]))
        for pronoun in self.book.pronouns.finditer(clause) if end and not match else ():
            match = match or (pronoun if all(self._light(word) for word in _WORDS.findall(clause[pronoun.end() :].casefold())) else None)
        if not match and not (start == 0 and not end):
            return [], "no therapy"
        if earlier:
            return [earlier[0]], "the sentence"
        if before:
            return [before], "the sentence before"
        return ([self.topic], "the title") if self.topic else ([], "no therapy")

    def _reported(self, text: str, start: int, match: re.Match[str]) -> bool:
        """Whether the clause is only reported, asked or supposed. What is said to be a myth is denied, not reported."""
        lead = text[max(0, start - 60) : match.start()]
        found = self.book.reporting.search(lead)
        if not found:
            return False
        word = found.group().casefold()
        return word != "if" or lead[found.end() :].count(",") == 0

    def _polarity(self, text: str, start: int, match: re.Match[str], phrases: Phrases) -> tuple[bool, bool]:
        """Whether the article says it, counting what denies it; and whether it does so with a reserve."""
        region = re.sub(r"^\W*(?:no|yes)[,.:;—–]", lambda m: " " * len(m.group()), text[start : match.end()], flags=re.IGNORECASE)
        joined = max(region.casefold().rfind(" and ", 0, match.start() - start), region.rfind(", ", 0, match.start() - start))
        window = region[joined + 1 :] if joined >= 0 and phrases.therapy == "subject" else region
        if phrases.therapy != "subject":
            window = "" if phrases.negated else text[max(0, match.start() - LOOK_BACK) : match.end()]
        denied = len(self.book.negators.findall(self.book.no_denial.sub(" ", window)))
        denied += bool(self.book.denying.search(text[:start])) or bool(self.book.denying.search(text[: match.start()]))
        says = phrases.says == (denied % 2 == 0)
        return says, phrases.therapy == "subject" and bool(self.book.hedges.search(window))

    def _lost(self, sentence: Sentence, text: str, start: int, match: re.Match[str], phrases: Phrases, why: str) -> None:
        subject = text[self._comma(text, start, match.start()) : match.start()].strip(' ,"(')
        subject = re.sub(r"(?:\s+(?:does|do|did|not|never|also|can|may|might|will|is|are|still|really))+$", "", subject, flags=re.IGNORECASE)
        if not any(u.sentence is sentence for u in self.unplaced[-1:]):
            self.unplaced.append(Unplaced(sentence, match.group().strip(' ,"'), subject if phrases.therapy == "subject" else "", why))
