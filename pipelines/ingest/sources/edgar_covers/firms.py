"""Recognise the name of a law firm on a printed line, and tell it from a person, an agent, a bank, an auditor or the issuer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipelines.ingest.sources.edgar_covers.address import key

#: Forms of partnership and profession that only law firms and auditors have on a cover.
_INITIALS = (
    r"(?<![A-Za-z.])(?:L\.?\s?L\.?\s?P\b\.?|P\.?L\.?L\.?C\b\.?|P\.\s?C\b\.?|P\.\s?A\.(?!\w)|L\.P\.A\.|LPA\b|A\.?P\.?L?\.?C\b\.?"
    r"|P\.S\.(?!\w))"
)
_CORPORATION = r"\b(?:A )?(?:(?:Professional|Limited Liability) (?:Law )?|Law )(?:Corporation|Association|Company|Partnership)\b"
_WORDS = (
    r"\bLaw (?:Firm|Offices?|Group|Corporation|Center|Practice|Partners|Chambers|LLC|Ltd\.?|PC|Associates)\b"
    r"|\bLegal (?:Group|Practice)\b|\b(?:Attorneys|Counsell?ors)(?:[ -]at[ -]Law)?\b|\bRechtsanw(?:ä|ae)lte\b|\bAdvokat\w*"
    r"|\b(?:Advocates|Solicitors|Barristers|Lawyers|Abogados|Advogados|Avvocati|Avocats|Studio Legale|Asianajotoimisto)\b"
    r"|律师事务所|法律事務所"
)
_FORM = re.compile(f"{_INITIALS}|{_CORPORATION}|{_WORDS}", re.I)
_FORM_AT_END = re.compile(r",? PC$|(?<=,) PA$")
_FORM_ALONE = re.compile(rf"\W*(?:{_INITIALS}|{_CORPORATION}|PC\b|PA\b|US\b|UK\b|International\b|\W)+", re.I)
_MORE_FORM = re.compile(
    rf"\s*,?\s*(?:\(?(?:{_INITIALS})\)?|{_CORPORATION}|{_WORDS}|\((?:US|UK|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\))"
    r"|\s(?:AB|AS|A/S|P/S|SA|KB|Ltd\b\.?)(?!\w)"
)
#: Forms that precede the name: Law Offices of Jane Roe, PLLC.
_FORM_BEFORE = re.compile(r"(?:the )?(?:law (?:firm|offices?|group|corporation) of|advokat|studio legale|asianajotoimisto)", re.I)
#: Forms that other companies use too.
_COMMON_FORM = re.compile(
    r"(?P<name>[^\W\d].*?[\s,](?:L\.?L\.?C\.?|AG|N\.?V\.?|B\.?V\.?|A/S|AS|AB|KB|P/S|PLC|S\.?[àa] ?r\.?l\.?|SARL|S\.p\.A\."
    r"|S\.?A\.?(?:S\.?)?|S\.L\.P?\.?|S\.?C\.?|(?:&|and) Co(?:mpany|\.)?|(?:(?:&|and) )?(?:Partners|Associates)|Ltd\.?|Limited|LP"
    r"|Chambers|Legal|Law))(?:[,;]\s*(?P<rest>.*\d.*))?"
)
#: Parts that the offices of one firm add to its name.
_COMMON_PARTS = re.compile(
    r"(?<=[\s,])(LLC|L\.L\.C|AG|N\.?V|B\.V|Ltd|Limited|LP|US|UK|International|Asia|Australia|Singapore|Europe|Hong Kong)\b\.?"
)
#: Common forms that mark a law firm only after surnames joined by "and".
_VERY_COMMON_FORM = re.compile(r"(Ltd\.?|Limited|LP|S\.?A\.?(S\.?)?|S\.?C\.?)$")
_PAIR = re.compile(r"(?:[^\W\d_][\w'’.-]*,? ){1,7}(?:&|and|und|y|e) [^\W\d_][\w'’-]+(?: \([A-Z][\w ]+\))?")
_NO_SURNAME = re.compile(
    r"\b[A-Z]\. |\b(acquisitions|administration|affairs|avenue|business|communications|compan(y|ies)|compliance|corporate"
    r"|development|finance|financial|floor|general|legal|mergers|operations|regulatory|relations|research|road|sons|streets?"
    r"|strategy|suite|tax|trusts?)\b",
    re.I,
)
#: Firms whose name has no such form, or wraps without any sign that it continues.
_KNOWN = """
A&L Goodbody|Akin Gump Strauss Hauer & Feld|Allen & Overy|Allen Overy Shearman Sterling|Allens|Anderson Mori & Tomotsune
Andrews Kurth Kenyon|Appleby|Arthur Cox|Ashurst|Baker Botts|Baker McKenzie|Baker & McKenzie|Bär & Karrer|Bech-Bruun
Beccar Varela|Bird & Bird|BonelliErede|Bredin Prat|Brownstein Hyatt Farber Schreck|Bruchou|Campbells|Carey|Carey Olsen
Chiomenti|Christopher & Lee Ong|Cleary Gottlieb Steen & Hamilton|Clifford Chance|Commerce & Finance|Conyers
Conyers Dill & Pearman|Cooley|Cuatrecasas|Darrois Villey|Davies Ward Phillips & Vineberg|De Brauw Blackstone Westbroek|Deacons
Dechert|Demarest|DLA Piper|Elvinger Hoss Prussen|Eversheds|Faegre Drinker Biddle & Reath|Fangda Partners|Foley Hoag
Forbes Hare|Freshfields Bruckhaus Deringer|Garrigues|Gide Loyrette Nouel|Gilbert + Tobin|Global Law Office|Goodwin Procter
Gornitzky|Gunderson Dettmer Stough Villeneuve Franklin & Hachigian|Han Kun|Harney Westwood & Riegels|Harneys|Hengeler Mueller
Herbert Smith|Herbert Smith Freehills|Hogan Lovells|Homburger|Hunter Taubman Fischer & Li|Jones Day|JunHe
Katten Muchin Rosenman|Khaitan & Co|King & Wood Mallesons|Kromann Reumert|Lefosse|Linklaters|Machado Meyer|Mallesons|Maples
Maples and Calder|Maples Group|Matheson|Mattos Filho|Mayer Brown|McCann FitzGerald|Meitar|Minter Ellison|Mourant
Mourant Ozannes|NautaDutilh|Niederer Kraft Frey|Norton Rose|Norton Rose Fulbright|Ogier|Orrick, Herrington & Sutcliffe
Paul Hastings|Pearl Cohen|Pillsbury Winthrop|Pillsbury Winthrop Shaw Pittman|Pinheiro Neto|Plesner|Proskauer Rose
Reed Smith Richards Butler|Setterwalls|Sichenzia Ross Ference Carmel|Sichenzia Ross Ference Kesner
Sidley Austin|Simpson Thacher & Bartlett|Skadden, Arps, Slate, Meagher & Flom
Squire Patton Boggs|Stephenson Harwood|Stibbe|Stradling Yocca Carlson & Rauth|Tian Yuan|Torys|TozziniFreire|Travers Smith
Travers Thorp Alberga|Trilegal|Troutman Pepper Hamilton Sanders|Troutman Pepper Locke|Uría Menéndez|Walder Wyss|Walkers
Wilmer Cutler Pickering Hale and Dorr|Wilson Sonsini Goodrich & Rosati|Womble Bond Dickinson|WongPartnership|Yulchon
Zhong Lun|Zysman, Aharoni, Gayer & Sullivan & Worcester
"""
_AGENTS = re.compile(
    r"cogency|\bc\W?t corporation|puglisi|corporation service company|law debenture|national registered agents", re.I
)
_AUDITORS = re.compile(
    r"(kpmg|ernst & young|deloitte|price ?waterhouse|coopers & lybrand|arthur andersen|grant thornton|bdo\b|marcum|friedman llp)",
    re.I,
)
_BUSINESS = re.compile(
    r"\bN\. ?A\.$|\bbank\b|securities\b|\bcapital\b|holdings?\b|insurance|invest|management|ventures\b|technolog|therapeutics"
    r"|pharma|services\b|\bfunds?\b|\binc\b|\bcorp\b|markets\b|registered agent|vcorp|corporate creations|fiduciar|trust company"
    r"|depositary|energy|partners,? lp|goldman|morgan stanley|merrill|salomon|lehman|bear,? stearns|jefferies|\bcowen\b"
    r"|piper jaffray|needham|oppenheimer|william blair|smith barney|credit suisse|deutsche bank|j\.?p\.? ?morgan|citigroup"
    r"|barclays|weisel|hambrecht|robertson,? stephens|alex\. brown|ladenburg|boustead|maxim group|roth capital|\bubs\b",
    re.I,
)
_TITLE = re.compile(
    r"\b(general|corporate|chief|legal|in-house|senior|deputy|associate) counsel\b|^counsel$|\b(chief|principal)\b.*\bofficer\b"
    r"|\b(president|secretary|treasurer|director|manager|controller|ceo|cfo|clo|legal department)\b|\bhead of\b"
    r"|\bchair(man|person|woman)?\b",
    re.I,
)
_PERSON = re.compile(r"\b(esq|esquire|adv)\b\.?|\b(ph\. ?d|j\.d|m\.d)\b|^(mr|ms|mrs|dr)\b\.?|^\W*(attn|attention)\b", re.I)


@dataclass(frozen=True)
class Firm:
    """A firm as printed, with its office and its role in the offering."""

    name: str
    place: str | None = None
    region: str | None = None
    role: str | None = None
    law: str | None = None


@dataclass(frozen=True)
class Name:
    """Text in the form of a law firm's name, and what follows it on the line; ``is_sure`` if only law firms have that form."""

    text: str
    rest: str = ""
    is_sure: bool = True


def base(name: str) -> str:
    """Return what all spellings of a firm's name share: no form, country, article, case or punctuation."""
    # Beyond the last closing bracket each opening one would look for its own to the end.
    closed, bracket, rest = name.rpartition(")")
    name = re.sub(r"\(.*?\)", " ", closed + bracket) + rest
    name = _FORM_AT_END.sub(" ", _FORM.sub(" ", name))
    name = _COMMON_PARTS.sub(" ", name)
    return key(re.sub(r"\b(and|the|of)\b", " ", name, flags=re.I))


def is_known(name: str) -> bool:
    return base(name) in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(base(name) for line in _KNOWN.split("\n") for name in line.split("|") if name)


def is_title(line: str) -> bool:
    """Return whether the line gives a person's office in a company."""
    return bool(_TITLE.search(line))


def is_person(line: str) -> bool:
    """Return whether the line plainly names a person."""
    return bool(_PERSON.search(line))


def is_form(line: str) -> bool:
    """Return whether the line is only the form of a firm, such as LLP or Professional Corporation."""
    return bool(_FORM_ALONE.fullmatch(line))


def name_in(line: str) -> Name | None:
    """Return the name on the line that has the form of a law firm's, without persons before it."""
    line = re.sub(r"^\W*(?:attn|attention|att|c/o|care of)\b[:.]?\s*", "", line, flags=re.I).strip(" ,;")
    form = _FORM.search(line) or _FORM_AT_END.search(line)
    if form and not re.search(r"\d", line[: form.start()]):
        return _name_with_form(line, form)
    common = _COMMON_FORM.fullmatch(line)
    if common and not re.search(r"\d", common["name"]):
        text = _without_person(common["name"])
        return Name(text, common["rest"] or "", is_sure=is_known(text))
    text, _, rest = re.sub(r",\s*(?=\d)", "\n", line, count=1).partition("\n")
    if is_known(text) or is_pair(text):
        return Name(text, rest, is_sure=is_known(text))
    return None


def _name_with_form(line: str, form: re.Match[str]) -> Name | None:
    """Return the name on the line up to the end of its form, or after a form that precedes it."""
    end = form.end()
    if re.sub(r"(?i)\bthe\b|\W", "", line[: form.start()]):
        while more := _MORE_FORM.match(line, end):
            end = more.end()
    elif _FORM_BEFORE.match(line):
        end = re.search(r",\s*(?=\d|suite\b|floor\b|p\.?\s?o\.?\b)|$", line, re.I).start()  # type: ignore[union-attr]
    else:
        return None
    text = _without_person(line[:end])
    has_words = re.sub(r"(?i)\b(of|the|and|at|a)\b|\W", "", _FORM.sub("", text))
    return Name(text, line[end:].strip(" ,;/–-")) if has_words and len(text.split()) < 16 and text[0] != "(" else None


def _without_person(text: str) -> str:
    text = re.sub(r"^.*\b(?:Esq(?:uire)?|Adv)\b\.?\s*[,;:–-]?\s*(?=\S)", "", text)
    return re.sub(r"^(?:[A-Z][\w'’-]+ ){1,2}(?:[A-Z]\. ){1,2}[A-Z][\w'’-]+, (?=\S)", "", text).strip(" ,;")


def is_pair(text: str) -> bool:
    """Return whether the text is surnames joined by "and", such as Hale and Dorr, and not the full names of two persons."""
    return bool(_PAIR.fullmatch(text)) and not (_NO_SURNAME.search(text) or is_title(text) or is_person(text))


def is_counsel(name: Name, filers: Iterable[str], *, has_title: bool = False) -> bool:
    """Return whether the name is a law firm's, and not that of the issuer, an agent, an auditor or a bank.

    ``has_title``: an officer of a company is named above it, so a common form is that of the company.
    """
    if _AUDITORS.match(name.text) or _AGENTS.search(name.text) or any(base(name.text) == base(filer) for filer in filers):
        return False
    if name.is_sure:
        return True
    has_surnames = bool(re.search(r" (&|and|y|e) ", name.text)) or not _VERY_COMMON_FORM.search(name.text)
    return has_surnames and not (has_title or _BUSINESS.search(name.text))
