"""Building: deterministic, atomic, and with a clear error for every kind of broken content."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.errors import BrokenSyntax, ClaimCycle, KgError, NotConforming, RuleError, RuleRecurses
from kg.knowledge import open_release
from kg.pipeline import Built, build, validate
from tests.kg.small import HEADER, ROOT, copy_small_content

BARE = "[] a ig:Claim ; ig:subject therapy:ivig ; ig:predicate ig:classifiedAs ; ig:object level:immunosuppressive-low ."
EVIDENCE = """ a ig:Evidence ; ig:direction ig:supports ; ig:source source:handbook ; ig:locator "1" ;
    ig:paraphrase "made up for a test" ; ig:strength "made up" ; ig:certainty certainty:low .
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small content with all rules and shapes, which may be broken."""
    return copy_small_content(tmp_path / "content")


@pytest.fixture
def small(root: Path, tmp_path: Path) -> Built:
    """The release of the small content."""
    return build(root, tmp_path / "small")


def claim(subject: str, predicate: str, value: str, name: str) -> str:
    said = f"[] a ig:Claim ; ig:subject {subject} ; ig:predicate {predicate} ; ig:object {value} ; ig:evidence evidence:{name} ."
    return f"{said}\nevidence:{name}{EVIDENCE}"


def test_two_builds_are_identical(built: Built, tmp_path: Path) -> None:
    again = build(ROOT, tmp_path)
    for file in built.folder.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()
    assert again.release == built.release


def test_a_release_has_no_blank_nodes(release_file: Path) -> None:
    """A blank node has another name in every build, and nobody can refer to it."""
    assert "_:" not in {word[:2] for line in release_file.read_text(encoding="utf-8").splitlines() for word in line.split(" ")[:3:2]}


def test_a_build_that_fails_leaves_the_old_release(root: Path, small: Built) -> None:
    target = small.folder
    before = {file.name: file.read_bytes() for file in target.iterdir()}
    (root / "data" / "curated" / "broken.ttl").write_text("this is not Turtle", encoding="utf-8")
    with pytest.raises(BrokenSyntax):
        build(root, target)
    assert {file.name: file.read_bytes() for file in target.iterdir()} == before


def test_a_build_that_is_killed_leaves_a_release_that_opens(root: Path, small: Built) -> None:
    """Killed at any moment, from its start to the writing of the release, a build leaves the old one whole."""
    code = "import sys, pathlib; from kg.pipeline import build; build(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    command = [sys.executable, "-c", code, str(root), str(small.folder)]
    started = time.monotonic()
    subprocess.run(command, check=True)
    whole = time.monotonic() - started
    for part in (0.1, 0.4, 0.6, 0.75, 0.85, 0.92, 0.97):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * part)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert open_release(small.folder).release == small.release


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("not turtle at all", BrokenSyntax, "broken.ttl:1"),
        (HEADER + "[] a ig:Claim ; ig:subject", BrokenSyntax, "broken.ttl"),
        (HEADER + "therapy:x a ig:Therapy .", NotConforming, "has no label"),
        (HEADER + BARE, NotConforming, "has no evidence"),
        (HEADER + claim("therapy:biologics", "ig:memberOf", "therapy:tnf-inhibitors", "t1"), ClaimCycle, "circle"),
    ],
)  # fmt: skip
def test_broken_content_is_named_with_its_place(root: Path, tmp_path: Path, text: str, kind: type[KgError], words: str) -> None:
    (root / "data" / "curated" / "broken.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(kind) as caught:
        build(root, tmp_path / "out")
    assert words in caught.value.text()
    assert caught.value.place
    assert caught.value.remedy
    assert not (tmp_path / "out").exists()


RULE = """@prefix ig: <https://w3id.org/immunograph/ontology/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rule: <https://w3id.org/immunograph/rule/> .
@prefix status: <https://w3id.org/immunograph/status/> .
rule:NAME a ig:Rule ; rdfs:label "A bad rule"@en ; ig:statement "x"@en ; ig:rationale "x"@en ; dct:source <https://w3id.org/immunograph/ontology/> ;
    ig:status status:submitted ; ig:stratum 4 ; FLAGS ig:construct \"\"\"BODY\"\"\" .
"""
BACK = """CONSTRUCT { [] ig:concludes ig:supports ; ig:subject ?b ; ig:predicate ?p ; ig:object ?a ; ig:scope ?s ; ig:supportedPremise ?c }
WHERE { ?c ig:subject ?a ; ig:predicate ?p ; ig:object ?b ; ig:scope ?s ; ig:stands ig:supports . FILTER ( ?p = ig:treats ) }"""
ENDLESS = """CONSTRUCT { [] ig:concludes ig:supports ; ig:subject ?new ; ig:predicate ig:treats ; ig:object ?b ; ig:scope ?s ;
  ig:supportedPremise ?c }
WHERE { ?c ig:subject ?a ; ig:predicate ig:treats ; ig:object ?b ; ig:scope ?s ; ig:stands ig:supports .
        FILTER ( STRSTARTS( STR( ?a ) , 'https://w3id.org/immunograph/therapy/ivig' ) || STRENDS( STR( ?a ) , 'x' ) )
        BIND ( IRI( CONCAT( STR( ?a ) , 'x' ) ) AS ?new ) }"""


@pytest.mark.parametrize(
    ("body", "flags", "kind", "words"),
    [
        (BACK, "", RuleRecurses, "own stratum"),
        (ENDLESS, "ig:recursive true ;", RuleRecurses, "after 24 rounds"),
        ("SELECT * WHERE { ?s ?p ?o }", "", RuleError, "not a CONSTRUCT"),
        ("CONSTRUCT { oops", "", RuleError, "not valid SPARQL"),
        ("CONSTRUCT { ?s ig:subject ?o } WHERE { ?s ?p ?o }", "", RuleError, "do not give"),
    ],
)
def test_a_bad_rule_is_named_with_its_place(root: Path, tmp_path: Path, body: str, flags: str, kind: type[KgError], words: str) -> None:
    text = RULE.replace("NAME", "bad-rule").replace("FLAGS", flags).replace("BODY", body)
    (root / "ontology" / "rules" / "bad-rule.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(kind) as caught:
        build(root, tmp_path / "out")
    assert words in caught.value.text()
    assert caught.value.place == "bad-rule.ttl"


def test_validate_names_file_label_problem_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "new.ttl"
    file.write_text(
        HEADER + claim("therapy:ivig", "ig:classifiedAs", "level:immunosuppressive-low", "e12").replace(" ig:source source:handbook ;", ""),
        encoding="utf-8",
    )
    report = validate(file)
    assert not report.conforms
    finding = next(f for f in report.violations if "source" in f.problem)
    assert finding.sentence() == "Evidence e12 names no source."
    assert finding.file.endswith("new.ttl")
    assert finding.remedy
    assert "Evidence e12 names no source." in report.turtle()
    assert "sh:ValidationReport" in report.turtle()


def test_a_retracted_source_no_longer_decides(root: Path, tmp_path: Path) -> None:
    """Take away what the answer rests on, and it becomes unknown; never no."""
    assert open_release(build(root, tmp_path / "before").folder).answer("immunocompromising", "adalimumab").verdict == "yes"
    curated = root / "data" / "curated"
    for path in curated.glob("*.ttl"):
        path.write_text(path.read_text(encoding="utf-8").replace("ig:standing standing:current", "ig:standing standing:retracted"), encoding="utf-8")
    done = build(root, tmp_path / "out")
    graph = open_release(done.folder)
    assert {graph.answer("immunocompromising", t.iri).verdict for t in graph.index.therapies()} == {"unknown"}
