"""Asking arXiv politely: one request at a time, with pauses between, and few tries."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from math import inf
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arxivdigest.clock import Clock
from arxivdigest.deadline import Patience
from arxivdigest.errors import TryAgainError, UnreachableError
from arxivdigest.store.requests_made import Rest
from arxivdigest.text.addresses import shown
from arxivdigest.text.dates import moment

if TYPE_CHECKING:
    from arxivdigest.config import Fetch
    from arxivdigest.fetch.http import Answer, Limits
    from arxivdigest.store.listings import Store

TRIES = 3
LONGEST_WAIT = 120.0
"""Seconds: a server that asks for more is left alone, and the user told when to come back."""

CRAWL_DELAY = 15.0
"""Seconds between pages of arxiv.org, as its robots.txt asks."""

_USUAL = 3.0  # seconds for an answer that is none to be patient about
_LONGEST_REST = 86400.0
"""Seconds: a server that asks for years means a mistake of its own, and tomorrow is soon enough."""

_FIRST_HOUR = 3600.0


class Manners:
    """Asks for addresses as arXiv wants to be asked; the pauses hold between runs too."""

    def __init__(  # noqa: PLR0913 - what it works with, and who is told
        self,
        store: "Store",
        settings: "Fetch",
        clock: Clock,
        say: Callable[[str], None],
        limits: "Limits | None" = None,
        *,
        complain: Callable[[str], None] = lambda _: None,
        patience: Patience | None = None,
        insists: bool = False,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._say = say
        self._limits = limits
        self._patience = patience or Patience(inf)
        self._paused = 0.0
        self._complained: set[str] = set()
        self._tell = complain
        self._insists = insists
        self._what = ""
        self._is_asking = False

    def ask(self, url: str, etag: str | None = None, what: str = "") -> "Answer":
        """The answer; what goes by itself (5xx, 429, a broken connection) is tried three times.

        A `Retry-After` is obeyed up to two minutes. Other errors are for the caller to raise,
        except that a 403 is raised here: whatever comes with it, it means stop. `what` is what
        progress calls the address.
        """
        from arxivdigest.fetch import http

        http.check(url)
        self._heed_rest(url)
        self._what = what or shown(url)
        for number in range(1, TRIES + 1):
            try:
                answer = self._once(url, etag)
            except UnreachableError:
                raise  # without a network, a person wants to hear it at once
            except TryAgainError:
                wait = self._backoff(number)
                if number == TRIES or wait >= self._patience.left:
                    raise
            else:
                if answer.status == HTTPStatus.FORBIDDEN:
                    raise answer.error()
                if not answer.is_error or not answer.is_passing:
                    return answer
                wait = self._asked_to_wait(answer, number)
                if number == TRIES or wait >= self._patience.left:
                    raise answer.error()
            self._patience.spend(wait)
            self._sleep(wait, "waiting to try again")
        raise AssertionError("the last try returns or raises")

    def _once(self, url: str, etag: str | None) -> "Answer":
        from arxivdigest.fetch import http

        before = self._store.last_request()
        self._begin(url)
        self._is_asking = True
        limits = self._limits or http.LIMITS
        if self._patience.left <= 0:
            raise TryAgainError(f"{shown(url)} was not asked for: {_KEPT_WAITING}")
        limits = limits._replace(seconds=min(limits.seconds, self._patience.left))
        self._paused, begun = 0.0, monotonic()
        usual = 0.0
        try:
            answer = http.get(
                url,
                limits,
                etag,
                before_redirect=self._begin,
                received=self._received(self._what),
                complain=self._complain,
            )
        except UnreachableError:
            self._store.note_request(before or 0.0)  # nobody was asked, and nobody need be spared
            raise
        else:
            usual = 0.0 if answer.is_error else _USUAL
            return answer
        finally:
            self._patience.spend(max(0.0, monotonic() - begun - self._paused - usual))
            self._is_asking = False
            self._say("")

    def _begin(self, url: str) -> None:
        """Wait until the address may be asked for, and note that it is."""
        self._pause(url)
        self._say(self._what)
        self._store.note_request(self._clock.now().timestamp())

    def _received(self, what: str) -> Callable[[int], None]:
        """What says how much has come; nothing any more once something else is said."""

        def say(size: int) -> None:
            if self._is_asking:
                self._say(f"{what}  {size / 1000:,.0f} KB")

        return say

    def _complain(self, said: str) -> None:
        """Say once what is said of every request."""
        if said not in self._complained:
            self._complained.add(said)
            self._tell(said)

    def _heed_rest(self, url: str) -> None:
        """Raise where the server asked an earlier run not to try again before a time to come.

        Whoever insists may ask once the first hour is over.
        """
        service, now = _service(url), self._clock.now()
        rest = self._store.rest_of(service)
        # A clock that was set back must not leave a server alone for longer than that.
        left = rest.until - now.timestamp() if rest else 0.0
        if rest is None or not 0 < left <= _LONGEST_REST:
            return
        if not self._insists or now.timestamp() < rest.since + _FIRST_HOUR:
            said = moment(now + timedelta(seconds=left), now)
            raise TryAgainError(f"{service} asked not to be asked again before {said}")

    def _pause(self, url: str) -> None:
        last = self._store.last_request()
        if last is None:
            return
        least = pause_before(url, self._settings.delay)
        # A clock that was set back must not make anybody wait for hours.
        wait = min(last + least - self._clock.now().timestamp(), least)
        if wait > 0:
            self._sleep(wait, "waiting, as arXiv asks")

    def _sleep(self, seconds: float, why: str) -> None:
        self._say(f"{self._what}  {why}")
        begun = monotonic()
        try:
            self._clock.sleep(seconds)
        finally:
            self._paused += monotonic() - begun
            self._say("")

    def _backoff(self, number: int) -> float:
        doubled: float = self._settings.delay * 2 ** (number - 1)
        return doubled * (1 + self._clock.chance())

    def _asked_to_wait(self, answer: "Answer", number: int) -> float:
        """Seconds until the next try; a TryAgainError where the server asks for too many."""
        now = self._clock.now()
        seconds = _seconds(answer.headers.get("retry-after", "").strip(), now)
        if seconds is None:
            return self._backoff(number)
        if seconds > LONGEST_WAIT:
            until = now + timedelta(seconds=seconds)
            rest = Rest(now.timestamp(), until.timestamp())
            self._store.note_rest(_service(answer.url), rest)
            raise answer.error(f"it asks you not to try again before {moment(until, now)}")
        return seconds


_KEPT_WAITING = "this run has waited three minutes in all; try again later"


def _service(url: str) -> str:
    """What a server's word about this address is about, as in `arxiv.org/list`."""
    parts = urlsplit(shown(url))
    return "/".join((parts.netloc, *parts.path.split("/")[1:2]))


class Once:
    """Asks for each address once, and gives the same answer again."""

    def __init__(self, manners: Manners, answers: "dict[str, Answer]") -> None:
        self._manners = manners
        self._answers = answers

    def ask(self, url: str, etag: str | None = None, what: str = "") -> "Answer":
        """The answer; one that nothing has changed is not given again, as it says too little."""
        if url not in self._answers:
            answer = self._manners.ask(url, etag, what)
            if answer.is_unchanged:
                return answer
            self._answers[url] = answer
        return self._answers[url]


def pause_before(url: str, delay: float) -> float:
    """The least seconds between the last request and one for this address."""
    # Feeds and the API ask for three seconds (info.arxiv.org/help/api/tou), robots.txt for more.
    host = (urlsplit(url).hostname or "").rstrip(".")
    return max(delay, CRAWL_DELAY) if host in ("arxiv.org", "www.arxiv.org") else delay


def _seconds(written: str, now: datetime) -> float | None:
    """The seconds that a `Retry-After` means, written as a number or as a date (RFC 9110, 10.2.3).

    They are a day's at most.
    """
    from email.utils import parsedate_to_datetime

    if written.isdecimal():
        return min(float(written), _LONGEST_REST)
    try:
        seconds = (parsedate_to_datetime(written) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, seconds), _LONGEST_REST)
