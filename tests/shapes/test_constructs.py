"""Each construct that the compiler knows does what pySHACL does; one that it does not know is refused by its name."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import BrokenSyntax, ShapeError
from kg.graph import Graph
from kg.validate import validate_graph, validate_with_pyshacl

PREFIXES = """
@prefix : <https://example.org/> .
@prefix ig: <https://w3id.org/immunograph/ontology/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
:Dog rdfs:subClassOf :Pet . :Puppy rdfs:subClassOf :Dog .
:a a :Pet ; :name "Ada"@en , "Adda"@de , "ADA"@EN-gb , "no language" ; :age 3 , 3.5 , "old" ; :mother :b ; :mark :x , "X" , 5.5 , [] .
:b a :Dog ; :name "Bo"@en , "Bob"@en , "bo b"@de , "bob"@de ; :age 0 , -1 ; :mother :c ; :owner :o ;
    :born "2020-02-30"^^xsd:date , "2020-02-03"^^xsd:date .
:c a :Puppy ; :name "" ; :likes :a , :b , "toys" ; :born "2024-01-01" , "soon"^^xsd:duration , "P3D"^^xsd:duration .
:d a :Puppy ; :mother :a ; :owner :o , :p ; :mark true , "line one\\nbeta" .
:o :name "Owner" . :p a :Pet .
"""
FOR_PETS = ":S a sh:NodeShape ; sh:targetClass :Pet ; sh:property [ sh:message 'm' ; ig:remedy 'r' ; {} ] ."
KNOWN = [
    *("sh:path :name ; sh:minCount 1", "sh:path :name ; sh:minCount 2", "sh:path :name ; sh:minCount 0", "sh:path :owner ; sh:maxCount 1"),
    *("sh:path :owner ; sh:maxCount 0", "sh:path :name ; sh:uniqueLang true", "sh:path :name ; sh:uniqueLang false"),
    *(
        "sh:path :name ; sh:languageIn ( 'en' 'de' )",
        "sh:path :name ; sh:minLength 3",
        "sh:path :name ; sh:maxLength 3",
        "sh:path :mark ; sh:maxLength 3",
    ),
    *(
        "sh:path :name ; sh:pattern '^[AB]'",
        "sh:path :name ; sh:pattern '^[ab]' ; sh:flags 'i'",
        "sh:path :mark ; sh:pattern '^beta$' ; sh:flags 'm'",
    ),
    *("sh:path :mark ; sh:in ( :x 'X' 5.5 )", "sh:path :mark ; sh:in ( true )", "sh:path :owner ; sh:hasValue :o", "sh:path :mark ; sh:hasValue 'X'"),
    *(f"sh:path :mark ; sh:nodeKind sh:{k}" for k in ("IRI", "Literal", "BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")),
    *("sh:path :age ; sh:datatype xsd:integer", "sh:path :age ; sh:datatype xsd:decimal", "sh:path :born ; sh:datatype xsd:date"),
    *("sh:path :born ; sh:datatype xsd:duration", "sh:path :name ; sh:datatype xsd:string", "sh:path :mark ; sh:datatype xsd:boolean"),
    *(f"sh:path :age ; sh:{k} 3" for k in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")),
    *("sh:path :mother ; sh:class :Dog", "sh:path :likes ; sh:class :Dog", "sh:path :likes ; sh:class :Nothing", "sh:path :mark ; sh:class :Pet"),
    *("sh:path [ sh:inversePath :mother ] ; sh:minCount 1", "sh:path [ sh:inversePath :likes ] ; sh:maxCount 0"),
    *(
        "sh:path ( :mother :mother ) ; sh:minCount 1",
        "sh:path ( :mother :name ) ; sh:minLength 4",
        "sh:path ( :mother [ sh:inversePath :owner ] ) ; sh:minCount 1",
    ),
    *(
        "sh:path [ sh:alternativePath ( :owner :mother ) ] ; sh:minCount 2",
        "sh:path [ sh:alternativePath ( :owner ( :mother :owner ) ) ] ; sh:maxCount 1",
    ),
    *(
        "sh:path [ sh:alternativePath ( :owner [ sh:inversePath :mother ] ) ] ; sh:minCount 1",
        "sh:path :age ; sh:minCount 1 ; sh:severity sh:Warning",
    ),
    *(
        "sh:path [ sh:inversePath ( :mother :owner ) ] ; sh:maxCount 0",
        "sh:path :owner ; sh:minCount 1 ; sh:maxCount 1 ; sh:class :Pet ; sh:nodeKind sh:Literal",
    ),
]
UNKNOWN = {
    "sh:or": "sh:path :name ; sh:or ( [ sh:minLength 1 ] [ sh:maxLength 2 ] )",
    "sh:node": "sh:path :owner ; sh:node :Other",
    "sh:equals": "sh:path :owner ; sh:equals :mother",
    "sh:zeroOrMorePath": "sh:path [ sh:zeroOrMorePath :mother ] ; sh:minCount 1",
    "sh:flags": "sh:path :name ; sh:flags 'i'",
    "datatype": "sh:path :name ; sh:datatype xsd:anyURI",
    "kind of node": "sh:path :name ; sh:nodeKind :Anything",
    "whole number": "sh:path :name ; sh:minCount 'one'",
    "sh:message": "sh:path :name ; sh:message 'two messages'",
    "sh:path": "sh:path :name , :age ; sh:minCount 1",
    "severity": "sh:path :name ; sh:minCount 1 ; sh:severity :Grave",
    "list": "sh:path :name ; sh:in :nothing",
}
REFUSED = {
    "sh:closed": ":S a sh:NodeShape ; sh:targetClass :Pet ; sh:closed true .",
    "sh:targetNode": ":S a sh:NodeShape ; sh:targetNode :a ; sh:property [ sh:path :name ; sh:minCount 1 ; sh:message 'm' ] .",
    "no target": ":S a sh:NodeShape ; sh:property [ sh:path :name ; sh:minCount 1 ; sh:message 'm' ] .",
    "sh:ask": ":S a sh:NodeShape ; sh:targetClass :Pet ; sh:sparql [ sh:ask 'ASK { $this ?p ?o }' ; sh:message 'm' ] .",
    "sh:select": ":S a sh:NodeShape ; sh:targetClass :Pet ; sh:sparql [ sh:message 'm' ] .",
    "no sh:message": ":S a sh:NodeShape ; sh:targetClass :Pet ; sh:property [ sh:path :name ; sh:minCount 1 ] .",
    "SELECT": ":S a sh:NodeShape ; sh:targetClass :Pet ; sh:sparql [ sh:select 'SELECT $this WHERE' ; sh:message 'm' ] .",
    "which no shape uses": ":S a sh:NodeShape ; sh:targetClass :Pet . [] sh:path :name ; sh:minCount 1 .",
}


@pytest.fixture(scope="module")
def data() -> Graph:
    graph = Graph()
    graph.add_to("one", list(ox.parse(PREFIXES + DATA, format=ox.RdfFormat.TURTLE)))
    graph.add_to("two", list(ox.parse(PREFIXES + ":a a :Pet ; :age 3 . :b :owner :o .", format=ox.RdfFormat.TURTLE)))
    return graph


def written(folder: Path, shapes: str) -> list[Path]:
    path = folder / "made-up.ttl"
    path.write_text(PREFIXES + shapes, encoding="utf-8")
    return [path]


@pytest.mark.parametrize("construct", KNOWN)
def test_a_known_construct(construct: str, data: Graph, tmp_path: Path) -> None:
    shapes = written(tmp_path, FOR_PETS.format(construct))
    everything = {"https://example.org/" + name for name in "abcdop"}
    theirs = validate_with_pyshacl(data, shapes)
    assert validate_graph(data, shapes) == theirs
    assert validate_graph(data, shapes, focus=everything) == theirs
    assert validate_graph(data, shapes, focus={"https://example.org/b"}).findings == tuple(f for f in theirs.findings if f.node.endswith("/b"))


@pytest.mark.parametrize(
    "target", ["sh:targetSubjectsOf :mother , :likes", "sh:targetObjectsOf :mother", "sh:targetClass :Dog ; sh:targetObjectsOf :owner"]
)
@pytest.mark.parametrize("construct", ["sh:path :owner ; sh:minCount 1", "sh:path :name ; sh:minLength 4"])
def test_targets(target: str, construct: str, data: Graph, tmp_path: Path) -> None:
    shapes = written(tmp_path, FOR_PETS.format(construct).replace("sh:targetClass :Pet", target))
    found = validate_graph(data, shapes)
    assert found == validate_with_pyshacl(data, shapes)
    assert found.findings


@pytest.mark.parametrize("said", UNKNOWN)
def test_an_unknown_construct_is_refused(said: str, data: Graph, tmp_path: Path) -> None:
    shapes = written(tmp_path, FOR_PETS.format(UNKNOWN[said]))
    with pytest.raises(ShapeError) as problem:
        validate_graph(data, shapes)
    assert said in problem.value.cause
    assert "https://example.org/S" in problem.value.place
    assert problem.value.remedy


@pytest.mark.parametrize("said", REFUSED)
def test_an_unknown_shape_is_refused(said: str, data: Graph, tmp_path: Path) -> None:
    with pytest.raises(ShapeError) as problem:
        validate_graph(data, written(tmp_path, REFUSED[said]))
    assert said in problem.value.text()


@pytest.mark.parametrize("limit", ["minInclusive -9", "maxInclusive 9"])
def test_what_is_no_number_is_never_within_limits(limit: str, data: Graph, tmp_path: Path) -> None:
    """pySHACL puts ill-typed literals into the order of Python; SHACL asks what SPARQL asks, and there is no answer."""
    found = validate_graph(data, written(tmp_path, FOR_PETS.format(f"sh:path :born ; sh:{limit}")))
    assert {f.value for f in found.findings} == {"2020-02-30", "2020-02-03", "2024-01-01", "soon", "P3D"}


def test_a_shape_that_does_not_parse(data: Graph, tmp_path: Path) -> None:
    with pytest.raises(BrokenSyntax) as problem:
        validate_graph(data, written(tmp_path, ":S a sh:NodeShape ; ."[:-3] + "]"))
    assert problem.value.place == "made-up.ttl"
    with pytest.raises(BrokenSyntax):
        validate_with_pyshacl(data, [tmp_path / "made-up.ttl"])


def test_many_focus_nodes(data: Graph, tmp_path: Path) -> None:
    """More nodes than are worth naming in a query, or nodes that cannot be named, give the same findings."""
    shapes = written(tmp_path, FOR_PETS.format("sh:path :owner ; sh:minCount 1"))
    many = {f"https://example.org/other/{number}" for number in range(6000)} | {"https://example.org/a"}
    assert [f.node for f in validate_graph(data, shapes, focus=many).findings] == ["https://example.org/a"]
    assert [f.node for f in validate_graph(data, shapes, focus={"https://example.org/a", "blank"}).findings] == ["https://example.org/a"]
    assert validate_graph(data, shapes, focus=set()).findings == () == validate_with_pyshacl(data, shapes, focus=set()).findings
