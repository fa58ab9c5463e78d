"""One module per upstream: its record and its pure parser. ``ALL`` is every source, in the order they run."""

import os

from pipelines.errors import InputError, Problem
from pipelines.ingest.source import Source
from pipelines.ingest.sources import (
    amac,
    cb_insights,
    census,
    crunchbase_2013,
    crunchbase_2015,
    crunchbase_investments,
    csrankings,
    eastmoney,
    edgar,
    edgar_covers,
    elite,
    financedatabase,
    form_d,
    gawc,
    hurun,
    inbox,
    itjuzi,
    moe,
    nbs,
    openalex,
    pcaob,
    reference,
    register,
    ror,
    wikidata,
    wikipedia_unicorns,
    ycombinator,
)

ALL: tuple[Source, ...] = tuple(
    module.SOURCE
    for module in (
        reference,
        register,
        crunchbase_2015,
        crunchbase_investments,
        crunchbase_2013,
        itjuzi,
        edgar,
        edgar_covers,
        form_d,
        financedatabase,
        wikidata,
        wikipedia_unicorns,
        cb_insights,
        hurun,
        ycombinator,
        eastmoney,
        moe,
        elite,
        ror,
        csrankings,
        openalex,
        gawc,
        amac,
        pcaob,
        census,
        nbs,
        inbox,
    )
)


#: What the project itself holds: a fault here stops a refresh.
CURATED = (reference.SOURCE, register.SOURCE)


def selected() -> tuple[Source, ...]:
    """The sources that ``SOURCES`` names: register (the default), open, all, or names separated by commas.

    What the project itself holds always takes part. ``open`` adds what may be redistributed; the others come only with
    ``all`` or by name. Raises InputError for a name that no source has.
    """
    named = [one.strip() for one in os.environ.get("SOURCES", "").split(",") if one.strip()] or ["register"]
    known = {source.name for source in ALL}
    unknown = [one for one in named if one not in known | {"open", "all"}]
    if unknown:
        remedy = f"Use register, open, all, or names out of {', '.join(sorted(known))}"
        raise InputError("SOURCES", [Problem(one, "is not a source", remedy) for one in unknown])
    return tuple(
        source
        for source in ALL
        if source.is_local or "all" in named or source.name in named or ("open" in named and source.licence_class == "open")
    )
