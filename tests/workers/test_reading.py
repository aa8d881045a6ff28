import datetime as dt
import io
import json
import re

import pytest
from trafilatura.xpaths import AUTHOR_XPATHS

from workers import guessing, pages, pagetext, reading, sniffing

PARAGRAPHS = "".join(
    f"<p>Der Hafen von Ostwarden hat im Jahr {year} mehr Container umgeschlagen als im Jahr davor, sagte die "
    f"Betreiberin der Zeitung. Für das Jahr {year + 1} rechnet sie mit einem Rückgang.</p>"
    for year in range(2019, 2023)
)


def _page(head="", body=PARAGRAPHS, lang="de"):
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>
    <nav><ul><li><a href="/start">Startseite</a></li></ul></nav>
    <article><h1>Mehr Container in Ostwarden</h1>{body}</article>
    <footer>Impressum und Datenschutz</footer></body></html>""".encode()


def test_the_main_text_is_told_from_its_surroundings():
    found = reading.read(_page("<title>Mehr Container | Bote</title>"))

    assert "Container umgeschlagen" in found.text
    assert "Impressum" not in found.text
    assert "Startseite" not in found.text
    assert found.language == "de"


def test_a_page_says_who_wrote_it_when_and_where():
    head = """
      <meta property="og:site_name" content="Ostwarder Bote">
      <link rel="canonical" href="/hafen/container">
      <script type="application/ld+json">
      {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, {"@type": "NewsArticle",
       "headline": "Mehr Container in Ostwarden", "datePublished": "2024-12-23T08:00:00+01:00",
       "dateModified": "2024-12-23T09:30:00+01:00", "author": [{"@type": "Person", "name": "Ina Holm"}]}, ]}
      </script>"""
    found = reading.read(_page(head), url="https://bote.example/a?utm_source=x")

    assert found.publisher == "Ostwarder Bote"
    assert found.byline == "Ina Holm"
    assert found.title == "Mehr Container in Ostwarden"
    assert found.published_at == dt.datetime(2024, 12, 23, 7, 0, tzinfo=dt.UTC)
    assert found.modified_at == dt.datetime(2024, 12, 23, 8, 30, tzinfo=dt.UTC)
    assert found.canonical_url == "https://bote.example/hafen/container"


def test_links_are_those_of_the_text():
    body = (
        PARAGRAPHS + '<p>Das berichtet die <a href="https://nw.example/1">Agentur</a>. <a href="javascript:x">x</a></p>'
    )
    assert reading.read(_page(body=body), url="https://bote.example/a").links == ("https://nw.example/1",)


def test_a_page_in_an_old_encoding_is_read():
    page = _page().decode().replace("utf-8", "iso-8859-1").encode("iso-8859-1")
    assert "Rückgang" in reading.read(page).text
    assert "Rückgang" in reading.read(_page().decode().encode("iso-8859-1"), charset="iso-8859-1").text


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("We value your privacy. Accept all cookies to go on reading our site.", "cookies"),
        ("Mit Werbung weiterlesen. Besuchen Sie uns wie gewohnt mit Werbung und Tracking.", "cookies"),
        ("Already a subscriber? Log in. Subscribe to continue reading this story today.", "payment"),
        ("Jetzt abonnieren und sofort alles lesen. Bereits Abonnent? Dann hier entlang bitte.", "payment"),
        ("Please enable JavaScript to view this page in your browser, then load it again.", "scripts"),
        ("Checking your browser before accessing the site. This takes a few seconds only.", "robots"),
    ],
)
def test_a_wall_is_not_a_text(words, reason):
    with pytest.raises(pagetext.Unreadable, match=reason):
        reading.read(_page(body=f"<p>{words}</p>"), content_type=sniffing.HTML)


@pytest.mark.parametrize("free", ["false", '"False"', '"http://schema.org/False"'])
def test_the_beginning_of_an_article_for_subscribers_is_not_the_article(free):
    record = f'{{"@type": "NewsArticle", "headline": "Trees", "isAccessibleForFree": {free}}}'
    head = f'<script type="application/ld+json">{record}</script>'
    start = "<p>The council has decided about the trees along the river. What it means for the town is told here.</p>"
    with pytest.raises(pagetext.Unreadable, match="subscribers"):
        reading.read(_page(head, body=start))
    assert reading.read(_page(head.replace(free, "true"), body=start)).text
    assert len(reading.read(_page(head, body=PARAGRAPHS * 4)).text) > 1200


def test_a_long_text_may_mention_cookies():
    body = PARAGRAPHS * 3 + "<p>Wer Cookies akzeptieren muss, ärgert sich.</p>"
    assert "ärgert sich" in reading.read(_page(body=body)).text


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (b"", "", "empty"),
        (b"  \n ", "", "empty"),
        (b"<html><body></body></html>", "text/html", "No main text"),
        (b"{", "application/json", "not"),
        (b"[1, 2]", "application/json", "no member called text"),
        (b"\x00\x01", "application/octet-stream", "no text that is read"),
        (b"%PDF-1.7 broken", "application/pdf", "PDF is broken"),
        (b"...", "text/plain", "no text"),
        (b"<?xml version='1.0'?>", "application/xml", "not"),
    ],
)
def test_what_holds_no_text_says_so(content, kind, reason):
    with pytest.raises(pagetext.Unreadable, match=reason):
        reading.read(content, content_type=kind)


def test_a_record_of_an_archive_is_read_with_its_members():
    record = {
        "url": "https://bote.example/1",
        "title": "Hafen",
        "publisher": "Bote",
        "published_at": "2024-12-23",
        "language": "de",
        "credit": "(NW)",
        "text": "Der Hafen wächst.\n\nSehr.",
    }
    found = reading.read(json.dumps(record).encode())

    assert (found.url, found.title, found.publisher, found.language) == (
        "https://bote.example/1",
        "Hafen",
        "Bote",
        "de",
    )
    assert found.text == "Der Hafen wächst.\n\nSehr."
    assert found.credit == "(NW)"
    assert found.published_at == dt.datetime(2024, 12, 23, 12, 0, tzinfo=dt.UTC)


def test_a_text_with_a_header_is_read_like_a_record():
    found = reading.read(b"url: https://bote.example/1\ntitle: Hafen\nlanguage: de\n\nDer Hafen\n\nSehr: ja.\n")
    assert (found.url, found.title, found.text) == ("https://bote.example/1", "Hafen", "Der Hafen\n\nSehr: ja.")


def test_a_text_without_a_header_keeps_its_first_lines():
    found = reading.read("Titel: Hafen\nAutor: x\n\nDer Hafen wächst.".encode())
    assert found.text.startswith("Titel: Hafen")
    assert found.title == "Titel: Hafen"


def test_text_is_made_storable():
    found = reading.read(json.dumps({"text": "a\x00b \ud800 c\r\nd"}).encode())
    assert found.text == "ab ? c\nd"


def test_entities_of_xml_are_not_resolved():
    body = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "yy">]><a><b>Text</b>&x;</a>'
    assert reading.read(body, content_type="application/xml").text == "Text"


def test_a_pdf_is_read():
    import pypdf
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    book = pypdf.PdfWriter()
    page = book.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 20 200 Td (Some 1,100 casualties were counted.) Tj ET")
    page[NameObject("/Contents")] = stream
    book.add_metadata({"/Title": "Count"})
    file = io.BytesIO()
    book.write(file)

    found = reading.read(file.getvalue())
    assert (found.text, found.title) == ("Some 1,100 casualties were counted.", "Count")


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("BERLIN (dpa) - Die Zahl der Container wächst.", "dpa"),
        ("SEOUL (Reuters) – More containers were moved.", "Reuters"),
        ("Ostwarden (dpa/lni). Die Zahl der Container wächst.", "dpa/lni"),
        ("Die Zahl der Container wächst.\nQuelle: dpa", "Quelle: dpa"),
        ("Die Zahl der Container wächst.\n(APA)", "APA"),
        ("Die Zahl der Container wächst.\nhol/dpa/AFP", "hol/dpa/AFP"),
        ("Die Zahl (sie wächst) - sagt man.", ""),
        ("Die Zahl der Container wächst.", ""),
    ],
)
def test_an_agency_credit_is_found_as_printed(text, credit):
    assert reading.credit_line(text) == credit


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-12-23T10:00:00Z", dt.datetime(2024, 12, 23, 10, tzinfo=dt.UTC)),
        ("2024-12-23", dt.datetime(2024, 12, 23, 12, tzinfo=dt.UTC)),
        ("Mon, 23 Dec 2024 10:00:00 +0100", dt.datetime(2024, 12, 23, 9, tzinfo=dt.UTC)),
        ("0001-01-01", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("gestern", None),
        ("", None),
        (None, None),
        (20241223, None),
    ],
)
def test_a_moment_is_read_or_refused(value, expected):
    assert pagetext.moment(value) == expected


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (b"<!DOCTYPE html><html>", "", "text/html"),
        (b"\xef\xbb\xbf  <html>", "application/json", "text/html"),
        (b'{"a": 1}', "", "application/json"),
        (b'{"a": 1}', "text/html", "text/html"),
        (b"plain words", "text/plain", "text/plain"),
        (b"plain words", "image/png", "text/plain"),
        (b"%PDF-1.4", "text/html", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "image/png"),
        (b"\x00\x00\x00\x18ftypmp42", "text/html", "video/mp4"),
        (b"<?xml version='1.0'?><rss>", "text/html", "application/xml"),
        (b"<svg onload=x>", "text/html", "image/svg+xml"),
        (b"MZ\x90", "text/plain", "application/octet-stream"),
        ("\ufeffWörter".encode("utf-16-le"), "", "text/plain"),
        (b"\x01\x02", "text/html", "application/octet-stream"),
    ],
)
def test_the_first_bytes_tell_the_type(content, declared, kind):
    assert sniffing.sniff(content, declared) == kind


def test_an_author_is_looked_for_wherever_trafilatura_would_find_one():
    signs = {sign for path in AUTHOR_XPATHS for text in re.findall(r"'([^']+)'", path.path) for sign in text.split("|")}
    assert len(signs) > 20
    for sign in {sign.replace("[Bb]", "b").replace("[Aa]", "a") for sign in signs} - {"me"}:  # of an element called rel
        assert guessing._signed(f"<p class='{sign}'>".lower()), sign


def test_what_a_page_leaves_out_of_its_fields_is_made_out_from_the_rest():
    story = "".join(f"<p>In its {number}th year the town planted trees along the river.</p>" for number in range(9))
    head = "<title>Trees</title><meta property='og:site_name' content='Courier'>"
    body = f"<h1>The town plants trees</h1><div class='byline'>By Ada Baum</div><time>2024-03-01</time>{story}"
    page = pages.read(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())
    assert (page.title, page.byline, page.publisher) == ("The town plants trees", "Ada Baum", "Courier")
    assert page.published_at is not None
    assert (page.published_at.month, page.published_at.day) == (3, 1)


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("The council of the town said on Monday that it would not pay for the work on the bridge. ", "en"),
        ("Der Rat der Stadt sagte am Montag, dass er die Arbeiten an der Brücke nicht bezahlen will. ", "de"),
        ("Le conseil de la ville a dit lundi qu'il ne payerait pas les travaux du pont. ", "fr"),
        ("De gemeenteraad zei maandag dat hij niet wil betalen voor het werk aan de brug. ", "nl"),
        ("Byrådet sagde mandag, at det ikke vil betale for arbejdet på broen over åen. ", "da"),
    ],
)
@pytest.mark.parametrize("said", ["", "de", "en"])
def test_the_language_is_that_of_the_text_whatever_the_page_says(sentence, code, said):
    page = f"<!doctype html><html lang='{said}'><body><article><p>{sentence * 4}</p></article></body></html>"
    assert reading.read(page.encode()).language == code
