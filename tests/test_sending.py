import ssl
from datetime import date, timedelta
from email.header import decode_header, make_header
from pathlib import Path

import pytest
import trustme
from fake_arxiv import FakeArxiv
from fake_smtp import Do, FakeSmtp
from inbox import Inbox, free_port
from mornings import (
    ALREADY,
    ANN,
    BOB,
    READ,
    READ_TOO,
    TUESDAYS,
    WEDNESDAY,
    WEDNESDAYS,
    Mine,
    subjects,
)

EXAMPLES = Path(__file__).parents[1] / "examples"
PAGE = EXAMPLES / "cs.DC-2025-07-11.html"
DAY = timedelta(days=1)


# Once


def test_a_second_run_says_when_it_was_sent(mine: Mine, inbox: Inbox) -> None:
    first, second = mine("send"), mine("send")
    assert (first.out, first.errors, first.code) == ("", [f"{READ} Sent to {ANN}."], 0)
    assert (second.out, second.errors, second.code) == ("", [f"{READ} {ALREADY}"], 0)
    assert [one.recipients for one in inbox.received] == [[ANN]]
    assert subjects(inbox) == [TUESDAYS]


def test_quiet_says_nothing_of_what_went_well(mine: Mine, inbox: Inbox) -> None:
    assert [(ran.err, ran.code) for ran in (mine("send", "-q"), mine("send", "-q"))] == [
        ("", 0),
        ("", 0),
    ]
    assert len(inbox.received) == 1


def test_again_sends_it_anew_under_another_id(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    mine("send")
    for _ in range(2):
        arxiv.now += timedelta(minutes=1)
        assert mine("send", "--again").errors == [f"{READ} Sent to {ANN}."]
    assert len({one.message["Message-ID"] for one in inbox.received}) == 3
    assert not any(one.is_marked for one in inbox.received)
    assert mine("send").errors == [f"{READ} {ALREADY}"]


def test_again_while_it_waits_sends_one(mine: Mine, inbox: Inbox) -> None:
    inbox.end = "451 later"
    assert [mine("send").code, mine("send", "--again").code] == [75, 75]
    inbox.end = "250 taken"
    ran = mine("send", "--again")
    assert ran.errors == [f"Tue 5 May 2026, which was waiting. Sent to {ANN}."]
    assert len(inbox.received) == 1


@pytest.mark.parametrize(
    "options",
    [["cs.LG"], ["--profile", "group"], ["--to", BOB], ["--to", ANN, "--to", BOB]],
)
def test_other_subjects_profiles_and_recipients_have_a_message_of_their_own(
    mine: Mine, inbox: Inbox, options: list[str]
) -> None:
    mine.configure(port=inbox.port, more="[profiles.group]")
    codes = [mine("send", *more).code for more in ([], options, [], options)]
    assert (codes, len(inbox.received)) == ([0] * 4, 2)
    assert len({one.message["Message-ID"] for one in inbox.received}) == 2


def test_the_same_recipient_twice_gets_it_once(mine: Mine, inbox: Inbox) -> None:
    ran = mine("send", "--to", ANN, "--to", "Ann Lee <ann@example.org>", "--to", ANN)
    assert ran.code == 0
    [received] = inbox.received
    assert received.recipients == [ANN]
    assert received.message["To"].split() == [f"{ANN},", "Ann", "Lee", f"<{ANN}>"]
    assert mine("send").errors == [f"{READ} {ALREADY}"]


def test_names_in_any_script(mine: Mine, inbox: Inbox) -> None:
    ran = mine("send", "--to", "Zoë Müller <zoe@example.org>", "--sender", "論文 <d@example.org>")
    assert ran.errors == [f"{READ} Sent to zoe@example.org."]
    message = inbox.received[0].message
    assert str(make_header(decode_header(message["To"]))) == "Zoë Müller <zoe@example.org>"
    assert str(make_header(decode_header(message["From"]))) == "論文 <d@example.org>"


def test_a_saved_page_is_sent_once(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    read = "Fri 11 Jul 2025, cs.DC: 22 of 22 entries (11 new, 3 cross-lists, 8 replacements)"
    for said in (f"Sent to {ANN}.", ALREADY):
        ran = mine("send", "--from", PAGE)
        assert ran.errors == [f"{read} from the page; 14 selected without rules. {said}"]
        assert ran.code == 0
    assert (len(inbox.received), arxiv.asked) == (1, [])


# What is sent nobody


def test_if_any_sends_nothing_where_nothing_matched(mine: Mine, inbox: Inbox) -> None:
    ran = mine("send", "--if-any", "-k", "no such words")
    assert ran.errors == [
        f"nothing to send: {READ.replace('2 selected without rules', 'none matches')}"
    ]
    assert (ran.code, inbox.received) == (0, [])
    assert mine("send", "--if-any", "-k", "no such words", "-q").err == ""
    assert mine("send", "--if-any", "-k", "pelicans").code == 0
    assert len(inbox.received) == 1


def test_if_any_sends_what_is_incomplete(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    arxiv.fault("/rss", "status", status=404)
    arxiv.fault("/list/cs.LG", "status", status=404)
    ran = mine("send", "--if-any", "-k", "no such", "cs.DC", "cs.LG", "--source", "page")
    assert ran.code == 75
    assert len(inbox.received) == 1


def test_on_a_saturday_fridays_is_sent_once(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    mine.publish(date(2026, 5, 8))
    arxiv.now += DAY
    first = mine("send")
    assert (first.code, len(inbox.received)) == (0, 1)
    arxiv.now += DAY
    second = mine("send")
    assert (second.code, len(inbox.received)) == (0, 1)
    assert second.err.endswith(
        " It was already sent on Sat 9 May 2026 at 16:00; --again sends it anew.\n"
    )


def test_on_a_holiday_nothing_is_sent(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    mine("send")
    arxiv.publish(WEDNESDAY)  # of nothing
    arxiv.now += DAY
    ran = mine("send")
    assert (ran.code, len(inbox.received)) == (0, 1)
    (line,) = ran.errors
    assert line.startswith("nothing to send: Wed 6 May 2026, cs.DC: no announcement; ")
    assert mine("send", "-q").err == ""


def test_dry_run_shows_the_message_and_notes_nothing(mine: Mine, inbox: Inbox) -> None:
    ran = mine("send", "--dry-run")
    assert ran.out.startswith("Date: Tue, 05 May 2026 16:00:00 +0000\nFrom: digest@example.org\n")
    assert (ran.errors, ran.code) == ([READ], 0)
    assert mine("send", "-n", "-q").err == ""
    assert inbox.received == []
    assert mine("send").errors == [f"{READ} Sent to {ANN}."]
    assert (
        inbox.received[0].content.decode().replace("\r\n", "\n").split("boundary")[0]
        == (ran.out.split("boundary")[0])
    )


def test_dry_run_tells_by_its_exit_code_what_is_incomplete(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    arxiv.fault("/rss", "status", status=404)
    arxiv.fault("/list/cs.LG", "status", status=404)
    ran = mine("send", "-n", "-q", "cs.DC", "cs.LG", "--source", "page")
    assert (len(ran.errors), ran.code, inbox.received) == (1, 75, [])


# What is incomplete


BOTH = ("send", "cs.DC", "cs.LG", "--source", "page", "--refresh")


def test_the_whole_follows_what_was_incomplete(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    for path in ("/rss", "/list/cs.LG"):
        arxiv.fault(path, "status", status=404)
    first, second = mine(*BOTH), mine(*BOTH)
    assert (first.code, second.code, len(inbox.received)) == (75, 75, 1)
    assert f" Sent to {ANN}." in first.err
    assert ALREADY in second.err
    arxiv.mend()
    assert (mine(*BOTH).code, len(inbox.received)) == (0, 2)
    assert len({one.message["Message-ID"] for one in inbox.received}) == 2
    assert not any(one.is_marked for one in inbox.received)


def test_what_lacks_other_subjects_is_another_message(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    for subject, count in [("cs.LG", 1), ("cs.DC", 2), ("cs.LG", 2)]:
        arxiv.mend()
        for path in ("/rss", f"/list/{subject}"):
            arxiv.fault(path, "status", status=404)
        assert (mine(*BOTH).code, len(inbox.received)) == (75, count)


def test_nothing_incomplete_follows_the_whole(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    assert mine(*BOTH).code == 0
    for path in ("/rss", "/list/cs.LG"):
        arxiv.fault(path, "status", status=404)
    ran = mine(*BOTH)
    assert "; incomplete (cs.LG could not be read: " in ran.err
    assert ALREADY in ran.err
    assert (ran.code, len(inbox.received)) == (75, 1)


# What fails


@pytest.mark.parametrize("answer", ["451 later", "452 full"])
def test_what_could_not_be_sent_goes_before_the_next(mine: Mine, inbox: Inbox, answer: str) -> None:
    inbox.end = answer
    ran = mine("send")
    (line,) = ran.errors
    assert line == (
        f"digest: not sent, and kept for the next run: localhost:{inbox.port} refuses the message:"
        f" {answer[:3]} ({answer[4:]}); try again later"
    )
    assert ran.code == 75
    inbox.end = "250 taken"
    mine.publish(WEDNESDAY)
    ran = mine("send")
    assert ran.errors == [
        f"Tue 5 May 2026, which was waiting. Sent to {ANN}.",
        f"{READ_TOO} Sent to {ANN}.",
    ]
    assert ran.code == 0
    assert subjects(inbox) == [TUESDAYS, WEDNESDAYS]


def test_without_a_mail_server_what_waits_is_tried_once(mine: Mine, inbox: Inbox) -> None:
    mine.configure(port=free_port())
    first = mine("send")
    assert first.errors[0].endswith("(Connection refused); is there a network?")
    assert (first.code, len(first.errors)) == (75, 1)
    mine.publish(WEDNESDAY)
    second = mine("send")
    assert second.errors[0].startswith(
        "digest: Tue 5 May 2026, which was waiting: not sent, and kept for the next run: localhost:"
    )
    assert second.errors[1:] == ["digest: 1 more waits for the next run"]
    assert second.code == 75
    mine.configure(port=inbox.port)
    assert mine("send", "-q").code == 0
    assert subjects(inbox) == [TUESDAYS, WEDNESDAYS]


def test_what_waits_is_sent_on_a_day_without_an_announcement(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    inbox.end = "451 later"
    mine("send")
    inbox.end = "250 taken"
    arxiv.publish(WEDNESDAY)
    arxiv.now += DAY
    ran = mine("send", "--if-any")
    assert (ran.code, subjects(inbox)) == (0, [TUESDAYS])
    assert ran.errors[1] == f"Tue 5 May 2026, which was waiting. Sent to {ANN}."


@pytest.mark.parametrize(("status", "code"), [(500, 75), (403, 1)])
def test_what_waits_is_sent_when_arxiv_cannot_be_read(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv, status: int, code: int
) -> None:
    inbox.end = "451 later"
    mine("send")
    inbox.end = "250 taken"
    arxiv.fault("/", "status", status=status)
    ran = mine("send", "cs.LG")
    assert ran.code == code
    assert ran.errors[0].startswith("digest: ")
    assert ran.errors[1:] == [f"Tue 5 May 2026, which was waiting. Sent to {ANN}."]
    assert subjects(inbox) == [TUESDAYS]


def test_an_address_that_is_never_reached_does_not_keep_others_from_theirs(
    mine: Mine, inbox: Inbox
) -> None:
    inbox.answers["ann@exmaple.org"] = "450 no such domain"
    mine.configure(port=inbox.port, to='"ann@exmaple.org"')
    assert mine("send").code == 75
    mine.configure(port=inbox.port)
    mine.publish(WEDNESDAY)
    ran = mine("send")
    assert ran.code == 75
    assert ran.errors[0].startswith("digest: Tue 5 May 2026, which was waiting: not sent")
    assert ran.errors[0].endswith(" refuses ann@exmaple.org: 450 (no such domain)")
    assert ran.errors[1:] == [f"{READ_TOO} Sent to {ANN}."]
    assert subjects(inbox) == [WEDNESDAYS]


def test_what_is_refused_for_good_comes_with_the_next_that_is_accepted(
    mine: Mine, inbox: Inbox
) -> None:
    inbox.end = "554 no"
    ran = mine("send")
    because = f"localhost:{inbox.port} refuses the message: 554 (no)"
    assert ran.errors == [
        f"digest: not sent, and its entries come with the next message: {because}"
    ]
    assert ran.code == 1
    inbox.end = "250 taken"
    mine.publish(WEDNESDAY)
    ran = mine("send")
    assert ran.errors[0] == "what was refused of Tue 5 May is in this message"
    assert (ran.code, len(inbox.received)) == (0, 1)
    assert "3 for you" in subjects(inbox)[0]
    assert "Tue 5 to Wed 6 May" in subjects(inbox)[0]
    assert ALREADY[:20] in mine("send").err


def test_what_is_refused_for_good_is_tried_again_the_same_day(mine: Mine, inbox: Inbox) -> None:
    inbox.end = "554 no"
    assert mine("send").code == 1
    inbox.end = "250 taken"
    assert mine("send").errors == [f"{READ} Sent to {ANN}."]
    assert not inbox.received[0].is_marked


def test_who_is_refused_is_named_and_who_is_refused_for_now_gets_it_later(
    mine: Mine, inbox: Inbox
) -> None:
    mine.configure(port=inbox.port, to='"ann@example.org", "bob@example.org", "cat@example.org"')
    inbox.answers = {BOB: "450 later", "cat@example.org": "550 no Cat here"}
    first = mine("send", "-q")
    assert first.errors == [
        (
            f"{READ} Sent to {ANN}; not yet to {BOB}: 450 (later);"
            " refused for cat@example.org: 550 (no Cat here)."
        )
    ]
    assert first.code == 1
    del inbox.answers[BOB]
    second, third = mine("send"), mine("send")
    assert (second.errors, second.code) == ([f"{READ} Sent to {BOB}."], 0)
    assert (third.errors, third.code) == ([f"{READ} {ALREADY}"], 0)
    assert [one.recipients for one in inbox.received] == [[ANN], [BOB]]
    assert len({one.message["Message-ID"] for one in inbox.received}) == 1


def test_who_is_refused_for_now_alone_is_exit_code_75(mine: Mine, inbox: Inbox) -> None:
    inbox.answers[BOB] = "450 later"
    ran = mine("send", "--to", ANN, "--to", BOB)
    assert (ran.errors, ran.code) == (
        [f"{READ} Sent to {ANN}; not yet to {BOB}: 450 (later)."],
        75,
    )


@pytest.mark.parametrize("does", [Do.DISCONNECT, Do.RESET])
def test_what_may_have_been_taken_is_sent_again_with_the_mark(
    mine: Mine, inbox: Inbox, does: Do
) -> None:
    with FakeSmtp({"end": does}) as server:
        mine.configure(port=server.port)
        ran = mine("send")
    assert ran.errors == [
        (
            f"digest: not sent, and kept for the next run: localhost:{server.port} got the message"
            f" for {ANN}, but did not say whether it took it; it may come twice when it is sent"
            " again"
        )
    ]
    assert ran.code == 75
    mine.configure(port=inbox.port)
    assert mine("send").code == 0
    [received] = inbox.received
    assert received.is_marked
    assert received.message["Message-ID"].encode() in server.messages[0]


def test_a_goodbye_that_is_not_answered_changes_nothing(mine: Mine) -> None:
    with FakeSmtp({"QUIT": Do.RESET}) as server:
        mine.configure(port=server.port)
        assert mine("send").errors == [f"{READ} Sent to {ANN}."]
    assert mine("send").errors == [f"{READ} {ALREADY}"]


def test_a_login_that_is_refused_is_tried_once_and_the_message_waits(
    mine: Mine, inbox: Inbox, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary-password\n", encoding="utf-8")
    secret.chmod(0o600)
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    trusting = {"SSL_CERT_FILE": str(tmp_path / "authority.pem")}
    inbox.end = "451 later"
    mine("send")
    mine.publish(WEDNESDAY)
    with FakeSmtp({"AUTH": b"535 wrong canary-password\r\n"}, context) as server:
        mine.configure(port=server.port, smtp=f'username = "me", password_file = "{secret}"')
        ran = mine("send", **trusting)
    assert len(server.logins) == 1
    assert ran.errors == [
        (
            "digest: Tue 5 May 2026, which was waiting: not sent, and kept for the next run:"
            f" localhost:{server.port} refuses the login of me: 535 (wrong ...)"
        ),
        "digest: 1 more waits for the next run",
    ]
    assert ran.code == 2
    assert all(b"canary" not in path.read_bytes() for path in mine.state.parent.iterdir())
    inbox.end = "250 taken"
    mine.configure(port=inbox.port)
    assert (mine("send").code, subjects(inbox)) == (0, [TUESDAYS, WEDNESDAYS])
