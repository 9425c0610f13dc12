"""The command line as people use it: real processes for exit codes and streams, one line for each error."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pytest
import rdflib

from kg.pipeline import Built


def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "kg.cli", *words], capture_output=True, text=True, input=stdin, timeout=120, check=False)


@pytest.fixture(scope="session")
def data(built: Built) -> tuple[str, str]:
    return ("--data", str(built.folder))


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def test_ask_prints_verdict_reason_caveats_references_and_proof(data: tuple[str, str]) -> None:
    done = run("ask", "Does IVIG make someone immunocompromised?", *data)
    assert done.returncode == 0
    for part in ("NO", "Distinction", "Against", "Keep in mind", "Proof", "References", "[1]", "no substitute"):
        assert part in done.stdout


def test_the_audience_changes_words_not_the_verdict(data: tuple[str, str]) -> None:
    for therapy in ("prednisone", "IVIG", "vedolizumab", "lisinopril"):
        both = [
            json.loads(run("answer", "immunocompromising", therapy, "-f", "json", "--audience", a, *data).stdout) for a in ("patient", "professional")
        ]
        assert both[0]["verdict"] == both[1]["verdict"]


def test_an_unknown_name_gives_near_matches(data: tuple[str, str]) -> None:
    refused(run("ask", "Is predisone immunosuppressive?", *data), "Did you mean", "prednisone")
    refused(run("answer", "immunocompromising", "predisone", *data), "Did you mean", "prednisone")
    refused(run("answer", "immunocompromizing", "prednisone", *data), "Ask one of")


@pytest.mark.parametrize(
    ("scope", "word"),
    [
        (("--dose", "-5 mg/d"), "dose"),
        (("--dose", "0 mg"), "greater than zero"),
        (("--dose", "5 apples"), "unit"),
        (("--dose", "5 d"), "amount"),
        (("--dose", "9" * 500 + " mg"), "dose"),
        (("--route", "telepathic"), "Use one of"),
        (("--duration", "ages"), "P21D"),
        (("--duration=-P3D",), "duration"),
        (("--weight=-3", "--dose", "1 mg/kg"), "weight"),
        (("--indication", "the vapours"), "condition"),
    ],
)
def test_impossible_bounds_are_refused_with_a_remedy(data: tuple[str, str], scope: tuple[str, ...], word: str) -> None:
    refused(run("answer", "immunocompromising", "prednisone", *scope, *data), word)


@pytest.mark.parametrize("text", ["", "   ", "\x07\x00bell".replace("\x00", ""), "?" * 100, "is it?", "IVIG", "Is and or but immunosuppressive?"])
def test_empty_or_meaningless_questions_are_refused(data: tuple[str, str], text: str) -> None:
    refused(run("ask", text, *data))


def test_a_question_of_ten_megabytes_is_refused(data: tuple[str, str], tmp_path: Path) -> None:
    """Arguments have a limit of their own in the operating system, so the text comes as a batch file and through the library."""
    from kg.errors import InputTooLarge
    from kg.knowledge import open_release

    graph = open_release(data[1])
    for call in (graph.ask, graph.find, graph.therapy):
        with pytest.raises(InputTooLarge) as caught:
            call("is IVIG immunosuppressive? " * 400_000)
        assert caught.value.remedy
    big = tmp_path / "big.txt"
    big.write_text("a" * 10_000_000, encoding="utf-8")
    done = run("batch", "immunocompromising", "--in", str(big), *data)
    assert done.returncode == 0
    assert "too-large" in done.stdout


def test_errors_are_json_when_json_was_asked_for(data: tuple[str, str]) -> None:
    done = run("answer", "immunocompromising", "predisone", "-f", "json", *data)
    assert done.returncode == 2
    assert json.loads(done.stderr)["error"]["code"] == "unknown-therapy"
    assert "prednisone" in json.loads(done.stderr)["error"]["candidates"]


def test_proofs_come_in_five_forms(data: tuple[str, str]) -> None:
    words = ("why", "immunocompromising", "rituximab", *data)
    assert json.loads(run(*words, "-f", "json").stdout)["verdict"] == "yes"
    assert "rituximab" in run(*words).stdout
    prov = rdflib.Graph().parse(data=run(*words, "-f", "prov").stdout, format="turtle")
    assert (None, rdflib.PROV.hadPrimarySource, None) in prov
    assert run(*words, "-f", "mermaid").stdout.startswith("flowchart LR")
    root = ET.fromstring(run(*words, "-f", "svg").stdout)  # noqa: S314 - our own output
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    assert "rituximab" in root.findtext("{http://www.w3.org/2000/svg}desc", "")


def test_verify_accepts_what_why_wrote_and_refuses_what_was_changed(data: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    assert run("why", "immunocompromising", "IVIG", "-f", "json", "-o", str(file), *data).returncode == 0
    assert "accepted: no" in run("verify", str(file), *data).stdout
    file.write_text(file.read_text(encoding="utf-8").replace('"no"', '"yes"'), encoding="utf-8")
    refused(run("verify", str(file), *data), "proof")
    for text in ("", "[1, 2]", "{", "null", '{"kind": "verdict"}', "[" * 100_000):
        file.write_text(text, encoding="utf-8")
        refused(run("verify", str(file), *data))


def test_why_not_names_what_was_lacking(data: tuple[str, str]) -> None:
    done = run("why-not", "immunocompromising", "prednisone", "no", *data)
    assert done.returncode == 0
    assert "there would have to be" in done.stdout
    assert "Nearest statements" in done.stdout
    found = json.loads(run("why-not", "immunocompromising", "loratadine", "yes", "-f", "json", *data).stdout)
    assert found["needed"][0]["lacking"] == ["a statement that supports it, for all of what was asked"]
    refused(run("why-not", "immunocompromising", "prednisone", "maybe", *data), "verdict")


def test_batch_answers_names_and_csv(data: tuple[str, str], tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("IVIG\nHumira\n\npredisone\nlisinopril\nmumpsimus\n", encoding="utf-8")
    rows = [line.split("\t") for line in run("batch", "immunocompromising", "--in", str(names), *data).stdout.splitlines()]
    columns = "input, therapy_id, therapy_label, match, verdict, role, degree, conditions, certainty, review_status, sources"
    assert rows[0] == columns.split(", ")
    verdicts = [("IVIG", "no"), ("Humira", "yes"), ("predisone", "conditional"), ("lisinopril", "unknown"), ("mumpsimus", "")]
    assert [(row[0], row[4]) for row in rows[1:]] == verdicts
    assert (rows[3][2], rows[3][3]) == ("prednisone", "fuzzy"), "a misspelling is taken, and the row says so"
    assert rows[5][3] == "unknown-therapy"
    table = tmp_path / "table.csv"
    table.write_text("therapy,dose,route,duration\nprednisone,20 mg/d,oral,P21D\nprednisone,-1 mg,oral,\n", encoding="utf-8")
    lines = [json.loads(line) for line in run("batch", "immunocompromising", "--in", str(table), "-f", "jsonl", *data).stdout.splitlines()]
    assert [line["verdict"] for line in lines] == ["yes", ""]
    assert lines[1]["match"] == "bad-scope"
    for bad in (b"", b"\n\n", b"\xff\xfe\x00"):
        names.write_bytes(bad)
        refused(run("batch", "immunocompromising", "--in", str(names), *data))


def test_query_is_read_only_and_limited(data: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("SELECT ?t WHERE { ?t ig:treats condition:cvid }", encoding="utf-8")
    assert "therapy/ivig" in run("query", str(file), *data).stdout
    for text in (
        "DELETE WHERE { ?s ?p ?o }",
        "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELEKT",
        "",
        "INSERT DATA { <a:a> <b:b> <c:c> }",
    ):
        file.write_text(text, encoding="utf-8")
        refused(run("query", str(file), *data))
    file.write_text("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", encoding="utf-8")
    refused(run("query", str(file), "--seconds", "1", *data), "longer than 1 s")


def test_exports_read_back_with_their_own_readers(small_release: Built, tmp_path: Path) -> None:
    data = ("--data", str(small_release.folder))
    lines = next(small_release.folder.glob("release-*.nq")).read_text(encoding="utf-8").splitlines()
    trig = tmp_path / "r.trig"
    assert run("export", "trig", "-o", str(trig), *data).returncode == 0
    import pyoxigraph as ox

    assert len(set(ox.parse(path=str(trig)))) == len(lines)
    turtle = tmp_path / "r.ttl"
    run("export", "turtle", "-o", str(turtle), *data)
    assert len(set(ox.parse(path=str(turtle)))) == len({line.rsplit(" <", 1)[0] for line in lines})
    jsonld = tmp_path / "r.jsonld"
    run("export", "jsonld", "-o", str(jsonld), *data)
    assert len(set(ox.parse(path=str(jsonld), format=ox.RdfFormat.JSON_LD))) == len(lines)
    graphml = tmp_path / "r.graphml"
    run("export", "graphml", "-o", str(graphml), *data)
    claims = sum(
        1
        for line in lines
        if line.split(" ")[1:3] == ["<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<https://w3id.org/immunograph/ontology/Claim>"]
    )
    back = nx.read_graphml(graphml, force_multigraph=True)
    assert back.number_of_edges() == len({e["claim"] for *_, e in back.edges(data=True)}) <= claims


def test_stats_count_the_release(data: tuple[str, str]) -> None:
    counts = json.loads(run("stats", "-f", "json", *data).stdout)
    assert sum(counts["verdicts"]["immunocompromising"].values()) == counts["therapies"] + counts["therapy_classes"]
    assert counts["evidence"] == sum(counts["evidence_by_direction"].values())
    assert "sources:" in run("stats", *data).stdout


def test_a_missing_or_damaged_release_is_named(tmp_path: Path, built: Built) -> None:
    refused(run("ask", "Is IVIG immunosuppressive?", "--data", str(tmp_path)), "immunograph build")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    refused(run("ask", "Is IVIG immunosuppressive?", "--data", str(tmp_path)), "immunograph build")
    for file in built.folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    graph = next(tmp_path.glob("index-*"))
    graph.write_bytes(graph.read_bytes()[:-40])
    refused(run("ask", "Is IVIG immunosuppressive?", "--data", str(tmp_path)), "checksum")


def test_serve_listens_on_loopback_only(data: tuple[str, str]) -> None:
    refused(run("serve", "--host", "0.0.0.0", *data), "loopback")  # noqa: S104 - it has to be refused
    refused(run("serve", "--host", "nowhere", *data), "address")
