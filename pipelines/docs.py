"""Documentation of the tables that Python makes; tables made in SQL document themselves in their query."""

#: schema.table → (what a row is, column → what it holds)
DOCS: dict[str, tuple[str, dict[str, str]]] = {
    "core.sources": (
        "One row per landed file: publisher, licence, when it was retrieved, and the hash of its bytes.",
        {
            "source": "Source.",
            "title": "Its title.",
            "table_name": "Landing table.",
            "table_title": "What the table holds.",
            "publisher": "Publisher.",
            "landing_page": "Where to find it.",
            "url": "What was fetched.",
            "licence": "Licence.",
            "licence_class": "open, terms or restricted.",
            "citation": "How to cite it.",
            "cadence": "How often it is refreshed.",
            "n_rows": "Rows landed.",
            "rows_expected_from": "Fewest rows expected.",
            "rows_expected_to": "Most rows expected.",
            "retrieved_at": "When these bytes were first seen, UTC.",
            "sha256": "Hash of the archived bytes.",
            "size": "Bytes.",
        },
    ),
    "core.release": (
        "One row: what this release is.",
        {
            "content_hash": "Hash of the contents of every table but this one and core.sources.",
            "input_fingerprint": "Hash of the inputs and the code; equal fingerprints mean nothing changed.",
            "method_version": "Version of the index method.",
            "made_at": "When it was made, UTC.",
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
    "index.pairwise": (
        "One row per score and ordered pair of ranked cities in the headline year.",
        {
            "measure": "Readiness or Realised.",
            "year": "Headline year.",
            "city": "City.",
            "other": "The other city.",
            "p_above": "Share of all draws in which the first scores above the second; ties count half.",
        },
    ),
    "index.scores": (
        "One row per score or pillar, city and year, with 90% intervals: companies resampled, choices drawn, both.",
        {
            "measure": "Readiness, Realised, or a pillar of Readiness.",
            "city": "City; the benchmark has scores but no rank.",
            "year": "Year.",
            "score": "Score; 100 is the upper goalpost on every indicator. Null where there is not enough data.",
            "rank": "Rank among the ranked cities of the scope.",
            "p_first": "Share of all draws in which the city is first.",
            "p_top3": "Share of all draws in which it is among the first three.",
            "is_enough_data": "Does the city have enough indicators, overall and in each pillar.",
        }
        | {
            f"{what}_{side}_{layer}": f"{'Lower' if side == 'low' else 'Upper'} end of the {what}'s interval, {words}."
            for what in ("score", "rank")
            for side in ("low", "high")
            for layer, words in (
                ("companies", "companies resampled and the share held drawn"),
                ("choices", "choices of measurement and index drawn"),
                ("total", "companies and choices together"),
            )
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
