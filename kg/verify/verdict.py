"""Take the decision anew: side, match, weight and what is set aside are recomputed from the proof, then the document's own queries decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import rdflib

from kg.errors import ProofRejected
from kg.verify.content import IG, ROOM, ReleaseFacts, claim_id, full
from kg.verify.match import FULL, NONE, PARTIAL, Bounds
from kg.verify.paper import Paper, Row
from kg.verify.steps import SUPPORTS, Rulebook

INTERNATIONAL = ROOM + "jurisdiction/international"
_ABOUT = ("component", "partOfArm", "broader")


class Judged(NamedTuple):
    """One bearing statement as the checker sees it; ``warns`` if it is on the cautious side of the question."""

    warns: bool
    side: str
    fit: str
    people_only: bool
    weight: int
    near: int
    voices: frozenset[str]
    places: frozenset[str] = frozenset()
    passed: bool = False
    about: str = ""


class Judge:
    """Checks the decision of one proof."""

    def __init__(self, proof: Mapping[str, Any], rulebook: Rulebook, facts: ReleaseFacts) -> None:
        self.proof, self.rulebook, self.facts = proof, rulebook, facts
        self.paper: Paper = rulebook.paper(full(proof["question"], rulebook.prefixes))
        self.entries = proof["bearing"]
        self.preferred = self.iri(proof.get("jurisdiction", ""))
        self.subject = self.iri(proof["therapy"])
        self.target, self.asked, self.wide = self._target(proof.get("target"))
        self.bounds = self._bounds()

    @property
    def shows(self) -> tuple[str, ...]:
        """The verdicts of a member that say something of its class."""
        return ("yes" if self.paper.cautious == IG + SUPPORTS else "no", "conditional", "conflicting")

    @property
    def calm(self) -> str:
        """The verdict that reassures."""
        return "no" if self.paper.cautious == IG + SUPPORTS else "yes"

    def iri(self, curie: str) -> str:
        """The IRI of a CURIE of the proof."""
        return full(curie, self.rulebook.prefixes)

    def _bounds(self) -> dict[tuple[str, bool], Bounds]:
        """The lines that statements draw, all together or for each object apart: warnings for all, what reassures for its own kind only."""
        groups: dict[tuple[str, bool], list[Mapping[str, str]]] = defaultdict(list)
        for entry in self.entries:
            key = self._group(entry)
            groups[key, False].append(entry["claim"]["scope"])
            if IG + entry["side"] == self.paper.cautious:
                groups[key, True].append(entry["claim"]["scope"])
        return {key: Bounds(self.proof, self.rulebook, self.facts, scopes) for key, scopes in groups.items()}

    def _group(self, entry: Mapping[str, Any]) -> str:
        apart = bool(self.paper.kinds) and not (self.target and self.paper.wider)
        return self.iri(entry["claim"]["object"]) if apart else ""

    # -- what was asked -------------------------------------------------------------------------------------------------------

    def _wider(self, iri: str) -> dict[str, int]:
        """A thing and all that it belongs to, in the ontology and in the release, with the number of steps."""
        found, level, steps = {iri: 0}, {iri}, 0
        while level:
            steps += 1
            level = {wide for one in level for wide in self._above(one)} - found.keys()
            found.update(dict.fromkeys(level, steps))
        return found

    def _above(self, iri: str) -> set[str]:
        own = self.facts.values.get(iri, {})
        broader = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#broader")
        written = [broader, *(rdflib.URIRef(IG + name) for name in _ABOUT[:2])]
        defined = {str(v) for p in written for v in self.rulebook.definitions.objects(rdflib.URIRef(iri), p)}
        return defined | {v for name in _ABOUT for v in own.get(name, ())}

    def _target(self, stated: Mapping[str, Any] | None) -> tuple[str, bool, dict[str, int]]:
        """What the question is about, checked against its document, and all that it belongs to."""
        expected = self.paper.default if self.paper.kinds else ""
        if stated is None:
            if expected:
                raise ProofRejected("The proof does not say what was asked about.", place="target", remedy="Ask again.")
            return "", False, {}
        iri, asked = self.iri(stated["id"]), bool(stated["asked"])
        if not self.paper.kinds or (not asked and iri != expected):
            raise ProofRejected("The question is not about that.", place="target", remedy="Ask again.")
        known = self._wider(iri)
        wide = dict(known)
        for link in stated["links"]:
            if self.iri(link["predicate"]) != IG + "isLiveVaccine" or self.iri(link["subject"]) not in known:
                raise ProofRejected("A statement does not tie the target to its group.", place=link["id"], remedy="Ask again.")
            for one, steps in self._wider(self.iri(link["object"])).items():
                wide.setdefault(one, known[self.iri(link["subject"])] + 1 + steps)
        return iri, asked, wide

    def related(self, side: str, object_: str) -> tuple[str, int] | None:
        """How far a statement about an object covers what was asked, and in how many steps."""
        if not self.paper.kinds or object_ == self.target:
            return FULL, 0
        if not self.target:
            return (FULL if side == SUPPORTS else NONE), 0
        change = self._change(self.target)
        if change and self._change(object_) != change:
            return None
        if object_ in self.wide:
            return (FULL if self.paper.wider else PARTIAL), self.wide[object_]
        if self.target in self._wider(object_):
            return (PARTIAL if not self.paper.narrower else FULL if side == SUPPORTS else NONE), 0
        return None

    def _change(self, iri: str) -> str:
        """The direction of an effect; nothing for other things."""
        return str(self.rulebook.definitions.value(rdflib.URIRef(iri), rdflib.URIRef(IG + "change")) or "")

    def row(self, entry: Mapping[str, Any]) -> Row:
        """The kind of statement of the question's document that an entry is; refused where it is none."""
        node = entry["claim"]
        predicate, object_ = self.iri(node["predicate"]), self.iri(node["object"])
        vaccine_first = node.get("qualifiers", {}).get("intervalDirection", "ig:therapy-then-vaccine") != "ig:therapy-then-vaccine"
        for row in self.rows_for(predicate, object_, vaccine_first=vaccine_first):
            if (row.taken, row.side, row.time) == (IG + node["direction"], IG + entry["side"], self.iri(entry.get("time", ""))):
                return row
        raise ProofRejected("The statement does not bear on the question.", place=node["id"], remedy="Ask again.")

    def rows_for(self, predicate: str, object_: str, *, vaccine_first: bool) -> Iterator[Row]:
        """The kinds of statement of the question's document that a claim may be."""
        if predicate == IG + "requiresInterval" and vaccine_first:
            return
        for row in self.paper.rows:
            if predicate in row.through and (not row.about or object_ in row.about) and (not row.within or row.within in self._wider(object_)):
                yield row

    def subjects(self) -> list[str]:
        """The subject; for a condition also those that it belongs to."""
        return list(self._wider(self.subject)) if self.subject.startswith(ROOM + "condition/") else [self.subject]

    def groups_of(self, thing: str) -> list[str]:
        """A thing and all that it belongs to by the hierarchies."""
        return list(self._wider(thing))

    def steps_to(self, node: Mapping[str, Any], *, warns: bool) -> int:
        """The steps from the subject to what the statement is about: none, or for a condition a wider one, whose warnings hold for it."""
        own = self.iri(node["subject"])
        if own == self.subject:
            return 0
        above = self._wider(self.subject) if self.subject.startswith(ROOM + "condition/") and warns else {}
        if own not in above:
            raise ProofRejected("A statement is about another therapy.", place=node["id"], remedy="Ask again.")
        return above[own]

    # -- weight ---------------------------------------------------------------------------------------------------------------

    def weight(self, node: Mapping[str, Any]) -> int:
        """The weight of a claim node: its best ground."""
        return max(self._ground(ground) for ground in node["grounds"])

    def _ground(self, ground: Mapping[str, Any]) -> int:
        if ground["kind"] == "evidence":
            authority = self.rulebook.rank(f"{ROOM}kind/{ground['source']['kind']}") or 1
            return min(authority, self.rulebook.rank(f"{ROOM}certainty/{ground['certainty']}") - 1)
        counted = [p for p in ground["premises"] if p["predicate"] != "ig:memberOf"] or ground["premises"]
        return min(self.weight(p) for p in counted)

    def voices(self, node: Mapping[str, Any]) -> frozenset[str]:
        """The independent voices behind a claim node; those of mere memberships do not count."""
        found: set[str] = set()
        for ground in node["grounds"]:
            if ground["kind"] == "evidence":
                found.add(ground["source"]["voice"])
            else:
                found |= {voice for p in ground["premises"] if p["predicate"] != "ig:memberOf" for voice in self.voices(p)}
        return frozenset(found)

    def places(self, node: Mapping[str, Any]) -> frozenset[str]:
        """The jurisdictions for which the documents behind a claim node speak, empty for one that speaks for none; memberships do not count."""
        found: set[str] = set()
        for ground in node["grounds"]:
            if ground["kind"] == "evidence":
                source = full(ground["source"]["id"], self.rulebook.prefixes)
                stated = {full(ground["source"].get("jurisdiction", ""), self.rulebook.prefixes)}
                found |= (self.facts.values[source]["jurisdiction"] or {""}) if self.facts.known else stated
            else:
                found |= {place for p in ground["premises"] if p["predicate"] != "ig:memberOf" for place in self.places(p)}
        return frozenset(found)

    def nearness(self, node: Mapping[str, Any]) -> int:
        """How many membership steps the nearest document is away."""
        return min(0 if g["kind"] == "evidence" else int(g.get("distance") or max(self.nearness(p) for p in g["premises"])) for g in node["grounds"])

    # -- match ----------------------------------------------------------------------------------------------------------------

    def judged(self) -> list[Judged]:
        """The entries as the policy sees them; refused where the proof states another match or weight."""
        found: list[Judged] = []
        ended = False
        for entry in self.entries:
            node, row = entry["claim"], self.row(entry)
            warns = row.side == self.paper.cautious
            related, steps = self.related(entry["side"], self.iri(node["object"])), self.steps_to(node, warns=warns)
            if related is None:
                raise ProofRejected("The statement has nothing to do with what was asked.", place=node["id"], remedy="Ask again.")
            near = self.nearness(node)
            fit, people_only, only_time = self.bounds[self._group(entry), warns].fit(node, comforting=not warns, near=near, time=row.time)
            if fit != NONE and related[0] == NONE:
                fit, people_only = NONE, False
            elif fit != NONE and (related[0] == PARTIAL or steps > 1):
                narrower = self.target not in (object_ := self.iri(node["object"]), "") and object_ not in self.wide and steps < 2
                fit, people_only = PARTIAL, narrower and (fit == FULL or people_only)
            ended = ended or (warns and only_time)
            places = self.places(node) if self.preferred else frozenset[str]()
            near_all = near + related[1] + steps
            passed = row.time == IG + "interval-passed"
            object_ = self.iri(node["object"])
            found.append(Judged(warns, entry["side"], fit, people_only, self.weight(node), near_all, self.voices(node), places, passed, object_))
        for i, (entry, one) in enumerate(zip(self.entries, found, strict=True)):
            if ended and not one.warns and one.fit == FULL:
                found[i] = one._replace(fit=PARTIAL, people_only=False)
            stated = (entry["match"], entry["people_only"], entry["weight"], entry["nearness"])
            if stated != found[i][2:6]:
                place = entry["claim"]["id"]
                raise ProofRejected(f"The statement is taken as {stated}, but the policy gives {found[i][2:6]}.", place=place, remedy="Ask again.")
        return found

    # -- decision -------------------------------------------------------------------------------------------------------------

    def check(self, *expected: str) -> None:
        """Refuse a proof whose matches or weights are not what the policy gives, or that gives none of the expected verdicts."""
        self._each_once()
        judged = self.judged()
        elsewhere = [self._elsewhere(one, judged) for one in judged]
        here = [one for one, foreign in zip(judged, elsewhere, strict=True) if not foreign]
        asides = [foreign or self._aside(one, here) for one, foreign in zip(judged, elsewhere, strict=True)]
        asides = self._alone(judged, self._past(judged, asides))
        for entry, aside in zip(self.entries, asides, strict=True):
            if bool(entry["set_aside"]) != aside:
                raise ProofRejected("What is set aside is not what the policy sets aside.", place=entry["claim"]["id"], remedy="Ask again.")
        verdict = self._decide([one for one, aside in zip(judged, asides, strict=True) if not aside and one.fit != NONE])
        if verdict not in expected:
            raise ProofRejected(f"The policy gives '{verdict}', not '{expected[0]}'.", place="verdict", remedy="Ask again.")

    @staticmethod
    def _past(judged: list[Judged], asides: list[bool]) -> list[bool]:
        """A passed interval gives way to a warning that holds in full."""
        holds = any(one.warns and one.fit == FULL and not aside for one, aside in zip(judged, asides, strict=True))
        return [aside or (holds and one.passed and one.fit != NONE) for one, aside in zip(judged, asides, strict=True)]

    @staticmethod
    def _alone(judged: list[Judged], asides: list[bool]) -> list[bool]:
        """One voice of low authority does not reassure by itself."""
        left = [one for one, aside in zip(judged, asides, strict=True) if not aside and one.fit != NONE]
        sure = [one for one in left if one.fit == FULL]
        weak = not any(one.warns for one in left) and not any(one.weight >= 2 for one in sure)
        if not sure or not weak or len({voice for one in sure for voice in one.voices}) >= 2:
            return asides
        return [aside or one.fit == FULL for one, aside in zip(judged, asides, strict=True)]

    def _each_once(self) -> None:
        seen = [(claim_id(e["claim"], self.rulebook.prefixes), e["claim"]["direction"], e.get("time", "")) for e in self.entries]
        if len(set(seen)) < len(seen):
            raise ProofRejected("A statement is counted twice.", place="bearing", remedy="Ask again.")

    def _lies_within(self, narrow: str, wide: str) -> bool:
        return wide in self._wider(narrow)

    def _own(self, one: Judged) -> bool:
        return any(place and self._lies_within(self.preferred, place) for place in one.places)

    def _elsewhere(self, one: Judged, judged: list[Judged]) -> bool:
        """Whether a statement gives way to as good a one of the preferred jurisdiction (policy, point 9)."""
        if not self.preferred or one.fit == NONE or {"", INTERNATIONAL} & one.places or self._own(one):
            return False
        far = (NONE, PARTIAL, FULL).index
        for own in (o for o in judged if o.fit != NONE and self._own(o)):
            least = one.weight if one.warns else max(1, one.weight - 1)
            denied = one.warns and not own.warns and own.fit != FULL
            if own.near <= one.near and far(own.fit) >= far(one.fit) and own.weight >= least and not denied:
                return True
        return False

    def _same_line(self, comfort: Judged, warning: Judged) -> bool:
        """Whether one of the two speaks of a part of what the other speaks of."""
        one, other = comfort.about, warning.about
        if not self.paper.kinds or other in self._wider(one) or one in self._wider(other):
            return True
        return self.target in (one, other) and one in self.wide and other in self.wide

    def _aside(self, one: Judged, judged: list[Judged]) -> bool:
        if one.fit == NONE:
            return False
        for_, against = ([o for o in judged if o.warns is warns and o.fit == FULL] for warns in (True, False))
        if not one.warns:
            for_ = [o for o in for_ if o.weight > 0]
            heavier = bool(for_) and (one.weight <= max(o.weight for o in for_) - 2 or one.people_only)
            return one.weight == 0 or heavier or any(o.near < one.near and o.weight >= one.weight - 1 for o in for_)
        against = [o for o in against if not o.passed and self._same_line(o, one)]
        authority = any(o.weight >= 2 for o in against)
        if one.weight == 0 and (authority or not any(not o.warns and o.weight > 0 and o.fit != NONE for o in judged)):
            return True
        if one.fit == PARTIAL and one.weight <= 1:
            denying = {voice for o in against if o.weight >= one.weight for voice in o.voices} - one.voices
            if authority or len(denying) >= 2:
                return True
        return any(o.near < one.near and o.weight >= one.weight for o in against)

    def _decide(self, left: list[Judged]) -> str:
        """The verdict of the first decision of the document whose ASK holds."""
        known = tuple(sorted((side, fit, weight, near) for _, side, fit, _, weight, near, *_ in left))
        if known not in self.paper.verdicts:
            self.paper.verdicts[known] = self._ask(known)
        return self.paper.verdicts[known]

    def _ask(self, left: Iterable[tuple[str, str, int, int]]) -> str:
        graph = rdflib.Graph()
        for side, fit, weight, near in left:
            node = rdflib.BNode()
            graph.add((node, rdflib.RDF.type, rdflib.URIRef(IG + "Bearing")))
            graph.add((node, rdflib.URIRef(IG + "side"), rdflib.URIRef(IG + side)))
            graph.add((node, rdflib.URIRef(IG + "match"), rdflib.URIRef(IG + fit)))
            graph.add((node, rdflib.URIRef(IG + "weight"), rdflib.Literal(weight)))
            graph.add((node, rdflib.URIRef(IG + "nearness"), rdflib.Literal(near)))
            graph.add((node, rdflib.URIRef(IG + "setAside"), rdflib.Literal(False)))
        for _, condition, verdict in self.paper.decisions:
            if graph.query(condition, initNs=self.rulebook.prefixes).askAnswer:
                return verdict
        raise ProofRejected("No decision of the question holds.", place="verdict", remedy="Mend the question's document.")
