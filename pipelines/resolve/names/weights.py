"""Hold every weight, threshold and limit that decides whether two names are one entity."""

import re
from collections.abc import Collection
from typing import NamedTuple

from pipelines.resolve.names.normalisation import Form

#: Founding years further apart than this do not belong to one firm.
YEARS_APART = 3
#: Probability that one name is one entity, by what else agrees: nothing, the country alone, more. Companies in two
#: exports of one database, told apart by its own keys: 39 of 50, 26 of 26, 3,773 of 3,830, where about half of the
#: others were the same company entered twice; investors of which nothing else is known, read by eye: 40 of 40.
SAME_NAME = (0.9, 0.97, 0.985)
#: The country where a coined word, printed the same by two sources that give two of its cities, is one company. Read by
#: eye or by a round that both report: all of 192 were; by the keys of two exports of one database, 64 of 67, and one more
#: is in it twice. Of shorter or commoner words, one in ten was not. Pinyin spells many names alike.
COINED_IN = "US"
#: Letters that a coined word has at least, and one whose capitals or digits show it to be words run together.
COINED, COINED_COMPOUND = 8, 5
_COMPOUND = re.compile("[a-z][A-Z]|[0-9]")
#: Least probability for names that are alike.
THRESHOLD = {"company": 0.9, "investor": 0.9, "university": 0.75, "service_firm": 0.75}
#: Share of matches among the pairs of the labelled tuning half that are compared.
PRIOR = 1 / 3
#: A name, or a part of one, that more entities share proves nothing, and comparing them all would not scale: only those of one
#: city are.
CROWD = 60


def same_name_probability(agreed: Collection[str]) -> float:
    """Return the probability that one name is one entity, given the other facts that agree."""
    return SAME_NAME[2] if set(agreed) - {"country"} else SAME_NAME[len(agreed)]


def is_coined(form: Form) -> bool:
    """Return whether a word looks made up for one firm; the caller checks that no longer name has it."""
    return not form.is_cjk and len(form.full) >= (COINED_COMPOUND if _COMPOUND.search(form.printed) else COINED)


class Level(NamedTuple):
    """One outcome of a comparison and its match weight: log2 of how much more often it occurs among matches."""

    label: str
    sql: str
    bits: float


class Comparison(NamedTuple):
    """When nothing is known, and else the outcomes, tried in order; SQL over the columns of
    ``sql/resolve/name_rows.sql``."""

    unknown: str
    levels: tuple[Level, ...]


# The macros of sql/resolve/macros.sql say what each condition asks.
_SAME_CORE = "replace(core_l, ' ', '') = replace(core_r, ' ', '')"
_SAME_CJK_CORE = "cjk_core_l = cjk_core_r"
_IS_ARM = "kind_l = 'investor' and (only_one_has('venture', words_l, words_r) or only_one_has('investment', words_l, words_r))"
_INITIALS = "list_contains(initials_l, latin_r) or list_contains(initials_r, latin_l)"
_BEGINS = "one_begins_other(core_l, core_r) and kind_l <> 'university'"
_IS_IN_PLACE = "is_within(place_l, country_l, city_l, place_r) or is_within(place_r, country_r, city_r, place_l)"

#: The comparisons. Weights come from the tuning half of the labelled pairs (``tests/unit/resolve/pairs_*.csv``), lowered
#: where real sources, read by eye, spoke against them: one letter, initials and a first word in common prove less there
#: than among well-known names.
COMPARISONS = {
    "latin": Comparison(
        "latin_l is null or latin_r is null",
        (
            Level("the same Latin name", "latin_l = latin_r", 3.2),
            Level(
                "the same Latin name, once with words that an investing arm would have",
                f"{_SAME_CORE} and one_contains_other(words_l, words_r) and {_IS_ARM}",
                1.2,
            ),
            Level(
                "the same Latin name but for some generic words of those it has",
                f"{_SAME_CORE} and share_words(words_l, words_r) and length(core_l) > 2",
                4.2,
            ),
            Level(
                "the same Latin name, once without its generic words",
                f"{_SAME_CORE} and one_contains_other(words_l, words_r)",
                2.6,
            ),
            Level("the same Latin name with other generic words", _SAME_CORE, -1.5),
            Level("Latin names one letter apart", "one_letter_apart(core_l, core_r)", 2.0),
            # Short words are soon one letter apart: this is enough only with the country, the city and the year.
            Level("short Latin names one letter apart", "short_one_letter_apart(core_l, core_r)", -1.0),
            Level("one Latin name is the initials of the other", _INITIALS, 1.2),
            Level(
                "one Latin name begins with the other, as firms of partners are called",
                f"{_BEGINS} and kind_l = 'service_firm'",
                3.0,
            ),
            Level(
                "one Latin name begins with the several words of the other",
                f"{_BEGINS} and contains(core_l, ' ') and contains(core_r, ' ')",
                1.0,
            ),
            Level("one Latin name begins with the one word of the other", _BEGINS, -0.3),
            Level("different Latin names", "ELSE", -2.5),
        ),
    ),
    "cjk": Comparison(
        "cjk_l is null or cjk_r is null",
        (
            Level("the same Chinese name", "cjk_l = cjk_r", 5.0),
            Level(
                "the same Chinese name but for some generic words of those it has",
                f"{_SAME_CJK_CORE} and share_words(cjk_words_l, cjk_words_r)",
                4.2,
            ),
            Level(
                "the same Chinese name, once without its generic words",
                f"{_SAME_CJK_CORE} and one_contains_other(cjk_words_l, cjk_words_r)",
                3.8,
            ),
            Level("the same Chinese name with other generic words", _SAME_CJK_CORE, -1.0),
            Level(
                "one Chinese name begins with the other",
                "starts_with(cjk_core_l, cjk_core_r) or starts_with(cjk_core_r, cjk_core_l)",
                -0.3,
            ),
            Level("different Chinese names", "ELSE", -3.5),
        ),
    ),
    "place": Comparison(
        "place_l is null and place_r is null",
        (
            Level("both names hold the same place", "place_l = place_r", 0.5),
            Level("the place in one name is where the other is", _IS_IN_PLACE, 1.0),
            Level("one name holds a place that the other does not", "ELSE", -3.0),
        ),
    ),
    "country": Comparison(
        "region_l is null or region_r is null",
        (Level("the same country", "region_l = region_r", 0.5), Level("different countries", "ELSE", -3.3)),
    ),
    "city": Comparison(
        "city_l is null or city_r is null or region_l <> region_r",
        (Level("the same city", "city_l = city_r", 1.2), Level("different cities", "ELSE", -3.3)),
    ),
    "founded": Comparison(
        "founded_l is null or founded_r is null",
        (
            Level("founded in the same year", "founded_l = founded_r", 3.9),
            Level("founded one year apart", "abs(founded_l - founded_r) = 1", 0.0),
            Level("founded in different years", "ELSE", -5.4),
        ),
    ),
}
