"""What to say where something is missing: which therapy may have been meant, which questions can be asked."""

from __future__ import annotations

from collections.abc import Sequence

from kg.answer.names import spelling
from kg.ask.amounts import Bound
from kg.ask.book import book
from kg.ask.lexicon import Lexicon
from kg.ask.mentions import Mention
from kg.ask.text import Text
from kg.errors import UnknownQuestion, UnknownTherapy

MOST = 5
_NEAR = 80.0


def misspelt(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The names that are one slip of the pen away from a word, best first: at most one letter wrong, missing, doubled or swapped."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    typed = spelling(word)
    if len(typed) < 6 or word in book().lists["alike"]:
        return ()
    near = process.extract(typed, lexicon.single.get(typed[0], ()), scorer=OSA.distance, score_cutoff=2 if len(typed) > 8 else 1, limit=MOST)
    return tuple(name for name, distance, _ in near if distance)


def stands_in(text: Text, unknown: Sequence[int]) -> bool:
    """Whether an unknown word, or a word such as "medication", may be the therapy, so that nothing else must be taken for the subject."""
    lists = book().lists
    words = [word.read for word in text.words]
    meant = [i for i, word in enumerate(words) if word in lists["some_therapy"] and not set(words[max(0, i - 3) : i]) & lists["none_of"]]
    return bool(strange(text, unknown) or meant)


def unnamed(text: Text, mention: Mention) -> bool:
    """Whether a kind of treatment stands for one that is not named: "my biologic", "this new biologic"."""
    lists = book().lists
    before = [word.read for word in text.words[max(0, mention.start - 2) : mention.start]]
    owned = bool(before) and (before[-1] in lists["possessive"] or (before[0] in lists["possessive"] and before[-1] in lists["newly"]))
    return owned and " ".join(mention.words.casefold().split()) in lists["kinds_of_treatment"]


def strange(text: Text, unknown: Sequence[int]) -> list[int]:
    """The unknown words that are no ordinary English words, and so may be names."""
    english = book().lists["english"]
    return [i for i in unknown if text.words[i].name not in english and text.words[i].loose not in english]


def refuse_unknown(text: Text, unknown: Sequence[int], mentions: Sequence[Mention], amounts: Sequence[Bound], lexicon: Lexicon) -> None:
    """An error where an unknown word is surely a therapy: it is nearly a name, a dose stands beside it, or it is joined to a therapy by "and"."""
    odd = strange(text, unknown)
    for i in unknown:
        word = text.words[i]
        if i + 1 < len(text.words) and i not in text.ends and text.words[i + 1].read in book().lists["any_vaccine"]:
            raise UnknownTherapy(f"No vaccine of this release is called '{word.surface}'.", remedy="Write its full name, or ask about live vaccines.")
        if i not in odd:
            continue
        names = misspelt(word.name, lexicon)
        if names or _dosed(text, i, mentions, amounts) or _joined(text, i, mentions):
            labels = tuple(dict.fromkeys(f.shown() for name in names for f in lexicon.therapies.lookup(name)))
            remedy = f"Did you mean: {', '.join(labels)}?" if labels else "Write its full name, or leave it out."
            raise UnknownTherapy(f"No therapy of this release is called '{word.surface}'.", remedy=remedy, candidates=labels)


def _dosed(text: Text, i: int, mentions: Sequence[Mention], amounts: Sequence[Bound]) -> bool:
    """Whether a dose stands right before the word, or right after it and before no name."""
    for bound in amounts:
        start, end = text.at(bound.start, bound.end)
        if bound.kind == "dose" and (i == end or i == start - 1 or (i == end + 1 and text.words[end].read == "of")):
            return True
    return False


def _joined(text: Text, i: int, mentions: Sequence[Mention]) -> bool:
    """Whether "and", "or", "plus" or a plus sign stands between the word and a therapy."""
    joins = book().lists["joins"]
    edges = {m.end for m in mentions if m.kind == "therapy" and not m.put_aside}
    heads = {m.start for m in mentions if m.kind == "therapy" and not m.put_aside}
    before = text.words[i - 1].read if i else ""
    after = text.words[i + 1].read if i + 1 < len(text.words) else ""
    plus = "+" in text.text[text.words[i - 1].end : text.words[i].start] if i else False
    plus_after = "+" in text.text[text.words[i].end : text.words[i + 1].start] if after else False
    return (before in joins and i - 1 in edges) or (after in joins and i + 2 in heads) or (plus and i in edges) or (plus_after and i + 1 in heads)


def no_therapy(text: Text, left: Sequence[int], mentions: Sequence[Mention], lexicon: Lexicon) -> UnknownTherapy:
    """The error of a question that names no therapy: near names are offered, never taken."""
    aside = [m for m in mentions if m.put_aside and m.kind in ("therapy", "vaccine")]
    if aside:
        told = "; ".join(f"{m.words}: {m.put_aside}" for m in aside)
        return UnknownTherapy(
            f"The question names no therapy that is taken ({told}).", remedy="Name the therapy that is asked about, and when it was last taken."
        )
    unknown = [text.words[i] for i in left]
    candidates: dict[str, float] = {}
    for word in unknown[:8]:
        for found in lexicon.therapies.find(word.name, 3) if len(word.name) > 3 else ():
            if (found.match == "fuzzy" and found.score >= _NEAR) or found.match == "exact":
                candidates[found.shown()] = max(candidates.get(found.shown(), 0.0), found.score)
    named = tuple(sorted(candidates, key=lambda label: -candidates[label])[:MOST])
    what = f"'{' '.join(word.surface for word in unknown)[:80]}'" if unknown else "the question"
    remedy = f"Did you mean: {', '.join(named)}?" if named else "Name the therapy, such as IVIG, prednisone or Humira."
    return UnknownTherapy(f"No therapy of this release was recognised in {what}.", remedy=remedy, candidates=named)


def no_question(cause: str, mentions: Sequence[Mention], questions: Sequence[str] = ()) -> UnknownQuestion:
    """The error of a question that cannot be placed, or that may be several: with examples of what can be asked of what was named."""
    label = next((m.found[0].entity.label for m in mentions if m.kind in ("therapy", "vaccine") and m.found and not m.put_aside), "IVIG")
    examples = book().examples
    asked = tuple(examples[name].replace("THERAPY", label) for name in (questions or examples))
    lead = "Ask one of these at a time" if questions else "This release answers"
    return UnknownQuestion(cause, remedy=f"{lead}: {' '.join(asked)}", candidates=asked)
