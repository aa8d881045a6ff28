import io
import json
import zipfile

import pytest

from tests.workers.sources.conftest import as_text
from workers.sources import statistics
from workers.sources.base import Query, SourceError, SourceUnavailable
from workers.sources.destatis import Destatis
from workers.sources.eurostat import Eurostat, read
from workers.sources.statistics import Figure
from workers.sources.worldbank import WorldBank

INFLATION = Query(text="Die Inflation in Deutschland lag im Oktober 2024 bei 2,4 Prozent.", language="de")


def test_the_table_is_whole():
    rows = statistics.table()
    assert len(rows) > 30
    for row in rows:
        assert row.service in ("eurostat", "worldbank")
        assert row.code and row.label_en and row.label_de and row.words
        assert row.words == row.words.lower()
    assert len({(row.service, row.code, row.parameters) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("text", "language", "service", "code"),
    [
        ("Die Inflation stieg auf 7 Prozent.", "de", "eurostat", "prc_hicp_manr"),
        ("Unemployment fell in Greece.", "en", "eurostat", "une_rt_m"),
        ("Das BIP pro Kopf ist gesunken.", "de", "worldbank", "NY.GDP.PCAP.CD"),
        ("North Korea's population shrank.", "en", "worldbank", "SP.POP.TOTL"),
        ("Die Staatsverschuldung wächst.", "de", "eurostat", "gov_10dd_edpt1"),
    ],
)
def test_a_claim_calls_for_the_series_its_words_name(text, language, service, code):
    assert statistics.indicators(service, Query(text=text, language=language))[0].code == code


def test_a_claim_without_a_number_of_the_list_calls_for_none():
    assert statistics.indicators("eurostat", Query(text="Kims Ziege stand am Zaun.", language="de")) == []


@pytest.mark.parametrize(
    ("period", "german", "english"),
    [
        ("2024", "im Jahr 2024", "in 2024"),
        ("2024-10", "im Oktober 2024", "in October 2024"),
        ("2024-Q3", "im 3. Quartal 2024", "in quarter 3 of 2024"),
        ("2024-S1", "im 1. Halbjahr 2024", "in half-year 1 of 2024"),
    ],
)
def test_figures_are_told_in_the_language_of_the_claim(period, german, english):
    (row,) = [row for row in statistics.table() if row.code == "SP.POP.TOTL"]
    figure = [Figure(period, 83280000.0, "provisional")]

    said = statistics.sentences(row, "DE", figure, language="de", updated="2024-11-30")
    assert (
        said == f"Bevölkerung in Deutschland {german}: 83.280.000 Menschen (provisional).\nStand der Daten: 2024-11-30."
    )
    said = statistics.sentences(row, "DE", figure, language="en", updated="")
    assert said == f"Population in Germany {english}: 83,280,000 people (provisional)."


def _dataset(values, periods=("2024-09", "2024-10"), **changes):
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "HICP",
        "updated": "2024-11-29T23:00:00+0100",
        "id": ["freq", "unit", "coicop", "geo", "time"],
        "size": [1, 1, 1, 1, len(periods)],
        "value": values,
        "dimension": {"time": {"category": {"index": {period: i for i, period in enumerate(periods)}}}},
    } | changes


def test_monthly_figures_are_read_newest_first(service):
    service.on("/prc_hicp_manr", _dataset({"0": 1.8, "1": 2.4}, status={"1": "p"}))
    (finding,) = Eurostat().search(INFLATION).hits

    assert finding.content.decode().splitlines() == [
        "Teuerung gegenüber dem Vorjahresmonat in Deutschland im Oktober 2024: 2,4 Prozent (provisional).",
        "Teuerung gegenüber dem Vorjahresmonat in Deutschland im September 2024: 1,8 Prozent.",
        "Stand der Daten: 2024-11-29.",
    ]
    args = service.asked[0].args
    assert (args["geo"], args["coicop"], args["unit"], args["freq"]) == ("DE", "CP00", "RCH_A", "M")
    assert finding.details["query"].startswith("http")


def test_greece_has_a_name_of_its_own_there(service):
    service.on("/", _dataset({"0": 9.9}))
    Eurostat().search(Query(text="Unemployment in Greece fell.", language="en"))
    assert service.asked[0].args["geo"] == "EL"


def test_values_are_addressed_by_their_place_and_may_be_missing():
    assert read(_dataset({"1": 2.4})) == [Figure("2024-10", 2.4)]
    assert read(_dataset([1.8, None])) == [Figure("2024-09", 1.8)]
    assert read(_dataset({})) == []


def test_a_dataset_of_several_series_is_refused_not_misread():
    with pytest.raises(SourceError, match="more than one series"):
        read(_dataset({"0": 1.0}, size=[1, 2, 1, 1, 2]))
    with pytest.raises(SourceUnavailable):
        read(_dataset({"0": 1.0}, size=[1, 1]))


def test_a_recorded_dataset_is_understood(shared, service):
    recorded = json.loads((shared / "samples/eurostat/jsonstat2_prc_hicp_manr.json").read_text(encoding="utf-8"))
    assert [(f.period, f.value) for f in read(recorded)] == [("2025-12", 2.0), ("2025-11", 2.1), ("2025-10", 2.1)]


def _row(year, value, country="DE"):
    return {
        "indicator": {"id": "FP.CPI.TOTL.ZG", "value": "Inflation"},
        "country": {"id": country, "value": "Germany"},
        "date": str(year),
        "value": value,
    }


def test_yearly_figures_of_all_pages_are_read(service):
    about = {"page": 1, "pages": 2, "per_page": 1000, "total": 3, "lastupdated": "2024-10-24"}
    service.on(
        "/", [about, [_row(2023, 5.9), _row(2022, 6.87)]], [about | {"page": 2}, [_row(2021, None), _row(2020, 0.1)]]
    )
    (finding,) = WorldBank().search(INFLATION).hits

    assert finding.content.decode().splitlines()[:2] == [
        "Teuerung der Verbraucherpreise in Deutschland im Jahr 2023: 5,9 Prozent.",
        "Teuerung der Verbraucherpreise in Deutschland im Jahr 2022: 6,87 Prozent.",
    ]
    assert len(finding.content.decode().splitlines()) == 4
    assert [request.args["page"] for request in service.asked] == ["1", "2"]


def test_a_claim_without_a_country_asks_nobody(service):
    findings = WorldBank().search(Query(text="Die Inflation steigt.", language="de"))
    assert findings.note
    assert service.asked == []


def test_recorded_rows_are_understood(shared, service):
    for name, text in (("cpi_jp", "Inflation in Japan"), ("gdp_page1", "The GDP of Mexico grew")):
        service.on("/", as_text((shared / f"samples/worldbank/{name}.json").read_bytes(), kind="application/json"))
        assert WorldBank().search(Query(text=text, language="en")).hits


TABLE = (
    "\ufeffstatistics_code;time;1_variable_label;1_variable_attribute_label;2_variable_attribute_label;"
    "value;value_unit;value_variable_label\r\n"
    "61111;2022;Deutschland insgesamt;Deutschland;Insgesamt;6,9;Prozent;Veränderung zum Vorjahr\r\n"
    "61111;2023;Deutschland insgesamt;Deutschland;Insgesamt;5,9;Prozent;Veränderung zum Vorjahr\r\n"
    "61111;2024;Deutschland insgesamt;Deutschland;Insgesamt;...;Prozent;Veränderung zum Vorjahr\r\n"
)


def _zip(text=TABLE, name="61111-0001_de_flat.csv"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr(name, text)
    return as_text(file.getvalue(), kind="application/zip")


FOUND = {
    "Status": {"Code": 0, "Content": "erfolgreich"},
    "Tables": [{"Code": "61111-0001", "Content": "Verbraucherpreisindex"}, {"Code": "../x", "Content": "x"}],
}


def test_a_table_is_read_from_its_zip(service):
    service.on("/find/find", FOUND)
    service.on("/data/tablefile", _zip())
    (finding,) = Destatis().search(INFLATION).hits

    assert finding.content.decode().splitlines() == [
        "Verbraucherpreisindex",
        "Veränderung zum Vorjahr Insgesamt, 2023: 5,9 Prozent.",
        "Veränderung zum Vorjahr Insgesamt, 2022: 6,9 Prozent.",
    ]
    assert service.asked[0].headers["username"] == "key-of-the-desk"
    assert "key-of-the-desk" not in service.asked[0].get_data(as_text=True)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ({"Status": {"Code": 98, "Content": "zu groß"}, "Object": None}, SourceError),
        ({"Status": {"Code": -1, "Content": "kein Datenquader"}, "Object": None}, SourceError),
        (as_text(b"PK\x03\x04 broken", kind="application/zip"), SourceUnavailable),
        (_zip(name="notes.doc"), SourceUnavailable),
    ],
)
def test_a_table_that_does_not_come_is_told(reply, kind, service):
    service.on("/find/find", FOUND)
    service.on("/data/tablefile", reply)
    with pytest.raises(SourceError) as refusal:
        Destatis().search(INFLATION)
    assert type(refusal.value) is kind


def test_a_zip_bomb_is_cut(service):
    service.on("/find/find", FOUND)
    service.on("/data/tablefile", _zip(TABLE + "61111;2021;x;y;z;1;Prozent;Veränderung\r\n" * 400_000))
    (finding,) = Destatis().search(INFLATION).hits
    assert finding.details["rows"] == 80


def test_recorded_tables_are_understood(shared, service):
    service.on("/find/find", FOUND)
    for name in ("52111-0001", "81000-0001"):
        body = (shared / f"samples/destatis/data_tablefile_{name}.zip").read_bytes()
        service.on("/data/tablefile", as_text(body, kind="application/zip"))
        (finding,) = Destatis().search(INFLATION).hits
        assert len(finding.content.decode().splitlines()) > 3
    service.on("/data/tablefile", as_text((shared / "samples/destatis/data_tablefile_61111-0021.json").read_bytes()))
    with pytest.raises(SourceError, match="Datenquader"):
        Destatis().search(INFLATION)
    service.on("/data/tablefile", as_text((shared / "samples/destatis/data_tablefile_63121-0001.json").read_bytes()))
    assert Destatis().search(INFLATION).hits == ()
