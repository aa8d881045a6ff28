"""Statements that look alike and are not the same claim: each differs from its neighbour in one thing only."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Decoy:
    language: str
    difference: str  # number date unit name place negation
    one: str
    other: str


# For each language: frames with their slots, the values of each slot, and the same frame denied.
FRAMES: dict[str, list[tuple[str, dict[str, list[str]], str]]] = {
    "de": [
        (
            "In {place} haben am {date} rund {number} Menschen gegen {name} demonstriert.",
            {
                "place": ["Leipzig", "Dresden", "Bremen"],
                "date": ["3. März 2021", "4. März 2021", "3. März 2022"],
                "number": ["4.200", "4.700", "42.000"],
                "name": ["Annika Weber", "Jonas Richter", "Annika Fischer"],
            },
            "In Leipzig haben am 3. März 2021 nicht rund 4.200 Menschen gegen Annika Weber demonstriert.",
        ),
        (
            "{name} zufolge ist die neue Leitung zwischen {place} und Wien {number} {unit} lang.",
            {
                "name": ["Ministerin Clara Hofer", "Ministerin Lena Moser"],
                "place": ["Graz", "Linz"],
                "number": ["120", "210", "125"],
                "unit": ["Kilometer", "Meilen", "Meter"],
            },
            "Ministerin Clara Hofer zufolge ist die neue Leitung zwischen Graz und Wien keine 120 Kilometer lang.",
        ),
        (
            "Der Umsatz von {name} stieg im {date} um {number} {unit}.",
            {
                "name": ["Nordwerk", "Südwerk"],
                "date": ["Mai 2019", "Juni 2019", "Mai 2018"],
                "number": ["5", "7", "15"],
                "unit": ["Prozent", "Prozentpunkte", "Millionen Euro", "Millionen Dollar"],
            },
            "Der Umsatz von Nordwerk stieg im Mai 2019 nicht um 5 Prozent.",
        ),
    ],
    "en": [
        (
            "About {number} people marched in {place} on {date} against the bill of {name}.",
            {
                "number": ["3,400", "3,900", "34,000"],
                "place": ["Bristol", "Leeds", "Cardiff"],
                "date": ["12 April 2018", "13 April 2018", "12 April 2017"],
                "name": ["Senator Ruth Alder", "Senator Mark Alder"],
            },
            "About 3,400 people did not march in Bristol on 12 April 2018 against the bill of Senator Ruth Alder.",
        ),
        (
            "The tunnel near {place} is {number} {unit} long, says {name}.",
            {
                "place": ["Denver", "Austin"],
                "number": ["14", "41", "15"],
                "unit": ["miles", "kilometres", "feet"],
                "name": ["Paula Grant", "Henry Grant"],
            },
            "The tunnel near Denver is not 14 miles long, says Paula Grant.",
        ),
        (
            "Wages at {name} rose by {number} {unit} in {date}.",
            {
                "name": ["Carlton Mills", "Burton Mills"],
                "number": ["4", "6", "40"],
                "unit": ["percent", "percentage points", "million dollars", "million euros"],
                "date": ["May 2016", "July 2016", "May 2015"],
            },
            "Wages at Carlton Mills never rose by 4 percent in May 2016.",
        ),
    ],
    "fr": [
        (
            "Selon {name}, {number} personnes ont manifesté à {place} le {date}.",
            {
                "name": ["Claire Dumont", "Luc Dumont"],
                "number": ["2 300", "2 800", "23 000"],
                "place": ["Lyon", "Nantes", "Lille"],
                "date": ["6 mai 2019", "7 mai 2019", "6 mai 2020"],
            },
            "Selon Claire Dumont, 2 300 personnes n'ont pas manifesté à Lyon le 6 mai 2019.",
        ),
        (
            "Le canal entre {place} et Paris mesure {number} {unit}.",
            {
                "place": ["Rouen", "Tours"],
                "number": ["45", "54", "46"],
                "unit": ["kilomètres", "mètres", "milles"],
            },
            "Le canal entre Rouen et Paris ne mesure pas 45 kilomètres.",
        ),
        (
            "Les prix de {name} ont augmenté de {number} {unit} en {date}.",
            {
                "name": ["Valmont", "Belmont"],
                "number": ["8", "9", "18"],
                "unit": ["pour cent", "euros", "dollars"],
                "date": ["juin 2017", "juillet 2017", "juin 2018"],
            },
            "Les prix de Valmont n'ont pas augmenté de 8 pour cent en juin 2017.",
        ),
    ],
    "es": [
        (
            "Según {name}, {number} personas protestaron en {place} el {date}.",
            {
                "name": ["Marta Vidal", "Pablo Vidal"],
                "number": ["5.600", "5.900", "56.000"],
                "place": ["Sevilla", "Valencia", "Bilbao"],
                "date": ["9 de junio de 2020", "10 de junio de 2020", "9 de junio de 2021"],
            },
            "Según Marta Vidal, 5.600 personas no protestaron en Sevilla el 9 de junio de 2020.",
        ),
        (
            "La carretera de {place} a Madrid tiene {number} {unit}.",
            {"place": ["Toledo", "Ávila"], "number": ["72", "27", "73"], "unit": ["kilómetros", "millas", "metros"]},
            "La carretera de Toledo a Madrid no tiene 72 kilómetros.",
        ),
        (
            "Las ventas de {name} subieron {number} {unit} en {date}.",
            {
                "name": ["Montoro", "Ferrol"],
                "number": ["3", "4", "30"],
                "unit": ["millones de euros", "millones de dólares", "por ciento"],
                "date": ["abril de 2018", "mayo de 2018", "abril de 2017"],
            },
            "Las ventas de Montoro nunca subieron 3 millones de euros en abril de 2018.",
        ),
    ],
    "it": [
        (
            "Secondo {name}, {number} persone hanno sfilato a {place} il {date}.",
            {
                "name": ["Giulia Serra", "Marco Serra"],
                "number": ["1.800", "1.900", "18.000"],
                "place": ["Torino", "Napoli", "Bari"],
                "date": ["2 ottobre 2018", "3 ottobre 2018", "2 ottobre 2017"],
            },
            "Secondo Giulia Serra, 1.800 persone non hanno sfilato a Torino il 2 ottobre 2018.",
        ),
        (
            "Il ponte di {place} è lungo {number} {unit}.",
            {"place": ["Genova", "Pisa"], "number": ["85", "58", "86"], "unit": ["metri", "chilometri", "miglia"]},
            "Il ponte di Genova non è lungo 85 metri.",
        ),
        (
            "I profitti di {name} sono cresciuti di {number} {unit} nel {date}.",
            {
                "name": ["Ferrandi", "Lombardi"],
                "number": ["6", "7", "60"],
                "unit": ["milioni di euro", "milioni di dollari", "per cento"],
                "date": ["marzo 2019", "aprile 2019", "marzo 2020"],
            },
            "I profitti di Ferrandi non sono cresciuti di 6 milioni di euro nel marzo 2019.",
        ),
    ],
    "pl": [
        (
            "Według {name} {number} osób protestowało {date} w mieście {place}.",
            {
                "name": ["Anny Kowalskiej", "Jana Nowaka"],
                "number": ["7600", "7900", "76 000"],
                "date": ["5 maja 2021", "6 maja 2021", "5 maja 2020"],
                "place": ["Poznań", "Lublin", "Gdynia"],
            },
            "Według Anny Kowalskiej 7600 osób nie protestowało 5 maja 2021 w mieście Poznań.",
        ),
        (
            "Droga z miasta {place} do Warszawy ma {number} {unit}.",
            {"place": ["Radom", "Kielce"], "number": ["93", "39", "94"], "unit": ["kilometry", "mile", "metry"]},
            "Droga z miasta Radom do Warszawy nie ma 93 kilometrów.",
        ),
        (
            "Zyski firmy {name} wzrosły o {number} {unit} w roku {date}.",
            {
                "name": ["Polmet", "Bałtyk"],
                "number": ["12", "21", "13"],
                "unit": ["procent", "milionów euro", "milionów dolarów"],
                "date": ["2015", "2016", "2005"],
            },
            "Zyski firmy Polmet nie wzrosły o 12 procent w roku 2015.",
        ),
    ],
}


def pairs() -> Iterator[Decoy]:
    """Every frame with one slot changed, each way round; and every frame denied."""
    for language, frames in FRAMES.items():
        for frame, slots, denial in frames:
            plain = {name: values[0] for name, values in slots.items()}
            for slot, values in slots.items():
                for one, other in itertools.permutations(values, 2):
                    yield Decoy(
                        language, slot, frame.format(**plain | {slot: one}), frame.format(**plain | {slot: other})
                    )
            whole = frame.format(**plain)
            yield Decoy(language, "negation", whole, denial)
            yield Decoy(language, "negation", denial, whole)


# The same claim in other words, same language: what the guard must let through.
SAME = [
    ("de", "In Leipzig demonstrierten rund 4.200 Menschen.", "Rund 4.200 Menschen demonstrierten in Leipzig."),
    ("de", "Der Zaun ist 40 Kilometer lang.", "40 km lang ist der Zaun."),
    ("de", "Am 3. März 2021 starben 12 Soldaten in Mali.", "12 Soldaten starben am 3.3.2021 in Mali."),
    ("de", "Der Minister hat 5 Millionen Euro versprochen.", "5 Mio. Euro hat der Minister versprochen."),
    ("en", "The tunnel near Denver is 14 miles long.", "Near Denver the tunnel is 14 miles long."),
    ("en", "On 12 April 2018 12 soldiers died in Mali.", "12 soldiers died in Mali on April 12, 2018."),
    ("en", "Vaccines cause autism in children.", "In children, vaccines cause autism."),
    ("en", "The company sold 3.5 million cars in 2019.", "In 2019 the company sold 3.5 million cars."),
    ("fr", "Le canal de Rouen mesure 45 kilomètres.", "Le canal de Rouen mesure 45 km."),
    ("es", "La carretera de Toledo tiene 72 kilómetros.", "La carretera de Toledo tiene 72 km."),
    ("it", "Il ponte di Genova è lungo 85 metri.", "Il ponte di Genova è lungo 85 metri!"),
    ("pl", "Droga do Radomia ma 93 kilometry.", "Droga do Radomia ma 93 kilometry"),
]
