import pytest

from arxivdigest.arxiv.listings import parse
from arxivdigest.errors import DigestError, ListingError, StrangerError, TryAgainError

API = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?search_query%3Dcat%3Acs.DC&amp;id_list=" rel="self"/>
  <title type="html">ArXiv Query: search_query=cat:cs.DC&amp;id_list=&amp;start=0</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <entry><id>http://arxiv.org/abs/2507.07120v1</id><title>Helix</title></entry>
</feed>
"""
MAIL = """
------------------------------------------------------------------------------
Send any comments regarding submissions directly to submitter.
------------------------------------------------------------------------------
Archives at http://arxiv.org/
 Submissions to:
Distributed, Parallel, and Cluster Computing
 received from  Wed  9 Jul 25 18:00:00 GMT  to  Thu 10 Jul 25 18:00:00 GMT
------------------------------------------------------------------------------
\\\\
arXiv:2507.07120
Date: Mon, 7 Jul 2025 19:47:24 GMT   (1012kb)
"""
XHTML = "<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'>"
HEAD = "From: no-reply@arXiv.org\nSubject: cs.DC daily Subj-class mailing 201 1\n"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Rate exceeded.", '"Rate exceeded."'),
        ("rate limit exceeded", "rate limit exceeded"),
        ("<html><h1>Too Many Requests</h1></html>", "Too Many Requests"),
        ("<!DOCTYPE html><html><head><title>arXiv reCAPTCHA</title></head></html>", "reCAPTCHA"),
        (
            "<html><title>Just a moment...</title><p>Verify that you are human</p></html>",
            "Just a moment...",
        ),
        (
            "<html><h1>arXiv.org</h1><div class='g-recaptcha'>I am not a robot</div></html>",
            "arXiv.org",
        ),
        ("<!DOCTYPE html><html><h1>arXiv</h1>A security check, please</html>", "arXiv"),
        ("<html><title>arXiv</title>Checking your browser before you go on</html>", "arXiv"),
        ("<html><title>arXiv</title>Enable JavaScript and cookies to go on</html>", "arXiv"),
    ],
)
def test_who_wants_to_be_asked_later_is_quoted(body: str, said: str) -> None:
    with pytest.raises(TryAgainError, match="try again in a few minutes") as raised:
        parse(body.encode())
    assert said in str(raised.value)


@pytest.mark.parametrize(
    "body",
    [
        "<html><title>Welcome to HotelNet</title><a href='/login'>Log in</a></html>",
        "<HTML><HEAD><META HTTP-EQUIV=refresh CONTENT='0;url=http://10.0.0.1/'></HEAD></HTML>",
        "<head><title>Login</title></head>",
        "<meta http-equiv='refresh' content='0; url=http://portal.example/'>",
        "<script>location='http://portal.example/'</script>",
        "<html><title>Login to reach https://arxiv.org/list/cs.DC/new</title></html>",
        "<html><title>Login</title><form action='/in?to=rss.arxiv%2Eorg%2Frss%2Fcs'></form></html>",
        f"{XHTML}<html xmlns='http://www.w3.org/1999/xhtml'><title>Airport</title></html>",
        "<?xml version='1.0'?>\n<html><title>Airport</title><br></html>",
        "<?xml version='1.0'?><!-- x --><WISPAccessGatewayParam/>",
        "<?xml version='1.0'?><!DOCTYPE wml PUBLIC 'x' 'y'><wml><card>Log in</card></wml>",
    ],
)
def test_a_page_of_somebody_elses_is_told_from_one_of_arxivs(body: str) -> None:
    with pytest.raises(StrangerError):
        parse(body.encode())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (API, "answer of arXiv's API, .* use https://rss.arxiv.org/rss/cs.DC"),
        (API.replace("cs.DC", "(x AND y)"), "use https://rss.arxiv.org/rss/SUBJECT"),
        (MAIL, "one of arXiv's mails; .*: https://rss.arxiv.org/rss/SUBJECT"),
        (HEAD + MAIL, "one of arXiv's mails; .*: https://rss.arxiv.org/rss/cs.DC"),
        (HEAD + "\nNothing today", "one of arXiv's mails"),
    ],
)
def test_what_else_arxiv_sends_is_named_with_the_address_to_use_instead(
    body: str, said: str
) -> None:
    with pytest.raises(ListingError, match=said):
        parse(body.encode())


@pytest.mark.parametrize("body", ["<html><h1>Robots in Rows</h1></html>", "Human error"])
def test_no_word_of_a_title_is_taken_for_a_refusal(body: str) -> None:
    with pytest.raises(DigestError) as raised:
        parse(body.encode())
    assert not isinstance(raised.value, TryAgainError)
