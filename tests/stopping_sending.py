"""`digest send` that stops where it is told, says so, and waits to be killed.

    python stopping_sending.py POINT INSTANT send ...

POINT is as in stopping_run.py: the beginning of what SQLite is told (`sql:COMMIT`), of a command
to the mail server (`smtp:data`), of one that it has got (`sent:data`), of its answer (`reply:250`),
or one of `connecting`, `end`.
"""

import socket
import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from stopping_run import stopping_at

from arxivdigest.cli import announcement, main, request
from arxivdigest.mail.smtp import Conversation


def stop_at(point: str, instant: datetime) -> Callable[[str], None]:
    """Put a step wherever something is sent or noted; what is called with each."""
    step = stopping_at(point)
    connect, find, send, reply = (
        *(sqlite3.connect, socket.getaddrinfo),
        *(Conversation.send, Conversation.getreply),
    )

    def traced(*arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        connection.execute("PRAGMA cache_size = 1")  # so that half a transaction is in the file
        connection.set_trace_callback(lambda statement: step(f"sql:{statement.strip()}"))
        return connection

    def finding(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the original
        if arguments[0] == "localhost":  # the mail server; arXiv is a number here
            step("connecting")
        return find(*arguments, **options)

    def sending(self: Conversation, s: Any) -> None:  # noqa: ANN401 - as the original
        written = s if isinstance(s, str) else bytes(s[:80]).decode()
        step(f"smtp:{written}")
        send(self, s)
        step(f"sent:{written}")

    def replying(self: Conversation) -> tuple[int, bytes]:
        code, words = reply(self)
        step(f"reply:{code} {words.decode()}")
        return code, words

    sqlite3.connect = traced  # type: ignore[assignment]
    socket.getaddrinfo = finding
    vars(announcement)["now"] = vars(request)["now"] = lambda: instant
    setattr(Conversation, "send", sending)  # noqa: B010 - nothing is handed in there
    setattr(Conversation, "getreply", replying)  # noqa: B010 - as above
    return step


if __name__ == "__main__":
    made = stop_at(sys.argv.pop(1), datetime.fromisoformat(sys.argv.pop(1)).astimezone())
    try:
        main()
    finally:
        made("end")
