"""EDGAR: covers and prospectuses, submissions, tickers and search.

All fixtures are hand-made: issuers and lawyers are invented, law firms and their cities are public facts.
"""

import json
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.sources import edgar_covers
from pipelines.ingest.sources.edgar_covers.address import place_of
from pipelines.ingest.sources.edgar_covers.prose import auditor_of, legal_matters

SKADDEN = "Skadden, Arps, Slate, Meagher & Flom LLP"
AGENT = "Cogency Global Inc.|122 East 42nd Street, 18th Floor|New York, NY 10168|(Name, address of agent for service)"


def p(text: str) -> str:
    """One paragraph per line."""
    return "".join(f"<P ALIGN='center'><B>{line}</B></P>\n" for line in text.split("|"))


def cells(*columns: str) -> str:
    """One table row; the lines of a cell part by <br>."""
    return "<table><tr>" + "<td>&nbsp;</td>".join(f"<td>{text.replace('|', '<br>')}</td>" for text in columns) + "</tr></table>"


def interleaved(*columns: str) -> str:
    """One table row per line, with an empty column between two."""
    parts = [text.split("|") for text in columns]
    rows = [[part[at] if at < len(part) else "" for part in parts] for at in range(max(map(len, parts)))]
    return (
        "<table>" + "".join("<tr>" + "<td></td>".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows) + "</table>"
    )


def submission(document: str, form: str = "F-1", issuer: str = "EXAMPLE LINK AG") -> bytes:
    """A whole submission with one document."""
    return f"""<SEC-DOCUMENT>0000000000-24-000001.txt : 20240102
<SEC-HEADER>0000000000-24-000001.hdr.sgml : 20240102
ACCESSION NUMBER:\t\t0000000000-24-000001
CONFORMED SUBMISSION TYPE:\t{form}
FILED AS OF DATE:\t\t20240102

FILER:

\tCOMPANY DATA:\t
\t\tCOMPANY CONFORMED NAME:\t\t\t{issuer}
\t\tCENTRAL INDEX KEY:\t\t\t0000000123

\tBUSINESS ADDRESS:\t
\t\tCITY:\t\t\tCHAOYANG DISTRICT BEIJING
\t\tSTATE:\t\t\tF4

\tMAIL ADDRESS:\t
\t\tCITY:\t\t\tELSEWHERE
\t\tSTATE:\t\t\tK3
</SEC-HEADER>
<DOCUMENT>
<TYPE>{form}
<TEXT>
{document}
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
""".encode()


def cover(block: str) -> str:
    """An HTML document whose cover holds ``block``; after the cover, a firm that must not be read."""
    return (
        "<HTML><HEAD><TITLE>Copies to: Nobody LLP</TITLE></HEAD><BODY>"
        f"{p('Example Link AG|(Exact name of registrant)|' + AGENT)}{block}"
        "<P><B>Approximate date of commencement of proposed sale to the public:</B> at once</P>"
        f"{p('Late & Later LLP|1 Late Street|Chicago, Illinois 60601')}</BODY></HTML>"
    )


def ascii_cover(block: str) -> str:
    """The same as plain text of the 1990s."""
    return f"""
                             EXAMPLE LINK, INC.
             (Exact name of registrant as specified in its charter)

          Delaware                    7372                   77-0000000
     (State of incorporation)    (Primary SIC Code)      (I.R.S. Employer No.)

    (Name, address and telephone number of agent for service)
{block}
   Approximate date of commencement of proposed sale to the public: As soon as
practicable.
                              Late & Later LLP
                          Chicago, Illinois 60601
"""


BLOCK = p("Copies to:|Cooley LLP|55 Hudson Yards|New York, NY 10001")

COVERS: dict[str, tuple[str, list[str]]] = {
    "interleaved rows": (
        cover(
            p("Copies to:")
            + interleaved(
                "Jane Doe, Esq.|Simpson Thacher &amp; Bartlett LLP|35/F, ICBC Tower|3 Garden Road|Central, Hong Kong"
                "|+852-2514-7600",
                "John Roe, Esq.|Simpson Thacher &amp; Bartlett LLP|2475 Hanover Street|Palo Alto, California 94304"
                "|U.S.A.|+1-650-251-5000",
                "Ann Poe|Baker &amp; McKenzie LLP|452 Fifth Avenue|New York, New York 10018|+1-212-626-4100",
            )
        ),
        [
            "Simpson Thacher & Bartlett LLP / Hong Kong",
            "Simpson Thacher & Bartlett LLP / Palo Alto",
            "Baker & McKenzie LLP / New York",
        ],
    ),
    "interleaved with names that wrap": (
        cover(
            p("Copies to:")
            + interleaved(
                "Jane Doe|Skadden, Arps, Slate,|Meagher &amp; Flom LLP|1440 New York Avenue, N.W.|Washington, D.C. 20005",
                "John Roe|Pillsbury Winthrop Shaw|Pittman LLP|2300 N Street, NW|Washington, DC 20037|Telephone (202) 663-8000",
            )
        ),
        [f"{SKADDEN} / Washington", "Pillsbury Winthrop Shaw Pittman LLP / Washington"],
    ),
    "c/o and landmarks": (
        cover(
            p("Copies to:")
            + cells(
                "Jane Doe, Esq.|Skadden, Arps, Slate, Meagher &amp; Flom LLP|c/o 42/F, Edinburgh Tower|The Landmark"
                "|15 Queen&#8217;s Road Central|Hong Kong|+852 3740-4700",
                "John Roe|Kirkland &amp; Ellis International LLP|c/o 26th Floor, Gloucester Tower, The Landmark"
                "|15 Queen&#146;s Road Central, Hong Kong|+852 3761-3318",
            )
        ),
        [f"{SKADDEN} / Hong Kong", "Kirkland & Ellis International LLP / Hong Kong"],
    ),
    "form of the firm on its own line": (
        cover(
            p("<I>Copies to</I>:")
            + cells(
                "Jane Doe|Wilson Sonsini Goodrich &amp; Rosati|Professional Corporation|Unit 2901, 29F, Tower C"
                "|Beijing Yintai Centre"
                "|No. 2 Jianguomenwai Avenue|Chaoyang District, Beijing 100022|People&#8217;s Republic of China|+86"
                " (10) 6529-8300",
                "John Roe|Latham &amp; Watkins LLP|18th Floor, One Exchange Square|8 Connaught Place|Central, Hong"
                " Kong|+852 2912-2500",
            )
        ),
        [
            "Wilson Sonsini Goodrich & Rosati Professional Corporation / Beijing",
            "Latham & Watkins LLP / Hong Kong",
        ],
    ),
    "Chinese addresses": (
        cover(
            p("With copies to:")
            + interleaved(
                "Jane Doe|Davis Polk &amp; Wardwell LLP|30/F, China World Office 2|No. 1 Jianguomenwai Avenue|Beijing 100004"
                "|People&#8217;s Republic of China",
                "John Roe|Zhong Lun Law Firm|Room 1100, 501 Yincheng Middle Road|Pudong New Area, Shanghai 200120|PRC",
                "Ann Poe|Guantao Law Firm|Room 2302, Excellence Century Center|Futian District, Shenzhen, Guangdong 518048",
                "Max Moe|GFE Law Office|No. 6 Zhujiang East Road, Tianhe District, Guangzhou, Guangdong Province, 510623",
            )
        ),
        [
            "Davis Polk & Wardwell LLP / Beijing",
            "Zhong Lun Law Firm / Shanghai",
            "Guantao Law Firm / Shenzhen",
            "GFE Law Office / Guangzhou",
        ],
    ),
    "a street named after another city": (
        cover(p(f"Copies to:|Jane Doe|{SKADDEN}|46/F, Tower 2, Jing An Kerry Center|1539 Nanjing West Road|Shanghai")),
        [f"{SKADDEN} / Shanghai"],
    ),
    "a firm named in Chinese": (
        cover(p("Copies to:|北京市中伦律师事务所|No. 20 Jinhe East Road|Chaoyang District, Beijing 100020")),
        ["北京市中伦律师事务所 / Beijing"],
    ),
    "a label in each cell": (
        cover(
            cells(
                "Copies to:|Jane Doe|Ellenoff Grossman &amp; Schole LLP|150 East 42nd Street|New York, NY 10017|Tel:"
                " (212) 370-1300",
                "Copies to:|John Roe|Guzov Ofsink, LLC|600 Madison Avenue|New York NY 10022|Fax: (212) 688-7273",
            )
        ),
        ["Ellenoff Grossman & Schole LLP / New York", "Guzov Ofsink, LLC / New York"],
    ),
    "a label in the cell beside the names": (
        cover(
            "<table><tr><td>Copies to:</td><td>Jane Doe<br>Davis Polk &amp; Wardwell LLP<br>450 Lexington"
            " Avenue<br>New York, New York 10017"
            "</td><td>John Roe<br>Davis Polk &amp; Wardwell LLP<br>1600 El Camino Real<br>Menlo Park, California"
            " 94025</td></tr></table>"
        ),
        ["Davis Polk & Wardwell LLP / New York", "Davis Polk & Wardwell LLP / Menlo Park"],
    ),
    "a label across the table": (
        cover(
            "<table><tr><td colspan=3><p>Copies to:</p></td></tr><tr><td>Jane Doe</td><td></td><td>John Roe</td></tr>"
            "<tr><td>Cooley LLP</td><td></td><td>Paul Hastings LLP</td></tr>"
            "<tr><td>55 Hudson Yards</td><td></td><td>1117 S. California Avenue</td></tr>"
            "<tr><td>New York, NY 10001</td><td></td><td>Palo Alto, CA 94304</td></tr></table>"
        ),
        ["Cooley LLP / New York", "Paul Hastings LLP / Palo Alto"],
    ),
    "cells that span columns": (
        cover(
            p("Copies to:") + "<table><tr><td colspan=3>Jane Doe</td><td></td><td colspan=2>John Roe</td></tr>"
            "<tr><td colspan=3>Simpson Thacher &amp; Bartlett LLP</td><td></td><td colspan=2>O&#146;Melveny"
            " &amp; Myers LLP</td></tr>"
            "<tr><td>&nbsp;</td><td colspan=2>ICBC Tower</td><td></td><td colspan=2>Plaza 66, 1266 Nanjing Road West</td></tr>"
            "<tr><td colspan=3>Central, Hong Kong</td><td></td><td colspan=2>Shanghai 200040, China</td></tr>"
            "<tr><td>Tel:</td><td colspan=2>+852 2514-7600</td><td></td><td>Tel:</td><td>+86 21 2307 7000</td></tr></table>"
        ),
        ["Simpson Thacher & Bartlett LLP / Hong Kong", "O’Melveny & Myers LLP / Shanghai"],
    ),
    "cells that span rows": (
        cover(
            p("Copies to:") + "<table><tr><td>Jane Doe</td><td rowspan=4>&nbsp;</td><td>John Roe</td></tr>"
            "<tr><td>Perkins Coie LLP</td><td>Davis Wright Tremaine LLP</td></tr>"
            "<tr><td>1201 Third Avenue</td><td>920 Fifth Avenue</td></tr>"
            "<tr><td>Seattle, WA 98101</td><td>Portland, OR 97201</td></tr></table>"
        ),
        ["Perkins Coie LLP / Seattle", "Davis Wright Tremaine LLP / Portland"],
    ),
    "columns that do not line up": (
        cover(
            p("Copies to:") + "<table><tr><td colspan=2>Jane Doe</td><td>John Roe</td></tr><tr><td>Cooley LLP</td><td"
            " colspan=2>Fenwick &amp; West LLP</td></tr>"
            "<tr><td colspan=2>3175 Hanover Street</td><td>902 Broadway</td></tr>"
            "<tr><td>Palo Alto, CA 94304</td><td colspan=2>New York, NY 10010</td></tr></table>"
        ),
        ["Cooley LLP / Palo Alto", "Fenwick & West LLP / New York"],
    ),
    "two rows of firms": (
        cover(
            p("Copies to:")
            + "<table><tr><td>Jane Doe<br>Cooley LLP<br>500 Boylston Street<br>Boston, MA 02116<br>(617) 937-2300</td>"
            "<td>John Roe<br>Ropes &amp; Gray LLP<br>Prudential Tower<br>Boston, MA 02199</td></tr>"
            "<tr><td>Ann Poe<br>Walkers<br>190 Elgin Avenue<br>George Town<br>Grand Cayman KY1-9001</td>"
            "<td>Max Moe<br>Maples and Calder<br>PO Box 309, Ugland House<br>Grand Cayman, KY1-1104</td></tr></table>"
        ),
        [
            "Cooley LLP / Boston",
            "Walkers / George Town",
            "Ropes & Gray LLP / Boston",
            "Maples and Calder / Grand Cayman",
        ],
    ),
    "tables within a table": (
        cover(
            "<table><tr><td>Copies to:</td></tr><tr><td>"
            + interleaved(
                "Jane Doe|Hunter Taubman|Fischer &amp; Li LLC|950 Third Avenue, 19th Floor|New York, NY 10022",
                "John Roe|VCL Law LLP|1945 Old Gallows Road, Suite 260|Vienna, VA 22182",
            )
            + "</td></tr></table>"
        ),
        ["Hunter Taubman Fischer & Li LLC / New York", "VCL Law LLP / Vienna"],
    ),
    "a whole block in one cell": (
        f"<HTML><BODY><table><tr><td>{p('Copies to:|Cozen O&#8217;Connor P.C.|175 Greenwich Street|New York, NY 10007')}"
        f"{p('Approximate date of commencement of proposed sale: at once|Late LLP|Chicago, IL 60601')}</td></tr></table></BODY>",
        ["Cozen O’Connor P.C. / New York"],
    ),
    "columns made of spaces": (
        cover(
            "<p>Copies to:</p><p>Jane Doe&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;John Roe<br>Baker Botts"
            " L.L.P.&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;"
            "Vinson &amp; Elkins L.L.P.<br>910 Louisiana Street&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;2001 Ross Avenue, Suite 3900<br>"
            "Houston, Texas 77002&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;Dallas, Texas 75201</p>"
        ),
        ["Baker Botts L.L.P. / Houston", "Vinson & Elkins L.L.P. / Dallas"],
    ),
    "a colon of its own": (
        cover(p("<i>Copies to</i>|:|Jane Doe|Goodwin Procter LLP|100 Northern Avenue|Boston, MA 02210")),
        ["Goodwin Procter LLP / Boston"],
    ),
    "a label that wraps, and newlines that mean nothing": (
        cover("<p><b>Copies\nto:</b></p><p>Goodwin\nProcter LLP<br>100 Northern\nAvenue<br>Boston,\nMA 02210</p>"),
        ["Goodwin Procter LLP / Boston"],
    ),
    "invisible characters": (
        cover(
            "<div>Copies&#160;to:&#8203;</div><div>&#8203;</div>"
            + p("Torys&#8203; LLP&#8203;|79 Wellington St. W.|Toronto, Ontario M5K&nbsp;1N2")
        ),
        ["Torys LLP / Toronto"],
    ),
    "please send": (
        cover(p("Please send copies of all communications to:|Jane Doe|Reed Smith LLP|599 Lexington Avenue|New York, NY 10022")),
        ["Reed Smith LLP / New York"],
    ),
    "including those to the agent": (
        cover(
            p("Copies of all communications, including communications sent to agent for service, should be sent to:")
            + p("Jane Doe|Sichenzia Ross Ference Carmel LLP|1185 Avenue of the Americas, 31st Floor|New York, New York 10036")
        ),
        ["Sichenzia Ross Ference Carmel LLP / New York"],
    ),
    "the following": (
        cover(
            p("It is requested that copies of notices be sent to the following:|Reed Smith LLP|599 Lexington Avenue|New York, NY")
        ),
        ["Reed Smith LLP / New York"],
    ),
    "the date of commencement first": (
        f"<HTML><BODY>{p('Approximate date of proposed sale: at once|Copies to:|Reed Smith LLP|New York, NY 10022')}"
        "<p>If any of the securities being registered</p></BODY></HTML>",
        ["Reed Smith LLP / New York"],
    ),
    "no label on the cover, but one far behind it": (
        cover(BLOCK.replace("Copies to:", "Jane Doe")).replace(
            "</BODY>", "<p>Text</p>" * 200 + p("Copies to:|Far LLP|Reno, NV 89501")
        ),
        ["Cooley LLP / New York"],
    ),
    "all on one line": (
        cover(p("Copies to: Jane B. Doe, Loeb &amp; Loeb LLP, 345 Park Avenue, New York, New York 10154, (212) 407-4000")),
        ["Loeb & Loeb LLP / New York"],
    ),
    "a paragraph per firm": (
        cover(
            p("Copies to:")
            + cells(
                "Jane Doe, Esq. Ellenoff Grossman &amp; Schole LLP 1345 Avenue of the Americas New York, New York"
                " 10105 Tel: (212) 370-1300",
                "John Roe, Esq. Kirkland &amp; Ellis LLP 300 North LaSalle Chicago, Illinois 60654 Tel: (312) 862-2000",
            )
        ),
        ["Ellenoff Grossman & Schole LLP / New York", "Kirkland & Ellis LLP / Chicago"],
    ),
    "no label, below the agent": (
        cover(p("Jane Doe, Esq.|Ellenoff Grossman &amp; Schole LLP|1345 Avenue of the Americas|New York, NY 10105")),
        ["Ellenoff Grossman & Schole LLP / New York"],
    ),
    "the agent beside": (
        "<HTML><BODY>"
        + cells(AGENT, "Copies to:|Jane Doe|Loeb &amp; Loeb LLP|2206-19 Jardine House|Central, Hong Kong SAR|+852 3923 1111")
        + "<p>If any of the securities being registered</p></BODY></HTML>",
        ["Loeb & Loeb LLP / Hong Kong"],
    ),
    "a cover that goes on with the fee table": (
        f"<HTML><BODY>{p('Copies to:|Winston &amp; Strawn LLP|42/F, Bank of China Tower|Central, Hong Kong')}"
        f"<table><tr><td>Title of each class</td></tr></table>{p('Late LLP|Denver, CO 80202')}</BODY></HTML>",
        ["Winston & Strawn LLP / Hong Kong"],
    ),
    "firms from everywhere": (
        cover(
            p("Copies of all correspondence to:")
            + cells(
                "B&auml;r &amp; Karrer AG|Brandschenkestrasse 90|CH-8002 Z&uuml;rich|Switzerland",
                "NautaDutilh N.V.|Beethovenstraat 400|1082 PR Amsterdam|The Netherlands",
                "Meitar | Law Offices|16 Abba Hillel Silver Rd.|Ramat Gan 52506, Israel".replace(" | ", " &#124; "),
                "Gornitzky &amp; Co.|Vitania Tel-Aviv Tower|20 HaHarash St.|Tel Aviv 6761310, Israel",
                "Nishimura &amp; Asahi|1-1-2 Otemachi, Chiyoda-ku|Tokyo 100-8124, Japan",
                "Allen &amp; Gledhill LLP|One Marina Boulevard #28-00|Singapore 018989",
                "Cooley (UK) LLP|22 Bishopsgate, London EC2N 4BQ, England",
                "Pinheiro Neto Advogados|Rua Hungria, 1.100|01455-906 S&atilde;o Paulo, SP, Brazil",
                "Mannheimer Swartling Advokatbyr&aring; AB|Norrlandsgatan 21|111 43 Stockholm, Sweden",
                "Appleby (Bermuda) Limited|22 Victoria Street|Hamilton HM 12|Bermuda",
                "Lee and Li, Attorneys-at-Law|8F, No. 555, Sec. 4, Zhongxiao E. Rd.|Taipei 11072, Taiwan, R.O.C.",
                "Jones Day|2 rue Saint-Florentin|75001 Paris, France",
            )
        ),
        [
            "Bär & Karrer AG / Zurich",
            "NautaDutilh N.V. / Amsterdam",
            "Meitar | Law Offices / Ramat Gan",
            "Gornitzky & Co. / Tel Aviv",
            "Nishimura & Asahi / Tokyo",
            "Allen & Gledhill LLP / Singapore",
            "Cooley (UK) LLP / London",
            "Pinheiro Neto Advogados / Sao Paulo",
            "Mannheimer Swartling Advokatbyrå AB / Stockholm",
            "Appleby (Bermuda) Limited / Hamilton",
            "Lee and Li, Attorneys-at-Law / Taipei",
            "Jones Day / Paris",
        ],
    ),
    "American forms": (
        cover(
            p("Copies to:")
            + p("Law Offices of Jane Doe, PLLC|3823 44th Ave. NE|Seattle, Washington 98105|(206) 522-2256")
            + p("The Crone Law Group, P.C.|One East Liberty, Suite 600|Reno, NV 89501|(775) 234-5221")
            + p(
                "Szaferman, Lakind, Blumstein &amp; Blader, PC|101 Grovers Mill Road|Lawrenceville, New Jersey 08648"
                "|(609) 275-0400"
            )
            + p("Ulmer &amp; Berne, L.P.A.|1660 West 2nd Street|Cleveland, Ohio 44113|(216) 583-7000")
            + p("Richards, Layton &amp; Finger, P.A.|920 North King Street|Wilmington, Delaware 19801|(302) 651-7700")
            + p("Haneberg Hurlbert PLC|1111 East Main Street|Richmond, Virginia 23219|+1-804-814-2209 &#8212; telephone")
            + p("Godfrey &amp; Kahn, S.C.|833 East Michigan Street|Milwaukee, WI 53202")
        ),
        [
            "Law Offices of Jane Doe, PLLC / Seattle",
            "The Crone Law Group, P.C. / Reno",
            "Szaferman, Lakind, Blumstein & Blader, PC / Lawrenceville",
            "Ulmer & Berne, L.P.A. / Cleveland",
            "Richards, Layton & Finger, P.A. / Wilmington",
            "Haneberg Hurlbert PLC / Richmond",
            "Godfrey & Kahn, S.C. / Milwaukee",
        ],
    ),
    "names over three lines, and where only knowledge joins them": (
        cover(
            p(
                "Copies to:|Paul, Weiss, Rifkind,|Wharton &amp; Garrison|LLP|1285 Avenue of the Americas|New York,"
                " New York 10019-6064"
            )
            + p("Jane Doe|Wilmer Cutler Pickering|Hale and Dorr LLP|60 State Street|Boston, Massachusetts 02109")
            + p("John Roe|Dechert LLP|One International Place|Boston, Massachusetts 02110-2605")
        ),
        [
            "Paul, Weiss, Rifkind, Wharton & Garrison LLP / New York",
            "Wilmer Cutler Pickering Hale and Dorr LLP / Boston",
            "Dechert LLP / Boston",
        ],
    ),
    "persons after an address without a telephone number": (
        cover(
            p("Copies to:|Jane Doe|Latham &amp; Watkins LLP|12670 High Bluff Drive|San Diego, California 92130")
            + p("John Boston|Paris Jones|Ropes &amp; Gray LLP|800 Boylston Street|Boston, MA 02199")
        ),
        ["Latham & Watkins LLP / San Diego", "Ropes & Gray LLP / Boston"],
    ),
    "a person between firm and address": (
        cover(p("Copies to:|Latham &amp; Watkins LLP|Attn: Jane Doe, Esq.|12670 High Bluff Drive|San Diego, CA 92130")),
        ["Latham & Watkins LLP / San Diego"],
    ),
    "the same office twice": (
        cover(p("Copies to:") + 2 * p("Jane Doe|Latham &amp; Watkins LLP|140 Scott Drive|Menlo Park, CA 94025|(650) 328-4600")),
        ["Latham & Watkins LLP / Menlo Park"],
    ),
    "in-house counsel first": (
        cover(
            p("Copies to:")
            + cells(
                "Jane Doe|General Counsel|Other Example LLC|Suite 5, Example Road|Dublin 2, Ireland",
                "John Roe|Davis Polk &amp; Wardwell LLP|900 Middlefield Road|Redwood City, CA 94063",
            )
        ),
        ["Davis Polk & Wardwell LLP / Redwood City"],
    ),
    "the issuer itself": (
        cover(
            p(
                "Copies to:|Jane Doe|Example Link AG|Paradeplatz 8|8001 Zurich|+41 44 333 1111|Homburger AG"
                "|Hardstrasse 201|8005 Zurich"
            )
        ),
        ["Homburger AG / Zurich"],
    ),
    "a co-registrant": (
        cover(p("Example Finance Partners|Copies to:|Jane Doe|Example Finance Partners|1 Example Plaza|Dallas, Texas 75201")),
        [],
    ),
    "nobody but a person": (
        cover(p("Copies to:|Jane Doe, Esq.|601 West Broadway, Suite 400|Vancouver, British Columbia|Canada V5Z 4C2")),
        [],
    ),
    "what a firm is, below its name": (
        cover(
            p("Copies to:|Stikeman Elliott LLP|Barristers &amp; Solicitors|1155 Blvd.|Montr&eacute;al, Qu&eacute;bec H3B 3V2")
            + p("Attorneys for the Underwriters:|Foley Hoag LLP|Attorneys at Law|155 Seaport Boulevard|Boston, MA 02210")
        ),
        ["Stikeman Elliott LLP / Montreal", "Foley Hoag LLP / Boston"],
    ),
    "agents, banks and auditors": (
        cover(
            p("Copies to:|Puglisi &amp; Associates|850 Library Avenue|Newark, Delaware 19711")
            + p("Jane Doe|Managing Director|Goldman Sachs &amp; Co. LLC|200 West Street|New York, NY 10282")
            + p("JPMorgan Chase Bank, N.A.|383 Madison Avenue|New York, NY 10179|KPMG LLP|345 Park Avenue|New York, NY 10154")
            + p("Maxim Group LLC|300 Park Avenue|New York, NY 10022|Jane Doe and John Roe")
        ),
        [],
    ),
    "blocks side by side without a table": (
        cover(
            "<div>Copies to:</div><div><div style='display:inline-block;width:50%'><div>Jane Doe, Esq.</div>"
            "<div>Skadden, Arps, Slate, Meagher &amp; Flom LLP</div><div>JingAn Kerry Centre, Tower II</div>"
            "<div>1539 Nanjing West Road</div><div>Shanghai 200040</div><div>People&rsquo;s Republic of China</div></div>"
            "<div style='display:inline-block;width:50%'><div>John Roe, Esq.</div>"
            "<div>Kirkland &amp; Ellis International LLP</div><div>26th Floor, Gloucester Tower</div><div>The Landmark</div>"
            "<div>Hong Kong</div></div></div>"
        ),
        [f"{SKADDEN} / Shanghai", "Kirkland & Ellis International LLP / Hong Kong"],
    ),
    "a table for each firm within a row": (
        cover(
            "<table><tr><td colspan='5'>Copies to:</td></tr><tr><td colspan='2'><table><tr><td>Jane Doe, Esq.</td></tr>"
            "<tr><td>Pillsbury Winthrop Shaw Pittman LLP</td></tr><tr><td>2475 Hanover Street</td></tr>"
            "<tr><td>Palo Alto, CA 94304</td></tr></table></td><td></td><td colspan='2'><table><tr><td>John Roe, Esq.</td></tr>"
            "<tr><td>Robinson &amp; Cole LLP</td></tr><tr><td>666 Third Avenue, 20th Floor</td></tr>"
            "<tr><td>New York, NY 10017</td></tr></table></td></tr></table>"
        ),
        ["Pillsbury Winthrop Shaw Pittman LLP / Palo Alto", "Robinson & Cole LLP / New York"],
    ),
    "rows with empty cells at both ends and telephone numbers in two cells": (
        cover(
            "<table><tr><td colspan='7'><center><b><i>Copies to:</i></b></center></td></tr><tr><td colspan='7'>&nbsp;</td></tr>"
            + "".join(
                f"<tr><td></td><td colspan='2'>{left}</td><td></td><td colspan='2'>{right}</td><td></td></tr>"
                for left, right in (
                    ("Jane Doe, Esq.", "John Roe, Esq."),
                    ("Hogan Lovells", "Kirkland &amp; Ellis International LLP"),
                    ("11th Floor, One Pacific Place", "29th Floor, China World Office 2"),
                    ("88 Queensway", "No. 1 Jian Guo Men Wai Avenue"),
                    ("Hong Kong", "Beijing 100004, P.R. China"),
                )
            )
            + "<tr><td></td><td>Tel:</td><td>+852-2219-0888</td><td></td><td>Tel:</td><td>+86 10 5737 9300</td><td></td></tr>"
            "</table>"
        ),
        ["Hogan Lovells / Hong Kong", "Kirkland & Ellis International LLP / Beijing"],
    ),
    "the issuer's own lawyer, by his title, and invisible characters": (
        cover(
            p("Copies to:&#8203;")
            + cells(
                "Jane Doe&#8203;|Chief Legal Officer|Example Technology Group Limited|Building A, 5 Haidian Avenue"
                "|Haidian District, Beijing 100080|PRC",
                "John Roe, Esq.|Morgan, Lewis &amp; Bockius&#8203; LLP|Beijing Kerry Centre South Tower, Suite 823"
                "|No.1 Guang Hua Road, Chaoyang District|Beijing, China 100020",
            )
        ),
        ["Morgan, Lewis & Bockius LLP / Beijing"],
    ),
    "offices in the provinces": (
        cover(
            p("Copies to:")
            + interleaved(
                "AllBright Law Offices|No. 501 Yincheng Middle Road|Pudong New Area|Shanghai 200120|PRC",
                "Tahota Law Firm|16/F, No. 966 North Tianfu Avenue|High-tech Zone, Chengdu|Sichuan Province, China",
                "T&amp;C Law Firm|11/F, Block A, Dragon Century Plaza|No. 1 Hangda Road, Hangzhou|Zhejiang 310007",
                "Beijing Dacheng Law Offices, LLP (Fuzhou)|Fuzhou, Fujian|China",
            )
        ),
        [
            "AllBright Law Offices / Shanghai",
            "Tahota Law Firm / Chengdu",
            "T&C Law Firm / Hangzhou",
            "Beijing Dacheng Law Offices, LLP (Fuzhou) / Fuzhou",
        ],
    ),
    "offshore firms without a form": (
        cover(
            p("Copies to:")
            + interleaved(
                "Jane Doe|Conyers Dill &amp; Pearman|29th Floor, One Exchange Square|8 Connaught Place|Central, Hong Kong",
                "Ogier|11th Floor, Central Tower|28 Queen&rsquo;s Road Central|Central, Hong Kong",
                "Haiwen &amp; Partners|20/F, Fortune Financial Center|Chaoyang District|Beijing 100020",
            )
        ),
        ["Conyers Dill & Pearman / Hong Kong", "Ogier / Hong Kong", "Haiwen & Partners / Beijing"],
    ),
    "whom each advises above the names": (
        cover(
            p("Copies to:")
            + cells(
                "Counsel to the Registrant:|Jane Doe|Nelson Mullins Riley &amp; Scarborough LLP|101 Constitution Avenue, NW"
                "|Washington, DC 20001",
                "Counsel to the Underwriters:|John Roe|Pryor Cashman LLP|7 Times Square|New York, NY 10036",
            )
        ),
        ["Nelson Mullins Riley & Scarborough LLP / Washington", "Pryor Cashman LLP / New York"],
    ),
    "only Copies, and a name that wraps where nothing shows it": (
        cover(
            p("Copies:|Jane Doe, Esq.|Sichenzia Ross Ference|Carmel LLP|1185 Avenue of the Americas, New York, NY 10036")
            + p("John Roe, Esq.|McDermott Will &amp; Emery|LLP|340 Madison Ave., New York, NY 10173-1922")
        ),
        ["Sichenzia Ross Ference Carmel LLP / New York", "McDermott Will & Emery LLP / New York"],
    ),
    "2000s plain text, an issuer of Beijing": (
        ascii_cover(
            """
                                   COPIES TO:

<TABLE>
<S>                                              <C>
             JANE DOE, ESQ.                                 JOHN ROE, ESQ.
           SHEARMAN & STERLING                           O'MELVENY & MYERS LLP
         SUITE 2318, CHINA WORLD TOWER II                 SUITE 2011, SHUI ON PLAZA
          1 JIANGUOMENWAI DAJIE                          333 HUAI HAI ZHONG ROAD
         BEIJING 100004, CHINA                          SHANGHAI 200021, CHINA
            (86-10) 6505-3399                                (86-21) 6386-8838
</TABLE>
"""
        ),
        ["SHEARMAN & STERLING / Beijing", "O'MELVENY & MYERS LLP / Shanghai"],
    ),
    "1990s, centred": (
        ascii_cover(
            """
                                  COPIES TO:

                             JANE DOE, ESQ.
                              COOLEY GODWARD LLP
                            FIVE PALO ALTO SQUARE
                             3000 EL CAMINO REAL
                        PALO ALTO, CALIFORNIA 94306-2155
                                (650) 843-5000
"""
        ),
        ["COOLEY GODWARD LLP / Palo Alto"],
    ),
    "1990s, two columns": (
        ascii_cover(
            """
<TABLE>
<S>                                    <C>
                                  Copies to:

           JANE DOE, ESQ.                           ANN POE, ESQ.
           JOHN ROE, ESQ.                            MAX MOE, ESQ.
   WILSON SONSINI GOODRICH & ROSATI            SIMPSON THACHER & BARTLETT
        PROFESSIONAL CORPORATION                  425 LEXINGTON AVENUE
           650 PAGE MILL ROAD                NEW YORK, NEW YORK 10017-3954
      PALO ALTO, CALIFORNIA 94304                    (212) 455-2000
             (650) 493-9300
</TABLE>
"""
        ),
        ["WILSON SONSINI GOODRICH & ROSATI PROFESSIONAL CORPORATION / Palo Alto", "SIMPSON THACHER & BARTLETT / New York"],
    ),
    "1990s, three columns, double spaced": (
        ascii_cover(
            """
                                 Copies to:

 Jane Doe                     John Roe                    Ann Poe

 Hale and Dorr                Cooley Godward LLP          Clifford Chance

 60 State Street              One Maritime Plaza          29th Floor, Jardine House

 Boston, MA 02109             San Francisco, CA 94111     One Connaught Place, Hong Kong
"""
        ),
        ["Hale and Dorr / Boston", "Cooley Godward LLP / San Francisco", "Clifford Chance / Hong Kong"],
    ),
    "1990s, a line too long for its column": (
        ascii_cover(
            """
                                Copies To:

Jane Doe, Esq.                              John Roe, Esq.
Squadron, Ellenoff, Plesent & Sheinfeld, LLP   Davis Polk & Wardwell
551 Fifth Avenue                            450 Lexington Avenue
New York, New York 10176                    New York, New York 10017
"""
        ),
        ["Squadron, Ellenoff, Plesent & Sheinfeld, LLP / New York", "Davis Polk & Wardwell / New York"],
    ),
    "1990s, a label that wraps and tabs": (
        ascii_cover(
            """
        Copies of all communications, including all communications sent to
                     agent for service, should be sent to:

\tJane Doe, Esq.\t\t\t\tJohn Roe, Esq.
\tFoley, Hoag & Eliot\t\t\tRopes & Gray
\tOne Post Office Square\t\t\tOne International Place
\tBoston, Massachusetts 02109\t\tBoston, Massachusetts 02110
"""
        ),
        ["Foley, Hoag & Eliot / Boston", "Ropes & Gray / Boston"],
    ),
    "plain text within HTML": (
        cover(
            "<pre>\n                  Copies to:\n\n  Jane Doe, Esq.                     John Roe, Esq.\n"
            "  Arnold &amp; Porter                    Hogan &amp; Hartson L.L.P.\n"
            "  555 Twelfth Street, N.W.           8300 Greensboro Drive\n"
            "  Washington, D.C. 20004             McLean, Virginia 22102\n</pre>"
        ),
        ["Arnold & Porter / Washington", "Hogan & Hartson L.L.P. / McLean"],
    ),
}


@pytest.mark.parametrize("name", COVERS)
def test_cover(name: str) -> None:
    document, expected = COVERS[name]
    counsel = edgar_covers.parse_counsel(submission(document)).filter(pl.col("section") == "cover")
    assert [f"{row['firm']} / {row['place']}" for row in counsel.iter_rows(named=True)] == expected


def test_cover_names_whom_a_firm_advises() -> None:
    block = p("Copies to:|Cooley LLP|55 Hudson Yards|New York, NY 10001|Counsel to the Registrant")
    block += p("Goodwin Procter LLP|620 Eighth Avenue|New York, NY 10018|Counsel for the Underwriters")
    counsel = edgar_covers.parse_counsel(submission(cover(block)))
    assert counsel["role"].to_list() == ["issuer", "underwriters"]


@pytest.mark.parametrize(
    ("address", "place", "region"),
    [
        ("1221 McKinney|Houston, Texas 77010", "Houston", "Texas"),
        ("1000 Louisiana|Suite 5100|Houston, TX 77002", "Houston", "TX"),
        ("345 Park Avenue|New York 10154", "New York", None),
        ("New York,|New York 10019", "New York", "New York"),
        ("1301 K Street, N.W.|Washington, D.C. 20005-3317", "Washington", "DC"),
        ("555 Eleventh Street, NW Suite 1000 Washington, DC 20004", "Washington", "DC"),
        ("2 London Wall|London EC2Y 5AU, United Kingdom", "London", "United Kingdom"),
        ("Room 1100, Pudong New Area, Shanghai", "Shanghai", None),
        ("Hangzhou, Zhejiang Province|China 310000", "Hangzhou", "Zhejiang Province, China"),
        ("Central|Hong Kong", "Hong Kong", None),
        ("Biopole, Route de la Corniche 3B|1066 Epalinges, Switzerland", "Epalinges", "Switzerland"),
        ("Torre Virreyes|11040 Ciudad de México, México", "Mexico City", "México"),
        ("Level 46|Sydney NSW 2000|Australia", "Sydney", "NSW, Australia"),
        ("3 Dublin Landings|Dublin 1|Ireland", "Dublin", "Ireland"),
        ("1-9-10 Roppongi|Minato-ku|Tokyo 106-6019", "Tokyo", None),
        ("94 Solaris Avenue|Grand Cayman KY1-1108|Cayman Islands", "Grand Cayman", "Cayman Islands"),
        ("c/o 42/F, Edinburgh Tower|The Landmark", None, None),
    ],
)
def test_place_of_an_address(address: str, place: str | None, region: str | None) -> None:
    assert place_of(address.split("|")) == (place, region)


def test_legal_matters_name_client_and_law() -> None:
    text = (
        "The validity of the ADSs and certain other legal matters as to the United States federal and New"
        " York State law will be passed"
        f" upon for us by {SKADDEN}. Certain legal matters as to the United States federal law will be passed"
        " upon for the underwriters"
        " by Kirkland & Ellis International LLP. Legal matters as to Cayman Islands law will be passed upon"
        " for us by Maples and Calder"
        " (Hong Kong) LLP. Certain legal matters as to PRC law will be passed upon for us by King & Wood Mallesons and for the"
        f" underwriters by Fangda Partners. {SKADDEN} may rely upon Maples and Calder (Hong Kong) LLP with"
        " respect to matters governed"
        " by Cayman Islands law. Guangdong Wesley Law Firm is acting as our PRC counsel."
    )
    found = legal_matters(text, ())
    assert [(firm.name, firm.role, firm.law) for firm in found] == [
        (SKADDEN, "issuer", "United States"),
        ("Kirkland & Ellis International LLP", "underwriters", "United States"),
        ("Maples and Calder (Hong Kong) LLP", "issuer", "Cayman Islands"),
        ("King & Wood Mallesons", "issuer", "PRC"),
        ("Fangda Partners", "underwriters", "PRC"),
        ("Guangdong Wesley Law Firm", "issuer", "PRC"),
    ]


def test_legal_matters_name_places() -> None:
    text = (
        "Wilson Sonsini Goodrich & Rosati, Professional Corporation, Palo Alto, California, will pass upon"
        " the validity of the shares for"
        " us. Hale and Dorr, Boston, Massachusetts, is representing the underwriters. Certain matters will be passed upon for the"
        " underwriters by White & Case LLP, New York, New York, with respect to U.S. law, and by Goldfarb"
        " Seligman & Co., Tel Aviv,"
        " Israel, with respect to Israeli law."
    )
    assert [(firm.name, firm.place, firm.role, firm.law) for firm in legal_matters(text, ())] == [
        ("Wilson Sonsini Goodrich & Rosati, Professional Corporation", "Palo Alto", "issuer", None),
        ("Hale and Dorr", "Boston", "underwriters", None),
        ("White & Case LLP", "New York", "underwriters", "United States"),
        ("Goldfarb Seligman & Co.", "Tel Aviv", "underwriters", "Israeli"),
    ]


@pytest.mark.parametrize(
    ("text", "auditor", "place"),
    [
        (
            "The statements have been audited by Ernst & Young Hua Ming LLP, an independent registered public"
            " accounting firm. The offices"
            " of Ernst & Young Hua Ming LLP are located at No. 1 East Chang An Avenue, Dong Cheng District, Beijing, China.",
            "Ernst & Young Hua Ming LLP",
            "Beijing",
        ),
        (
            "…in reliance on the report of PricewaterhouseCoopers Zhong Tian LLP, an independent registered"
            " public accounting firm. The"
            " registered business address of PricewaterhouseCoopers Zhong Tian LLP is 6/F DBS Bank Tower, 1318"
            " Lu Jia Zui Ring Road,"
            " Pudong New Area, Shanghai, the People’s Republic of China.",
            "PricewaterhouseCoopers Zhong Tian LLP",
            "Shanghai",
        ),
        ("…have been audited by Friedman LLP, New York, New York, an independent registered firm.", "Friedman LLP", "New York"),
        ("…audited by Arthur Andersen LLP, independent public accountants, as indicated.", "Arthur Andersen LLP", None),
        ("Experts were asked, and said nothing.", None, None),
    ],
)
def test_auditor(text: str, auditor: str | None, place: str | None) -> None:
    assert auditor_of(text) == (auditor, place)


PROSPECTUS = (
    "<HTML><BODY><table><tr><td>LEGAL MATTERS</td><td>132</td></tr><tr><td>EXPERTS</td><td>133</td></tr></table>"
    "<p>We are responsible for this report; counsel of Contents &amp; Contents LLP is not.</p>"
    "<p>LEGAL MATTERS</p><p>The validity of the shares will be passed upon for us by Cooley LLP, Boston,"
    " Massachusetts.</p><p>132</p>"
    "<p>EXPERTS</p><p>The statements have been audited by KPMG Huazhen LLP, an independent registered public accounting firm.</p>"
    "<p>WHERE YOU CAN FIND ADDITIONAL INFORMATION</p><p>Later &amp; Later LLP</p></BODY></HTML>"
)


def test_prospectus_is_read_behind_its_table_of_contents() -> None:
    content = submission(PROSPECTUS, form="424B4")
    assert edgar_covers.parse_counsel(content).select("section", "firm", "place", "role").rows() == [
        ("legal matters", "Cooley LLP", "Boston", "issuer")
    ]
    assert edgar_covers.parse_filings(content)["auditor"].to_list() == ["KPMG Huazhen LLP"]


def test_filing_is_described_by_its_header() -> None:
    row = edgar_covers.parse_filings(submission(cover(p("Copies to:|Cooley LLP|55 Hudson Yards|New York, NY 10001")))).row(
        0, named=True
    )
    assert row == {
        "accession": "0000000000-24-000001",
        "cik": 123,
        "issuer": "EXAMPLE LINK AG",
        "form": "F-1",
        "filed_on": "2024-01-02",
        "place": "CHAOYANG DISTRICT BEIJING",
        "location_code": "F4",
        "country": "CN",
        "n_firms": 1,
        "auditor": None,
        "auditor_place": None,
        "is_whole": True,
        "source_row": 1,
    }


def test_persons_are_not_kept() -> None:
    for document, _ in COVERS.values():
        frame = edgar_covers.parse_counsel(submission(document))
        assert not frame.filter(pl.any_horizontal(pl.col(pl.String).str.contains(r"\b(John|Ann|Max) (Roe|Poe|Moe)\b"))).height


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><title>502</title></html>", "web page"),
        (b"<?xml version='1.0'?><Error/>", "no EDGAR submission"),
        (submission(cover(BLOCK)).replace(b"ACCESSION NUMBER", b"ACCESSION"), "no ACCESSION NUMBER"),
        (submission(cover(BLOCK), form="8-K"), "form 8-K names no counsel"),
        (submission(cover(BLOCK)) * 10, "several submissions"),
        (submission(cover(BLOCK)).decode().encode("utf-16"), "not UTF-8|NUL"),
        (submission(cover(BLOCK)).partition(b"Approximate date")[0], "ends before"),
        (submission(cover(BLOCK) + "x" * 200_000).partition(b"</SEC-DOCUMENT>")[0], "ends before"),
        (submission(PROSPECTUS, form="424B4").partition(b"EXPERTS</p>")[0], "ends before"),
        (submission(cover(BLOCK)).replace(b"STATE:\t\t\tF4", b"STATE:\t\t\tQX"), "is not a location code"),
        (submission("<html><body>" + "<div>" * 5_000 + "Copies to:"), "too deeply"),
    ],
)
def test_other_content_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        edgar_covers.parse_filings(content)


def test_a_recorded_beginning_is_enough_for_its_cover() -> None:
    content = submission(cover(BLOCK) + " " * edgar_covers.RECORDED_BEGINNING)
    beginning = content[: content.index(b"<TEXT>") + edgar_covers.RECORDED_BEGINNING]
    assert edgar_covers.parse_filings(beginning).select("n_firms", "is_whole").row(0) == (1, False)
    with pytest.raises(Refused, match="ends before"):
        edgar_covers.parse_filings(beginning[:-1])


def test_a_lone_document_has_no_accession() -> None:
    lone = submission(PROSPECTUS, form="424B4").partition(b"</SEC-HEADER>\n")[2].partition(b"</SEC-DOCUMENT>")[0]
    assert edgar_covers.parse_filings(lone).select("accession", "form", "auditor").row(0) == (None, "424B4", "KPMG Huazhen LLP")


# ---------------------------------------------------------------- recordings


def filings_recorded(recordings: Path) -> list[Path]:
    return sorted((recordings / "edgar_filings").glob("*_*.txt")) + sorted(
        (recordings / "edgar_filings" / "covers").glob("*.txt")
    )


@pytest.mark.recorded
def test_recorded_covers_are_read_without_a_fault(recordings: Path) -> None:
    expected = json.loads((recordings / "edgar_filings" / "expected_copies_to.json").read_text())
    for path in filings_recorded(recordings):
        frame = conform(edgar_covers.parse_counsel(path.read_bytes()), edgar_covers.Counsel)
        covers = frame.filter(pl.col("section").cast(pl.String) == "cover").select("firm", "place").rows()
        accession = path.name.removesuffix(".txt").removesuffix(".prefix").partition("_")[2]
        assert covers == [tuple(one) for one in expected.get(accession, [])], path.name


@pytest.mark.recorded
def test_recorded_filings_name_their_auditors(recordings: Path) -> None:
    frames = [
        conform(edgar_covers.parse_filings(path.read_bytes()), edgar_covers.Filings) for path in filings_recorded(recordings)
    ]
    whole = pl.concat(frames).filter("is_whole")
    assert whole.height == 6 and whole["auditor"].null_count() == 0
