"""The longer texts of the page: the method in plain words, and the questions that people ask."""

METHOD = (
    "Many lists count the same things: deals, companies, founders, universities, offices, listings. None is complete, and each "
    "has favourite cities. A model reads all of them together and estimates how much of each quantity every city has in every "
    "year, with how much the lists leave open. Where no list looks, the estimate rests on what the city has otherwise, and its "
    "interval is wide.",
    "Each quantity is then set against the {benchmark} in {year}, which scores 100, or against the city that has most of what "
    "is not counted in the {benchmark}. Half as much scores 90, a quarter 80; a thousandth or less scores 0; more than the "
    "benchmark scores above 100. So a score tells the distance, not only the order.",
    "A pillar is the mean of its indicators. Readiness is the mean of its pillars, weighted by their reliability. On this "
    "scale a mean of scores is a geometric mean of quantities. Realised, what came of it, is kept apart.",
    "How sure: intervals hold 90% of draws, in which the quantities vary within what the lists leave open, and weights, "
    "indicators and city boundaries vary too.",
)

#: Question → answer, which may have links.
QUESTIONS = (
    (
        "Why do others rank a city differently?",
        "Rankings count different things, of different cities and years: <a href='#differs-title'>Why others rank them "
        "differently</a> says what each difference comes from. Readiness asks for schools, venture deals, services, founders "
        "and ties abroad together, and a weak pillar costs as much as a strong one brings. Move the weights under <a "
        "href='#own-title'>Your weights</a> to see what another rank would take.",
    ),
    (
        "Does “times as much” count start-ups, or money?",
        "Neither: it is the mean of the indicators that both have, on a scale of ratios, of which only a few count companies "
        "founded. What no list counts in a city is inferred. Research may be level while founders are many times fewer: <a "
        "href='#pillars-title'>pillar by pillar</a> shows which. Nor does it weigh money: deals are counted, whatever their "
        "size. In 2012 companies of the Bay Area received about 14 times as much venture capital as those of Beijing (Martin "
        "Prosperity Institute).",
    ),
    (
        "May I quote the deals a year of a city?",
        "Not as its total. Every number is estimated from all lists, in the unit of one that is named with it: that list may "
        "count the city otherwise, and holds a part only. Ratios between cities can be quoted.",
    ),
    (
        "Why are the intervals so wide?",
        "No list holds everything, few lists count both Chinese cities and the Bay Area, and an index has to choose weights. "
        "What moves all cities of a country together widens their distance to the Bay Area and leaves their order as it is.",
    ),
    ("Does a high rank mean that the city will succeed?", "{foretold} So read it as a description of conditions."),
)
