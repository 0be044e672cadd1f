import pytest
from fake_arxiv import FakeArxiv
from inbox import Inbox
from mornings import ALREADY, ANN, BOB, READ, Mine

CAT = "cat@example.org"
PROFILES = """
[profiles.ann]

[profiles.bob]
email.to = ["bob@example.org"]

[profiles.cat]
email.to = ["cat@example.org"]
subjects = ["cs.LG"]
"""
CATS = READ.replace("cs.DC: 2 entries (2 new)", "cs.LG: 1 entry (1 new)").replace(
    "; 2 selected", "; 1 selected"
)


@pytest.fixture(autouse=True)
def _profiles(mine: Mine, inbox: Inbox) -> None:
    mine.configure(port=inbox.port, more=PROFILES)


def recipients(inbox: Inbox) -> list[str]:
    return [one for received in inbox.received for one in received.recipients]


def test_each_profile_gets_its_own_of_what_is_fetched_once(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    ran = mine("send", "--all-profiles")
    assert ran.errors == [
        f"ann: {READ} Sent to {ANN}.",
        f"bob: {READ} Sent to {BOB}.",
        f"cat: {CATS} Sent to {CAT}.",
    ]
    assert ran.code == 0
    assert sorted(arxiv.asked) == ["/rss/cs.DC", "/rss/cs.LG"]
    assert recipients(inbox) == [ANN, BOB, CAT]
    ids = {one.message["List-Id"]: one.message["Message-ID"] for one in inbox.received}
    assert len(set(ids.values())) == len(ids) == 3
    assert next(iter(ids)) == "<ann.arxivdigest.example.org>"


def test_a_second_run_sends_nobody_anything(mine: Mine, inbox: Inbox) -> None:
    mine("send", "--all-profiles", "--quiet")
    ran = mine("send", "--all-profiles")
    assert [line.endswith(ALREADY) for line in ran.errors] == [True] * 3
    assert (ran.code, len(inbox.received)) == (0, 3)


def test_what_nobody_else_could_keep_is_fetched_once_too(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    ran = mine("send", "--all-profiles", "--refresh")
    assert (ran.code, len(inbox.received)) == (0, 3)
    assert sorted(arxiv.asked) == ["/rss/cs.DC", "/rss/cs.LG"]


@pytest.mark.parametrize(
    ("answers", "code", "failed"),
    [
        ({BOB: "550 no Bob here"}, 1, "bob"),
        ({BOB: "450 later"}, 75, "bob"),
        ({ANN: "450 later", BOB: "550 no Bob here"}, 1, "ann, bob"),
        ({ANN: "550 no Ann here", CAT: "450 later"}, 1, "ann, cat"),
    ],
)
def test_one_that_fails_does_not_stop_the_others(
    mine: Mine, inbox: Inbox, answers: dict[str, str], code: int, failed: str
) -> None:
    inbox.answers = answers
    ran = mine("send", "--all-profiles", "-q")
    count = len(answers)
    assert ran.errors[-1] == f"{3 - count} of 3 profiles are done, not {failed}"
    assert [line.partition(": ")[0] for line in ran.errors[:-1]] == failed.split(", ")
    assert ran.code == code
    assert recipients(inbox) == [one for one in (ANN, BOB, CAT) if one not in answers]
    inbox.answers = {}
    assert mine("send", "--all-profiles", "-q").code == 0
    assert sorted(recipients(inbox)) == [ANN, BOB, CAT]


def test_a_profile_that_cannot_be_read_does_not_stop_the_others(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    arxiv.fault("/list/cs.DC", "status", status=404)
    arxiv.fault("/rss/cs.DC", "status", status=404)
    ran = mine("send", "--all-profiles", "-q")
    assert ran.errors[-1] == "1 of 3 profiles are done, not ann, bob"
    assert (ran.code, recipients(inbox)) == (1, [CAT])


def test_a_403_ends_it(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    arxiv.fault("/", "status", status=403)
    ran = mine("send", "--all-profiles")
    assert (ran.code, inbox.received, len(arxiv.asked)) == (1, [], 1)
    assert ran.errors[0].startswith("ann: ")
    assert "it asks you to stop" in ran.errors[0]
    assert ran.errors[1:] == ["0 of 3 profiles are done, not ann, bob, cat"]


def test_a_configuration_without_profiles_is_wrong_usage(mine: Mine, inbox: Inbox) -> None:
    mine.configure(port=inbox.port)
    ran = mine("send", "--all-profiles")
    assert ran.errors == ["digest: --all-profiles: the configuration has no [profiles.NAME]"]
    assert ran.code == 2


@pytest.mark.parametrize("options", [["cs.DC"], ["--profile", "ann"], ["--to", ANN]])
def test_all_profiles_leaves_nothing_else_to_be_named(mine: Mine, options: list[str]) -> None:
    ran = mine("send", "--all-profiles", *options)
    assert ran.errors == [
        "digest: --all-profiles says itself who gets what; name no profile, subject or --to"
    ]
    assert ran.code == 2


def test_a_dry_run_shows_the_message_of_each(mine: Mine, inbox: Inbox) -> None:
    ran = mine("send", "--all-profiles", "--dry-run")
    assert [line for line in ran.out.splitlines() if line.startswith("To: ")] == [
        f"To: {one}" for one in (ANN, BOB, CAT)
    ]
    assert (ran.code, inbox.received) == (0, [])


def test_a_dry_run_that_fails_for_one_goes_on(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    others = PROFILES.replace("[profiles.bob]", '[profiles.bob]\nsubjects = ["cs.AI"]')
    mine.configure(port=inbox.port, more=others)
    for path in ("/rss/cs.AI", "/list/cs.AI"):
        arxiv.fault(path, "status", status=404)
    ran = mine("send", "--all-profiles", "--dry-run", "--quiet")
    assert [line for line in ran.out.splitlines() if line.startswith("To: ")] == [
        f"To: {one}" for one in (ANN, CAT)
    ]
    (line,) = ran.errors
    assert line.startswith("bob: ")
    assert ran.code == 1


def test_after_damage_the_first_message_of_each_says_that_it_may_be_a_second(
    mine: Mine, inbox: Inbox
) -> None:
    mine("send", "--all-profiles")
    mine.record.write_bytes(b"no store" * 1000)
    assert mine("send", "--all-profiles").code == 0
    assert [one.is_marked for one in inbox.received] == [False] * 3 + [True] * 3
    ids = [one.message["Message-ID"] for one in inbox.received]
    assert ids[:3] == ids[3:]
