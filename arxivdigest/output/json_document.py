"""The digest as JSON: a public interface, so its keys never change their meaning (`schema`)."""

import json
from typing import Any

from arxivdigest.model import Digest, Ruling
from arxivdigest.text import escaped_json

SCHEMA = 1


def render(digest: Digest) -> str:
    """The digest as one JSON object; text stands in it as the listing has it."""
    document = {
        "schema": SCHEMA,
        "announced": digest.announced.isoformat() if digest.announced else None,
        "subjects": list(digest.subjects),
        "verdict": {
            "status": digest.verdict.status,
            "source": digest.verdict.source,
            "read": digest.verdict.read,
            "declared": digest.verdict.declared,
            "message": digest.verdict.message,
        },
        "counts": {announce_type.value: count for announce_type, count in digest.counts.items()},
        "selected": digest.selected,
        "entries": [_entry(ruling) for ruling in digest.rulings],
    }
    return escaped_json(json.dumps(document, ensure_ascii=False, indent=1)) + "\n"


def _entry(ruling: Ruling) -> dict[str, Any]:
    entry = ruling.entry
    return {
        "arxiv_id": entry.arxiv_id,
        "version": entry.version,
        "announce_type": entry.announce_type,
        "title": entry.title,
        "authors": list(entry.authors),
        "primary_category": entry.primary_category,
        "categories": list(entry.categories),
        "abstract": entry.abstract,
        "comments": entry.comments,
        "journal_ref": entry.journal_ref,
        "doi": entry.doi,
        "license": entry.license,
        "formats": list(entry.formats),
        "abs_url": entry.abs_url,
        "pdf_url": entry.pdf_url,
        "selected": ruling.selected,
        "score": ruling.score,
        "matches": [
            {"rule": match.rule, "field": match.field, "keyword": match.keyword, "text": match.text}
            for match in ruling.matches
        ],
    }
