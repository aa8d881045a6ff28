"""The register of publishers comes in from a table, and documents find their publisher in it."""

import pytest
from django.core.management import CommandError, call_command

from claims.analysis import origins
from claims.models import Publisher
from claims.operations import assessing, gathering, registering
from tests import make

pytestmark = pytest.mark.django_db
TABLE = "domain;name;kind;country;credit_codes\nwww.Bote.example;Bote;agency;de;BT|bote\nblatt.example;Blatt;outlet;;\n"


def test_the_shipped_table_is_sound():
    table = registering.read_table(registering.SHIPPED.read_text(encoding="utf-8"))
    assert table.errors == []
    assert len(table.drafts) > 150
    agencies = {code for draft in table.drafts if draft.kind == "agency" for code in draft.credit_codes}
    assert {"dpa", "AFP", "AP", "Reuters", "APA", "KNA", "epd", "TASS", "PAP", "Ukrinform"} <= agencies


def test_the_shipped_table_undoes_nobodys_changes():
    Publisher.objects.create(domain="reuters.com", name="Reuters as the desk calls it")
    call_command("import_publishers")
    call_command("import_publishers")
    assert Publisher.objects.get(domain="reuters.com").name == "Reuters as the desk calls it"
    assert Publisher.objects.get(domain="afp.com").credit_codes == ["AFP"]


def test_a_file_brings_a_newsrooms_register_up_to_date(tmp_path):
    room = make.newsroom("desk")
    file = tmp_path / "publishers.csv"
    file.write_text(TABLE, encoding="utf-8")
    call_command("import_publishers", str(file), newsroom="desk")
    file.write_text(TABLE.replace("Blatt;", "Das Blatt;"), encoding="utf-8")
    call_command("import_publishers", str(file), newsroom="desk")

    rows = Publisher.objects.filter(newsroom=room).order_by("domain")
    assert [(row.domain, row.name, row.country, row.credit_codes) for row in rows] == [
        ("blatt.example", "Das Blatt", "", []),
        ("bote.example", "Bote", "DE", ["BT", "bote"]),
    ]


def test_a_dry_run_keeps_nothing(tmp_path, capsys):
    file = tmp_path / "publishers.csv"
    file.write_text(TABLE, encoding="utf-8")
    call_command("import_publishers", str(file), dry_run=True)
    assert "2 publishers can be kept" in capsys.readouterr().out
    assert not Publisher.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not a domain;X;;;", "is not a domain"),
        ("x.example;;;;", "has no name"),
        ("x.example;X;newspaper;;", "newspaper is no kind"),
        ("x.example;X;;Germany;", "two letters"),
        ("bote.example;Again;;;", "stands in line 2 already"),
        ("x.example;X;;;;one more", "more cells than columns"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_kept(tmp_path, capsys, line, reason):
    file = tmp_path / "publishers.csv"
    file.write_text(TABLE + line + "\n", encoding="utf-8")
    with pytest.raises(CommandError, match="1 lines are wrong; nothing was kept"):
        call_command("import_publishers", str(file))
    told = capsys.readouterr().err
    assert reason in told
    assert "line 4: " in told
    assert not Publisher.objects.exists()


def test_a_document_finds_its_publisher_by_the_domain_it_lies_in():
    claim = make.claim_submitted()
    registering.register_shipped()
    document = gathering.keep(make.draft(url="https://en.yna.co.kr/view/1", domain="en.yna.co.kr"), claim)
    assert document.publisher is not None
    assert document.publisher.name == "Yonhap"


def test_texts_signed_with_a_registered_code_have_one_origin_with_the_agencys_name():
    claim = make.claim_submitted()
    draft = registering.PublisherDraft(domain="bote.example", name="Bote", kind="agency", credit_codes=("bte",))
    registering.register([draft], newsroom=claim.newsroom)
    kept = [
        gathering.keep(make.draft(text=text, credit="", byline="", url=f"https://{domain}/", domain=domain), claim)
        for domain, text in (
            ("one.example", "EULENBURG (bte) - The city sold three bridges to a farmer, its council said on Monday."),
            ("two.example", "Three old bridges have a new owner. Nobody had asked for them in years. (bte)"),
        )
    ]
    agencies = assessing.agencies_of(claim.newsroom_id)
    found = origins.trace([assessing.source_text(document, agencies) for document in kept])
    assert [(origin.name, origin.kind, len(origin.documents)) for origin in found.origins] == [("Bote", "agency", 2)]
    assert assessing.agencies_of(make.newsroom().pk) == ()
