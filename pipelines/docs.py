"""Documentation of the tables that Python makes; tables made in SQL document themselves in their query."""

#: schema.table → (what a row is, column → what it holds)
DOCS: dict[str, tuple[str, dict[str, str]]] = {
    "core.sources": (
        "One row per landing table of every source, loaded or not: publisher, licence, state.",
        {
            "source": "Source.",
            "title": "Its title.",
            "table_name": "Landing table.",
            "table_title": "What the table holds.",
            "publisher": "Publisher.",
            "landing_page": "Where to find it.",
            "licence": "Licence.",
            "licence_class": "open, terms or restricted.",
            "citation": "How to cite it.",
            "cadence": "How often it is refreshed.",
            "status": "landed; not selected; not landed; no recording; empty; or failed and why, the last good landing in use.",
            "seen": "live and when; unverified live: never read over the network from this archive; in the project.",
            "n_rows": "Rows landed.",
            "rows_expected_from": "Fewest rows expected.",
            "rows_expected_to": "Most rows expected.",
            "n_files": "Files it was made from.",
            "retrieved_at": "When the newest of them was first seen, UTC.",
        },
    ),
    "core.files": (
        "One row per file that a landing table was made from; a row's source_file leads here, and from here to its bytes.",
        {
            "source": "Source.",
            "table_name": "Landing table.",
            "url": "Address; source_file of every row made from it. A path: a file of the project.",
            "via": "live, replay (recorded bytes) or project.",
            "status": "HTTP status; 200 for a file.",
            "retrieved_at": "When these bytes were first seen, UTC.",
            "sha256": "Hash of the archived bytes.",
            "size": "Bytes.",
            "archived": "Where the bytes are, below data/archive.",
        },
    ),
    "core.countries": (
        "One row per way of writing a country: ISO alpha-2, alpha-3 and English names.",
        {"written": "As written, in lower case.", "country": "ISO 3166 alpha-2 code."},
    ),
    "core.places": (
        "One row per place as sources write it: the city, province or country it is, or why it is none.",
        {
            "place_key": "Country, region and place as written, joined by |; how other tables refer to it.",
            "country": "Country as given.",
            "region": "State or province as given.",
            "place": "Place as given.",
            "level": "city, province, country or none.",
            "city": "City; null unless the level is city.",
            "municipality": "Municipality of the gazetteer it was found as.",
            "province": "First-level unit, in English, where known.",
            "city_country": "Country it was found in.",
            "geoname_id": "GeoNames id.",
            "latitude": "Degrees north.",
            "longitude": "Degrees east.",
            "reason": "How it was decided, or why it was not.",
            "n": "Rows that name it.",
        },
    ),
    "core.names": (
        "One row per company, investor, university or service firm as a source names it, and the entity it was taken to be.",
        {
            "mention": "Source and its own key.",
            "kind": "company, investor, university or service_firm.",
            "dataset": "Source.",
            "name": "Name as printed.",
            "entity": "What it was taken to be; the key of core.companies and core.investors.",
            "how": "alone, same key, same name, splink or override.",
            "probability": "Probability that it is the one it was matched with; 1 where a rule decided.",
            "matched": "Mention it was matched with.",
            "explanation": "Which fields agreed, in a sentence.",
        },
    ),
    "core.release": (
        "One row: what this release is.",
        {
            "content_hash": "Hash of the contents of every table but core.release, its history, core.sources and core.files.",
            "input_fingerprint": "Hash of the inputs and the code; equal fingerprints mean nothing changed.",
            "method_version": "Version of the index method.",
            "redistribution": "May this release be passed on; if not, because of which sources.",
            "made_at": "When it was made, UTC.",
        },
    ),
    "core.release_history": (
        "One row per release and number people follow, this release and those before it; what changed(since) compares.",
        {
            "content_hash": "Hash of the release's contents.",
            "made_at": "When these contents were first released, UTC.",
            "method_version": "Version of the index method.",
            "country": "Scope of the ranking.",
            "measure": "Readiness or Realised; claim, then or claim, now.",
            "subject": "City, or number of the claim.",
            "rank": "Rank of the city in the release's headline year; null for a claim.",
            "value": "Score of the city, or the claim's statistic.",
            "verdict": "Verdict on the claim; null for a city.",
        },
    ),
    "marts.evidence": (
        "One row per piece of evidence and measure: what an indicator's number is the sum of.",
        {
            "measure": "Indicator, or denominator of one.",
            "city": "City it counts for.",
            "year": "Year it happened, or from which it stands.",
            "year_to": "Last year it stands; null if open.",
            "counts_from": "First year in whose window it counts.",
            "counts_to": "Last year in whose window it counts.",
            "company": "Company it goes with when companies are resampled; null if none.",
            "label": "What a reader sees.",
            "value": "How much it counts.",
            "weight": "How many companies its company stands for: one over the share of its city's that is held.",
            "evidence_table": "Table of marts it stands in.",
            "source": "Where the fact was published.",
            "url": "Address of the page, where known.",
            "source_file": "File the row stands in.",
            "source_row": "Row of that file; the header is row 1.",
        },
    ),
    "marts.indicator_values": (
        "One row per city, year and indicator.",
        {
            "city": "City.",
            "year": "Year.",
            "indicator": "Indicator.",
            "value": "Value: counts and rates divided by the share held, shares and rates shrunk; null: too little data.",
            "numerator": "Sum of the evidence in the window, as the register holds it.",
            "denominator": "Sum of what divides it; null for counts.",
            "normalised": "Score between the goalposts, 0–100.",
            "coverage": "Share of all indicators the city has a value for in that year.",
        },
    ),
    "index.headline": (
        "One row: the year the headline ranking is for, the last one the data cover.",
        {"year": "Headline year.", "country": "Scope."},
    ),
    "index.coverage": (
        "One row per city with companies: the share of them that the register is estimated to hold.",
        {
            "city": "City.",
            "share": "Central estimate, fitted to all recordings together, at the level of the unicorn list.",
            "low": "Lower end of its 90% interval.",
            "high": "Upper end of that interval.",
            "is_common": "No recording has the city: the share is the common one.",
            "n_recorded": "Unicorns of the city on the independent list.",
            "n_held": "Of these, companies of the register.",
        },
    ),
    "index.goalposts": (
        "One row per indicator: the values that score 0 and 100.",
        {
            "indicator": "Indicator.",
            "pillar": "Pillar.",
            "floor": "Value that scores 0.",
            "ceiling": "Value that scores 100.",
            "base_year": "Year in which the benchmark sets the ceiling.",
            "benchmark": "City that sets it.",
        },
    ),
    "index.distance": (
        "One row per score or pillar and city in the headline year: how far from the benchmark, and how long ago it stood there.",
        {
            "measure": "Readiness, Realised, or a pillar.",
            "city": "City.",
            "year": "Headline year.",
            "score": "Its score; null where there is not enough data.",
            "benchmark_score": "The benchmark's score in the same year.",
            "gap": "Points the benchmark is ahead.",
            "gap_low": "Lower end of its 90% interval, companies resampled and the share held drawn.",
            "gap_high": "Upper end of that interval.",
            "years_behind": "Years since the benchmark last stood where the city stands; null unless within the record.",
            "years_low": "Lower end of its 90% interval; null: beyond the record, or no data.",
            "years_high": "Upper end of that interval; null: beyond the record, or no data.",
            "record_from": "First year of the benchmark's record.",
            "how": "within the record; beyond the record: the benchmark was above in all of it; level or ahead; no data, also "
            "where most of the benchmark's pieces have no year. Scores that hold such a pillar lean on its present state.",
        },
    ),
    "index.backtest": (
        "One row per target: would Readiness have told city shares of the next five years better than leaving them as they were.",
        {
            "target": "Deals, new unicorns or exits: shares of the cities with a score at the origin, counts as held.",
            "horizon": "Years after the origin that a share is taken over, and before it for persistence.",
            "first_origin": "First year a forecast was made in; null if none can be.",
            "last_origin": "Last such year whose five years are over.",
            "n_origins": "Origins.",
            "n_cities": "Cities forecast at any of them.",
            "n": "Forecasts: cities by origins.",
            "mse_persistence": "Mean squared error of leaving shares as they were.",
            "skill": "1 − MSE of the Readiness forecast / MSE of persistence; above 0: Readiness helped.",
            "low": "Lower end of its 90% interval, cities resampled.",
            "high": "Upper end of that interval.",
            "trend_skill": "The same for the log trend of the share.",
            "trend_low": "Lower end of its 90% interval.",
            "trend_high": "Upper end of that interval.",
        },
    ),
    "index.pairwise": (
        "One row per score and ordered pair of ranked cities in the headline year.",
        {
            "measure": "Readiness or Realised.",
            "year": "Headline year.",
            "city": "City.",
            "other": "The other city.",
            "p_above": "Share of all draws in which the first scores above the second; ties count half, as where a boundary "
            "merges the two.",
        },
    ),
    "index.scores": (
        "One row per score or pillar, city and year, with 90% intervals by layer of uncertainty: 500 resamples of the companies; "
        "for choices and total 1,000 draws, in the headline year 4,000.",
        {
            "measure": "Readiness, Realised, or a pillar of Readiness.",
            "city": "City; the benchmark has scores but no rank.",
            "year": "Year.",
            "score": "Score; 100 is the upper goalpost on every indicator. Null where there is not enough data.",
            "rank": "Rank among the ranked cities of the scope.",
            "p_first": "Share of all draws in which the city is first; cities that a boundary merges share the first place.",
            "p_top3": "Share of all draws in which it, or the area it is part of, is among the first three.",
            "rank_set_low": "Best rank of its 90% confidence set, which hold for all cities at once; companies resampled and the "
            "share held drawn (Mogstad et al. 2024). Headline year only.",
            "rank_set_high": "Worst rank of that set.",
            "is_enough_data": "Does the city have enough indicators, overall and in each pillar.",
        }
        | {
            f"{what}_{side}_{layer}": f"{'Lower' if side == 'low' else 'Upper'} end of the {what}'s interval, {words}."
            for what in ("score", "rank")
            for side in ("low", "high")
            for layer, words in (
                ("companies", "companies resampled and the share held drawn"),
                ("rules", "rules of measurement drawn: attribution, boundary, window, missing cells; headline year only"),
                ("index", "choices of index drawn: normaliser, weights, aggregator, one indicator dropped; headline year only"),
                ("choices", "rules of measurement and choices of index drawn together"),
                ("total", "companies, rules and choices together"),
            )
        },
    ),
    "index.rank_probabilities": (
        "One row per score or pillar, ranked city and rank in the headline year.",
        {
            "measure": "Readiness, Realised, or a pillar.",
            "year": "Headline year.",
            "city": "City.",
            "rank": "Rank.",
            "probability": "Share of all draws in which the city, or the area a boundary makes it part of, has the rank.",
        },
    ),
    "index.sensitivity": (
        "One row per score, output and factor in the headline year: Sobol's shares of variance. All factors vary together, each "
        "alternative as likely as the others.",
        {
            "measure": "Readiness or Realised.",
            "year": "Headline year.",
            "output": "mean rank shift: mean change of rank of the ranked cities; rank of the leader; log lead: logarithm of the "
            "leader's score over the second's, both as published.",
            "factor": "companies: which are held; attribution: an investor's home or offices; boundary: city, metro or gba; "
            "window: as published, a third shorter or longer; imputation: a missing cell left out or shrunk; normaliser; "
            "aggregator; dropped indicator: none or one; weights: of indicators and pillars.",
            "first": "Share of the output's variance that the factor explains alone; below 0 only by Monte-Carlo error.",
            "first_reach": "Half-width of its 90% interval.",
            "total": "Share it has a part in, with the others.",
            "total_reach": "Half-width of its 90% interval.",
        },
    ),
    "index.leave_one_out": (
        "One row per score, indicator left out and ranked city in the headline year, all else as published.",
        {
            "measure": "Readiness or Realised.",
            "year": "Headline year.",
            "left_out": "Indicator left out.",
            "leader": "City that is first without it.",
            "city": "City.",
            "score": "Its score without the indicator.",
            "score_change": "Change of the score.",
            "rank": "Its rank without the indicator.",
            "rank_change": "Change of the rank; above 0 is worse.",
        },
    ),
    "index.weight_flips": (
        "One row per score, city behind the leader and member: the smallest change of weights at which the two draw level.",
        {
            "measure": "Readiness or Realised.",
            "year": "Headline year.",
            "level": "pillars: weights of pillars change, against every city (exact); indicators: effective weights of "
            "indicators change, against the second city (local search).",
            "city": "The leader.",
            "other": "The city behind it.",
            "member": "Pillar or indicator.",
            "weight": "Its published weight in the score.",
            "weight_at_flip": "Its weight where the two draw level; null: no weights do that, or none were found.",
            "moved": "Share of the weight that moves from one member to another (total variation).",
        },
    ),
    "index.coherence": (
        "One row per score and pillar, or pillar and indicator: do they belong together. Ranked cities of the ten years up to "
        "the headline year, each less its year's mean.",
        {
            "measure": "Score or pillar.",
            "year": "Headline year.",
            "member": "Pillar of the score, or indicator of the pillar.",
            "effective_weight": "Its weight in the whole score.",
            "item_rest": "Correlation with the mean of the other members; null if it does not vary between the goalposts.",
            "nearest": "Member it correlates with most, either way.",
            "r_nearest": "That correlation.",
            "is_redundant": "Is it .92 or more, either way: they say the same twice.",
            "alpha": "Cronbach's alpha of the measure.",
            "first_share": "Share of the first principal component in its variance.",
            "n": "City-years without gaps.",
        },
    ),
    "index.boundaries": (
        "One row per preset, score or pillar, and city or merged area with enough data in the headline year.",
        {
            "preset": "city: municipalities; metro: with municipalities of their planned metropolitan area; gba: Shenzhen, "
            "Guangzhou and Hong Kong as one, Hong Kong as far as the register knows it.",
            "measure": "Readiness, Realised, or a pillar.",
            "year": "Headline year.",
            "city": "City, or area that stands for several (core.boundaries).",
            "score": "Score.",
            "rank": "Rank within the preset; null for the benchmark.",
        },
    ),
    "index.boundary_values": (
        "One row per preset, city or merged area with enough data in the headline year, and indicator.",
        {
            "preset": "city, metro or gba.",
            "city": "City or area.",
            "indicator": "Indicator.",
            "value": "Value, evidence of the merged cities summed before any ratio. A piece that compares cities keeps what it "
            "says: shares of local investors and spin-offs are lower bounds for an area.",
            "normalised": "Score between the goalposts, 0–100.",
            "is_missing": "Is there too little data for a value; it is left out with its weight.",
        },
    ),
    "claims.verdicts": (
        "One row per claim and period: what the rule gave.",
        {
            "claim": "Number of the claim.",
            "period": "then or now.",
            "first_year": "First year of the period.",
            "last_year": "Last year of the period.",
            "verdict": "supported, contradicted, not separable or no data.",
            "estimate": "The statistic.",
            "low": "Lower end of its 90% interval.",
            "high": "Upper end of that interval.",
            "n": "Observations behind it.",
            "detail": "What was counted, in a sentence.",
            "sources": "Tables the verdict rests on.",
        },
    ),
}
