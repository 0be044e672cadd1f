"""The digest as JSON: a public interface, so its keys never change their meaning (`schema`)."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from arxivdigest.model import AnnounceType, Digest, Ruling, Verdict
from arxivdigest.text import escaped_json

SCHEMA = 1


def render(digest: Digest) -> str:
    """The digest as one JSON object; text stands in it as the listing has it."""
    days = digest.days
    document = {
        "schema": SCHEMA,
        "announced": _date(digest.announced),
        "subjects": list(digest.subjects),
        "verdict": _verdict(days[-1].verdict if days else digest.verdict),
        "counts": _counts(digest.counts),
        "selected": digest.selected,
        "entries": [
            _entry(ruling, {"announced": _date(day.announced)} if digest.is_series else {})
            for day in days
            for ruling in day.rulings
        ],
    }
    if digest.about:
        document["about"] = digest.about
    elif digest.is_series:
        document["announcements"] = [
            {
                "announced": _date(day.announced),
                "verdict": _verdict(day.verdict),
                "counts": _counts(day.counts),
            }
            for day in days
        ]
    if digest.remarks:
        document["remarks"] = list(digest.remarks)
    return escaped_json(json.dumps(document, ensure_ascii=False, indent=1)) + "\n"


def lines(digest: Digest) -> str:
    """The digest's entries, each as one JSON object on a line of its own, with its day in it."""
    return "".join(
        escaped_json(json.dumps(_entry(ruling, {"announced": _date(day.announced)}), **_IN_LINE))
        + "\n"
        for day in digest.days
        for ruling in day.rulings
    )


_IN_LINE: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


def _date(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status,
        "source": verdict.source,
        "read": verdict.read,
        "declared": verdict.declared,
        "message": verdict.message,
    }


def _counts(counts: Mapping[AnnounceType, int]) -> dict[str, int]:
    return {announce_type.value: count for announce_type, count in counts.items()}


def _entry(ruling: Ruling, more: dict[str, Any]) -> dict[str, Any]:
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
        "starred": ruling.starred,
        "note": ruling.note,
        "changes": _changes(ruling),
        "score": ruling.score,
        "matches": [
            {"rule": match.rule, "field": match.field, "keyword": match.keyword, "text": match.text}
            for match in ruling.matches
        ],
        **more,
    }


def _changes(ruling: Ruling) -> dict[str, Any] | None:
    """What changed since the version before; None where none is known, or it is no replacement."""
    changes = ruling.find_changes() if ruling.find_changes else None
    if changes is None:
        return None
    found = changes._asdict()
    for name in ("title", "abstract"):
        found[name] = [{"text": one.text, "kind": one.kind} for one in found[name]]
    return found
