"""Listings damaged by chance, the same for the same seed."""

import random
import re
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).parent
_SMALL = ("feed.rss", "feed.atom", "new.html", "catchup.html", "recent.html")
_KEPT = 2  # entries of each section, so that a mutation hits more than abstracts

Mutation = Callable[[random.Random, bytes], bytes]

TOKENS = [
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x ?>", b"<!DOCTYPE x>", b"<!ENTITY a 'b'>"),
    *(b"&", b"&amp", b"&bogus;", b"&#0;", b"&#x110000;", b"&#55555555;", b"&#xD800;", b"&#xdfff;"),
    *(b"</category>", b"<category>", b"<item>", b"</item>", b"<entry>", b"</entry>", b"</channel>"),
    *(b"</rss>", b"<rss>", b"<title>", b"</title>", b"<guid/>", b"<dt>", b"</dt>", b"<dd>"),
    *(b"</dd>", b"<dl>", b"</dl>", b"<h3>", b"</h3>", b"<div>", b"</div>", b"</body>", b"</html>"),
    *(b"<script>", b"<style>", b"<textarea>", b"<plaintext>", b"<template>", b"<svg>", b"<math>"),
    *(b"<noscript>", b"<select>", b"<table>", b"<frameset>", b"<iframe>", b"<a href='/abs/x'>"),
    *(b'"', b"'", b">", b"<", b"/", b"=", b"\x00", b"\x1b[2J", b"\r", b"\x0b", b"\x0c", b"\xff"),
    *(b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\xff\xfe"),
    *("٣".encode(), "\u202e".encode(), "\u2028".encode(), "\u3164".encode(), b"\xcc\x81" * 50),
    *(b"9" * 4400, b"(", b")", b"(" * 3000, b"{" * 3000, b"$" * 3001, b"\\" * 3000, b"," * 3000),
    *(b"Total of 0 entries", b"showing 0 of 0 entries", b"No updates", b"(replaced)"),
    *(b"xmlns='x'", b"xmlns:arxiv='x'", b" xml:base='x'", b"encoding='UTF-7'", b"<b xmlns='y'/>"),
]
NUMBERS = [b"0", b"-1", b"1", b"00", b"99999", b"4294967296", b"1e9", b"9" * 4400, "٣".encode()]


def _place(chance: random.Random, data: bytes) -> int:
    return chance.randrange(len(data) + 1)


def _flipped(chance: random.Random, data: bytes) -> bytes:
    at = _place(chance, data)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _one_bit_wrong(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _inserted(chance: random.Random, data: bytes) -> bytes:
    at = _place(chance, data)
    return data[:at] + chance.choice(TOKENS) + data[at:]


def _overwritten(chance: random.Random, data: bytes) -> bytes:
    at, token = _place(chance, data), chance.choice(TOKENS)
    return data[:at] + token + data[at + len(token) :]


def _without_some(chance: random.Random, data: bytes) -> bytes:
    at = _place(chance, data)
    return data[:at] + data[at + chance.choice((1, 2, 5, 20, 100, 700)) :]


def _some_twice(chance: random.Random, data: bytes) -> bytes:
    at = _place(chance, data)
    end = at + chance.choice((1, 5, 50, 500, 3000))
    return data[:end] + data[at:end] * chance.choice((1, 1, 1, 20)) + data[end:]


def _some_elsewhere(chance: random.Random, data: bytes) -> bytes:
    at = _place(chance, data)
    some = data[at : at + chance.choice((5, 50, 500))]
    rest = data[:at] + data[at + len(some) :]
    to = _place(chance, rest)
    return rest[:to] + some + rest[to:]


def _cut_off(chance: random.Random, data: bytes) -> bytes:
    return data[: _place(chance, data)]


def _a_tag(chance: random.Random, data: bytes) -> re.Match[bytes] | None:
    tags = list(re.finditer(rb"</?[A-Za-z][^<>]*>", data))
    return chance.choice(tags) if tags else None


def _without_a_tag(chance: random.Random, data: bytes) -> bytes:
    tag = _a_tag(chance, data)
    return data[: tag.start()] + data[tag.end() :] if tag else data


def _with_another_tag(chance: random.Random, data: bytes) -> bytes:
    tag, other = _a_tag(chance, data), _a_tag(chance, data)
    return data[: tag.start()] + other[0] + data[tag.end() :] if tag and other else data


def _with_a_tag_twice(chance: random.Random, data: bytes) -> bytes:
    tag = _a_tag(chance, data)
    return data[: tag.end()] + tag[0] + data[tag.end() :] if tag else data


def _with_another_number(chance: random.Random, data: bytes) -> bytes:
    numbers = list(re.finditer(rb"[0-9]+", data))
    if not numbers:
        return data
    number = chance.choice(numbers)
    return data[: number.start()] + chance.choice(NUMBERS) + data[number.end() :]


def _with_another_word(chance: random.Random, data: bytes) -> bytes:
    words = list(re.finditer(rb"[A-Za-z]{3,}", data))
    if not words:
        return data
    word = chance.choice(words)
    return data[: word.start()] + chance.choice(words)[0] + data[word.end() :]


def _encoded_otherwise(chance: random.Random, data: bytes) -> bytes:
    encoding = chance.choice(("utf-16", "utf-16-be", "latin-1", "utf-8-sig", "utf-7"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


MUTATIONS: list[Mutation] = [
    *(_flipped, _one_bit_wrong, _inserted, _inserted, _overwritten, _without_some, _some_twice),
    *(_some_elsewhere, _cut_off, _without_a_tag, _with_another_tag, _with_a_tag_twice),
    *(_with_another_number, _with_another_word),
]


def mutated(chance: random.Random, data: bytes) -> bytes:
    """The bytes with one to three mutations."""
    if not chance.randrange(200):
        data = _encoded_otherwise(chance, data)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(MUTATIONS)(chance, data or b" ")
    return data


def shortened(data: bytes) -> bytes:
    """A feed or a page with the first entries alone, and with counts that say so."""
    items = list(re.finditer(rb"<(item|entry)>.*?</\1>\s*", data, re.DOTALL))
    if items[_KEPT * 3 :]:
        return data[: items[_KEPT * 3].start()] + data[items[-1].end() :]
    total = 0

    def section(found: re.Match[bytes]) -> bytes:
        nonlocal total
        entries = list(re.finditer(rb"<dt>.*?</dd>\s*", found[0], re.DOTALL))
        kept = entries[:_KEPT]
        total += len(kept)
        short = found[0][: kept[-1].end()] + found[0][entries[-1].end() :] if kept else found[0]
        counted = b"showing %d of %d entries" % (len(kept), len(kept))
        return re.sub(rb"showing [a-z]* ?\d+ of \d+ entries", counted, short)

    short = re.sub(rb"<dl id='articles'>.*?</dl>", section, data, flags=re.DOTALL)
    return re.sub(rb"Total of \d+ entries", b"Total of %d entries" % total, short)


def seeds(listings: Path | None) -> dict[str, bytes]:
    """Listings to be damaged, by name: this project's, and arXiv's own where they are here."""
    small = {name: (TESTS / "listings" / name).read_bytes() for name in _SMALL}
    page = TESTS.parent / "examples" / "cs.DC-2025-07-11.html"
    large = {page.name: page}
    if listings:
        for path in sorted(listings.rglob("*")):
            if path.suffix in (".rss", ".atom", ".html") and path.parent.name != "errors":
                large[f"{path.parent.name}/{path.name}"] = path
    return small | {name: shortened(path.read_bytes()) for name, path in large.items()}
