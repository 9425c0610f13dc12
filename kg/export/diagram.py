"""A proof as a picture: laid out with networkx, written as SVG (with an equivalent list for screen readers) or as Mermaid."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from typing import Any

import networkx as nx

_COLOURS = {
    "verdict": "#1b4965",
    "claim": "#f4f1de",
    "denied": "#fbe3e0",
    "inference": "#e7ecef",
    "evidence": "#e3f2e6",
}
BOX_WIDTH, LINE, GAP_X, GAP_Y, PAD = 270, 15, 34, 16, 9


@dataclass(frozen=True, slots=True)
class Node:
    """One box of the picture."""

    kind: str
    text: str


def proof_graph(proof: dict[str, Any]) -> nx.DiGraph:
    """The proof as a directed graph from the verdict to its leaves; what is shared is one node. What does not apply is left out."""
    graph = nx.DiGraph()
    root = proof["id"]
    graph.add_node(
        root,
        node=Node(
            "verdict",
            f"{proof['verdict']}: {proof['therapy'].split(':')[-1].replace('-', ' ')}, {proof['question'].split(':')[-1]}",
        ),
    )
    tops = [entry["claim"] for entry in proof["bearing"] if entry["match"] != "none" and not entry["set_aside"]]
    for node in [*tops, *proof["role"]]:
        graph.add_edge(root, _claim(graph, node))
    return graph


def _claim(graph: nx.DiGraph, node: dict[str, Any]) -> str:
    name = f"{node['id']}|{node['direction']}"
    if name not in graph:
        denied = node["direction"] == "disputes"
        graph.add_node(name, node=Node("denied" if denied else "claim", f"{'Denied: ' if denied else ''}{node['text']}"))
        for ground in node["grounds"]:
            if ground["kind"] == "evidence":
                leaf = f"{ground['id']}|{ground['direction']}"
                source = ground["source"]
                graph.add_node(leaf, node=Node("evidence", f"{source['title']} ({source['publisher']}): {ground['locator']}"))
                graph.add_edge(name, leaf)
            else:
                graph.add_node(ground["id"], node=Node("inference", ground["rule_label"]))
                graph.add_edge(name, ground["id"])
                for premise in ground["premises"]:
                    graph.add_edge(ground["id"], _claim(graph, premise))
    return name


def _lines(text: str) -> list[str]:
    wrapped = textwrap.wrap(text, 35, break_long_words=True) or [""]
    return [*wrapped[:4], "…"] if len(wrapped) > 5 else wrapped


def proof_svg(proof: dict[str, Any]) -> str:
    """The proof as SVG: left to right, verdict to sources; a title, a description and a list of all nodes for those who cannot see it."""
    graph = proof_graph(proof)
    depth: dict[str, int] = {}
    for name in nx.topological_sort(graph):
        depth[name] = max((depth[p] + 1 for p in graph.predecessors(name)), default=0)
    place: dict[str, tuple[int, int, int]] = {}
    tops: dict[int, int] = {}
    for name in nx.dfs_preorder_nodes(graph, proof["id"]):
        height = len(_lines(graph.nodes[name]["node"].text)) * LINE + 2 * PAD
        column = depth[name]
        top = tops.get(column, 0)
        place[name] = (column * (BOX_WIDTH + GAP_X) + PAD, top + PAD, height)
        tops[column] = top + height + GAP_Y
    width = (max(depth.values()) + 1) * (BOX_WIDTH + GAP_X) + PAD
    total = max(tops.values()) + 2 * PAD
    title = html.escape(f"Proof: {graph.nodes[proof['id']]['node'].text}")
    listed = "; ".join(graph.nodes[n]["node"].text for n in place)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {total}" width="{width}" height="{total}" role="img" aria-labelledby="pt pd">',
        f'<title id="pt">{title}</title><desc id="pd">{html.escape(listed)}</desc>',
        f'<rect width="{width}" height="{total}" fill="#ffffff"/>',
        '<g font-family="system-ui, sans-serif" font-size="12">',
    ]
    for start, end in graph.edges:
        x1, y1, h1 = place[start]
        x2, y2, h2 = place[end]
        a, b = (x1 + BOX_WIDTH, y1 + h1 / 2), (x2, y2 + h2 / 2)
        middle = (a[0] + b[0]) / 2
        parts.append(f'<path d="M{a[0]} {a[1]} C{middle} {a[1]} {middle} {b[1]} {b[0]} {b[1]}" fill="none" stroke="#6b7c85"/>')
    for name, (x, y, height) in place.items():
        node: Node = graph.nodes[name]["node"]
        ink = "#ffffff" if node.kind == "verdict" else "#1d2a30"
        parts.append(f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{height}" rx="6" fill="{_COLOURS[node.kind]}" stroke="#6b7c85"/>')
        for i, line in enumerate(_lines(node.text)):
            parts.append(f'<text x="{x + PAD}" y="{y + PAD + 11 + i * LINE}" fill="{ink}">{html.escape(line)}</text>')
    return "\n".join([*parts, "</g></svg>", ""])


def proof_mermaid(proof: dict[str, Any]) -> str:
    """The proof as a Mermaid flowchart."""
    graph = proof_graph(proof)
    names = {name: f"n{i}" for i, name in enumerate(graph)}
    lines = ["flowchart LR"]
    for name, short in names.items():
        node: Node = graph.nodes[name]["node"]
        text = node.text.replace('"', "'").replace("\n", " ")
        left, right = {"verdict": ("([", "])"), "inference": ("{{", "}}"), "evidence": ("[/", "/]")}.get(node.kind, ("[", "]"))
        lines.append(f'  {short}{left}"{text}"{right}')
    lines += [f"  {names[a]} --> {names[b]}" for a, b in graph.edges]
    return "\n".join(lines) + "\n"
