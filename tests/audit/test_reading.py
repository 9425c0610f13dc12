"""How an article is read: sentences, marks, references, publisher; and input that is no article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.audit.blocks import LONGEST_ARTICLE
from kg.audit.model import Article
from kg.audit.phrases import book
from kg.audit.reading import read
from kg.errors import InputError, InputTooLarge


def marks(article: Article) -> list[tuple[tuple[str, ...], int]]:
    return [(mark.keys, mark.line) for mark in article.marks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It helps [1, 3-5].", [(("1", "3", "4", "5"), 1)]),
        ("It helps.[^note] More.", [(("note",), 1)]),
        ("It helps<sup>2,3</sup>.", [(("2", "3"), 1)]),
        ("It helps.²", [(("2",), 1)]),
        ("It helps ^4^ and\nmore [5].", [(("4",), 1), (("5",), 2)]),
        ("It helps 1. It harms 2", [(("1",), 1), (("2",), 1)]),
        ("In type 1 diabetes. At ages 6 to 12.", []),
        ("A surface of 20 m² and a count of 10⁹.", []),
        ("See [the page](https://example.org) (1).", []),
    ],
)
def test_marks_are_read_in_the_styles_that_articles_use(text: str, expected: list[tuple[tuple[str, ...], int]]) -> None:
    assert marks(read(text, book())) == expected


def test_a_mark_after_a_full_stop_belongs_to_the_sentence_before_it() -> None:
    first, second = read("One thing holds.[1] Another does not [2].", book()).sentences
    assert (first.text, first.marks[0].keys) == ("One thing holds.", ("1",))
    assert (second.text, second.marks[0].keys) == ("Another does not.", ("2",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text.\n\n## References\n\n1. First.\n2. Second.\n", [("1", 5, True), ("2", 6, True)]),
        ("Text.\n\nSources\n\n[1] First paper\n[2] Second paper\n", [("1", 5, True), ("2", 6, True)]),
        ("Text[^a].\n\n[^a]: A paper, 2019.\n", [("a", 3, True)]),
        ("Text [1].\n\n[1]: https://example.org/paper\n", [("1", 3, True)]),
        ("# T\n\nText.\n\n## Bibliography\n\n- First, 2019\n- Second, 2020\n", [("1", 7, False), ("2", 8, False)]),
        (
            "Text\n\nReferences\n\nGuideline\n\nA title\n\nA body, 2020\n\nResearch\n\nAnother title\n\nA journal, 2021\n\nDisclaimer\n\nNo advice.",
            None,
        ),
    ],
)
def test_reference_lists_are_read_in_their_styles(text: str, expected: list[tuple[str, int, bool]] | None) -> None:
    references = read(text, book()).references
    if expected is None:
        assert [r.text for r in references] == ["A title. A body, 2020.", "Another title. A journal, 2021."]
    else:
        assert [(r.key, r.line, r.numbered) for r in references] == expected


@pytest.mark.parametrize(
    "text",
    ["---\npublisher: Leaf Press\n---\nText.", "Text. © 2024 Leaf Press", "Text. Leaf Press assumes no liability.", "Published by Leaf Press."],
)
def test_the_publisher_is_read_from_where_articles_name_it(text: str) -> None:
    assert [p.name for p in read(text, book()).publishers] == ["Leaf Press"]


@pytest.mark.parametrize("text", ["", "  \n\t ", "\ufeff\n", "a\0b", "\x01\x02"])
def test_what_is_no_text_is_an_error_with_a_remedy(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text, book())
    assert caught.value.remedy


def test_an_overlong_text_is_refused() -> None:
    with pytest.raises(InputTooLarge):
        read("word " * 2_000_000, book())
    read("word " * (LONGEST_ARTICLE // 5), book())


@given(st.text(alphabet=st.sampled_from("Humira is not [1] .,;:\n#*>|-_()<sup></sup>^²“”—&`0123456789•"), min_size=1, max_size=400))
def test_any_text_is_read_with_lines_that_exist(text: str) -> None:
    try:
        article = read(text, book())
    except InputError:
        return
    last = text.count("\n") + 1
    assert all(1 <= s.line <= last and s.text.strip() == s.text for s in article.sentences)
    assert all(1 <= m.line <= last and m.keys for m in article.marks)
    assert all(1 <= r.line <= last for r in article.references)
