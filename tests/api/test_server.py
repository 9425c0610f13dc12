"""A real server on a loopback port: REST, SPARQL, the page, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import rdflib

QUESTION = "Does IVIG make someone immunocompromised?"


def problem(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["code"] == code
    assert response.json()["detail"]


def test_health(client: httpx.Client) -> None:
    assert client.get("/health").json()["status"] == "ok"


def test_ask(client: httpx.Client) -> None:
    answer = client.get("/v1/ask", params={"q": QUESTION}).json()
    assert answer["verdict"] == "no"
    assert [one["label"] for one in answer["understood"]["subjects"]] == ["intravenous immunoglobulin"]
    assert answer["disclaimer"]
    assert answer["release"]


def test_answers_take_names_and_curies_and_a_scope(client: httpx.Client) -> None:
    scope = {"dose": "20 mg/d", "route": "oral", "duration": "P21D"}
    for name in ("prednisone", "therapy:prednisone", "RXNORM:8640", "CHEBI:8382", "DB00635"):
        assert client.get(f"/v1/answers/immunocompromising/{name}", params=scope).json()["verdict"] == "yes", name


def test_what_depends_on_the_release_alone_is_cached(client: httpx.Client) -> None:
    first = client.get("/v1/answers/immunocompromising/rituximab")
    tag = first.headers["etag"]
    assert client.get("/v1/answers/immunocompromising/rituximab", headers={"if-none-match": tag}).status_code == 304


def test_proofs_by_content_negotiation(client: httpx.Client) -> None:
    url = "/v1/answers/immunocompromising/rituximab/proof"
    assert client.get(url).json()["kind"] == "verdict"
    assert client.get(url, headers={"accept": "image/svg+xml"}).text.startswith("<svg")
    assert client.get(url, headers={"accept": "text/vnd.mermaid"}).text.startswith("flowchart")
    assert len(rdflib.Graph().parse(data=client.get(url, headers={"accept": "text/turtle"}).text, format="turtle")) > 10


def test_therapies(client: httpx.Client) -> None:
    page = client.get("/v1/therapies", params={"limit": 5}).json()
    assert len(page["items"]) == 5
    assert page["total"] > 40
    assert client.get("/v1/therapies", params={"q": "humira"}).json()["items"][0]["id"] == "adalimumab"
    assert "ivig" in {t["id"] for t in client.get("/v1/therapies", params={"verdict": "no", "limit": 500}).json()["items"]}
    assert client.get("/v1/therapies/MTX").json()["label"] == "methotrexate"


def test_errors_are_problem_documents(client: httpx.Client) -> None:
    problem(client.get("/v1/answers/immunocompromising/predisone"), 404, "unknown-therapy")
    assert "prednisone" in client.get("/v1/answers/immunocompromising/predisone").json()["candidates"]
    problem(client.get("/v1/answers/mood/prednisone"), 404, "unknown-question")
    problem(client.get("/v1/answers/immunocompromising/prednisone", params={"dose": "-1 mg"}), 400, "bad-scope")
    problem(client.get("/v1/answers/immunocompromising/prednisone", params={"weight_kg": "heavy"}), 422, "bad-input")
    problem(client.get("/v1/ask", params={"q": ""}), 400, "bad-input")
    problem(client.get("/v1/ask", params={"q": "IVIG\x07 immunosuppressive"}), 400, "bad-input")
    problem(client.get("/v1/ask"), 422, "bad-input")
    problem(client.get("/v1/nowhere"), 404, "not-found")
    problem(client.delete("/v1/therapies"), 405, "method-not-allowed")


def test_sparql_protocol(client: httpx.Client) -> None:
    query = "SELECT ?t WHERE { ?t ig:treats condition:cvid }"
    by_get = client.get("/sparql", params={"query": query}).json()
    by_form = client.post("/sparql", data={"query": query}).json()
    direct = client.post("/sparql", content=query, headers={"content-type": "application/sparql-query"}).json()
    assert by_get == by_form == direct
    assert by_get["results"]["bindings"]
    assert client.get("/sparql", params={"query": query}, headers={"accept": "text/csv"}).text.startswith("t\r\n")
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
    turtle = client.get("/sparql", params={"query": "DESCRIBE therapy:ivig"}, headers={"accept": "text/turtle"})
    assert len(rdflib.Graph().parse(data=turtle.text, format="turtle")) > 3


def test_sparql_refuses(client: httpx.Client) -> None:
    problem(client.post("/sparql", data={"query": "DROP ALL"}), 400, "bad-query")
    problem(client.get("/sparql", params={"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}), 400, "bad-query")
    problem(client.get("/sparql", params={"query": "nonsense"}), 400, "bad-query")
    problem(client.post("/sparql", content=b"\xff\xfe", headers={"content-type": "application/sparql-query"}), 400, "bad-query")
    problem(client.post("/sparql", content="x", headers={"content-type": "text/plain"}), 400, "bad-query")
    problem(client.post("/sparql", content="a" * 10_000_000, headers={"content-type": "application/sparql-query"}), 413, "too-large")


def test_a_body_of_unstated_length_is_limited_too(client: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(30):
            yield b"a" * 100_000

    problem(client.post("/sparql", content=chunks(), headers={"content-type": "application/sparql-query"}), 413, "too-large")


def test_a_long_query_ends_in_an_error_and_the_next_is_answered(client: httpx.Client) -> None:
    problem(client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}), 503, "query-timeout")
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


class Page(HTMLParser):
    """Links, anchors and headings of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.tags.append(tag)
        if own.get("id"):
            self.anchors.add(str(own["id"]))
        if tag == "a" and own.get("href"):
            self.links.append(str(own["href"]))


def test_the_page_shows_the_answer_and_every_reference_resolves(client: httpx.Client) -> None:
    text = client.get("/").text
    page = Page(text)
    inner = [link[1:] for link in page.links if link.startswith("#")]
    assert inner
    assert set(inner) <= page.anchors
    assert {"h1", "h2", "svg", "main"} <= set(page.tags)
    assert "script" not in page.tags, "reading needs no JavaScript"
    assert "NO" in text


def test_the_page_escapes_what_was_asked(client: httpx.Client) -> None:
    response = client.get("/", params={"q": "<script>alert(1)</script> immunosuppressive?"})
    assert response.status_code == 404
    assert "<script>" not in response.text
    assert client.get("/", params={"q": "a" * 3000}).status_code == 413
    assert client.get("/", params={"q": "Is predisone immunosuppressive?"}).text.count("prednisone") > 0


def test_openapi_describes_every_endpoint(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/ask", "/v1/answers/{question}/{therapy}", "/v1/therapies", "/v1/therapies/{therapy}", "/sparql", "/health"} <= set(paths)
    assert all(operation.get("summary") for path in paths.values() for operation in path.values())
