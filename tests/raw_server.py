"""A server on loopback that reads a request and then sends whatever bytes it is told to."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread

Talk = Callable[[bytes, Callable[[bytes], None], Event], None]
"""Is given a request, what sends bytes, and an event that is set when all is to end."""


@contextmanager
def server(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """The server's `host:port`; with a context, it speaks TLS."""
    ended = Event()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if context is None:
                    talk(self.request.recv(65536), self.request.sendall, ended)
                    return
                with context.wrap_socket(self.request, server_side=True) as secured:
                    talk(secured.recv(65536), secured.sendall, ended)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"127.0.0.1:{listening.server_address[1]}"
        finally:
            ended.set()
            listening.shutdown()
            thread.join()
