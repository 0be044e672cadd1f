"""The configuration that `digest init` writes."""

from collections.abc import Sequence

from arxivdigest.config.toml import dump

_HEAD = """\
# What `digest today` shows. `digest config check` looks this file over.

# The subjects to follow, such as cs.DC, or all of cs; `digest categories` lists them.
"""
_ANNOUNCE = """
# new, cross (lists from other subjects), replace and replace-cross (new versions).
announce = ["new", "cross"]

# An entry is shown where a rule matches it; without any rule, all are.
# A keyword is a phrase of whole words, whatever its case, accents and hyphens: LLM does not find
# LLMs, and LLM* finds both, as the * opens its end. /speculative (decoding|sampling)/ is a regular
# expression. TeX and expressions stand in single quotes: '$\\beta$ decay', '/\\bKV\\b/'.
"""
_RULE = """\
# [[rules]]
# name = "LLM serving"
# any = ["KV cache*", "LLM inference", "prefill*"]
# none = ["survey"]
# weight = 3
"""
_TAIL = """
# [[rules]]
# name = "People I follow"
# authors = ["Dheevatsa Mudigere", "R. Ramjee"]

# [[rules]]
# name = "Not for me"
# any = ["blockchain"]
# exclude = true

# [output]
# format = "table"      # or plain, markdown, html, text, email, json
# min_score = 1
# sort = "score"        # or "arxiv", the listing's own order

# [email]
# to = ["me@example.org"]
# sender = "digest@example.org"
"""


def starter(subjects: Sequence[str], keywords: Sequence[str]) -> str:
    """A commented configuration for these subjects and keywords, or with examples for none."""
    chosen = dump({"subjects": list(subjects)}) if subjects else '# subjects = ["cs.DC", "cs.LG"]\n'
    rule = {"name": "My keywords", "any": list(keywords)}
    rules = dump({"rules": [rule]}) if keywords else _RULE
    return _HEAD + chosen + _ANNOUNCE + rules + _TAIL
