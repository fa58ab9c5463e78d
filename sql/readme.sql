-- What a person at a SQL prompt should read first: `from readme`.
create view readme as
select step, about, try_this
from (
    select
        0 as step,
        'Cities as the next Silicon Valley, released ' || strftime(r.made_at, '%Y-%m-%d %H:%M') || ' UTC, headline year ' || h.year
        || ', method ' || r.method_version || '. ' || coalesce(
            'First by Readiness: ' || k.city || format(', in {:.1f}% of the draws', 100 * k.p_first)
            || '; can_be_first says which other cities could be first.',
            'No city is known well enough for a rank.'
        ) as about,
        'from core.release' as try_this
    from core.release as r
    cross join index.headline as h
    left join index.ranking as k on k.measure = 'Readiness' and k.rank = 1
    union all
    values
        (1, 'Schemas: core (facts with sources), marts (facts counted), index (scores), claims (verdicts).', 'show all tables'),
        (2, 'What every table holds.', 'select schema_name, table_name, comment from duckdb_tables()'),
        (3, 'What every column holds.', 'select table_name, column_name, comment from duckdb_columns()'),
        (4, 'The cities in order, with intervals.', 'from index.ranking'),
        (5, 'The same for any year and pillar.', 'from top(2010, ''venture deals'')'),
        (6, 'A score walked back to its indicators (English or Chinese names, any year) …', 'from why(''Beijing'')'),
        (7, '… and an indicator to its rows, with source and line.', 'from evidence(''Beijing'', ''deals_originated'')'),
        (8, 'Two cities side by side.', 'from compare(''Beijing'', ''Shanghai'')'),
        (9, 'Each claim with verdict, interval, rule and what would change it.', 'from claims.scorecard'),
        (10, 'What changed since an earlier release.', 'from changed(''2026-11-01'')'),
        (11, 'What each list holds, how unevenly it looks at cities, and how far it moves the scores.', 'from index.lists'),
        (12, 'Why a ranking of others puts a city elsewhere; index.published_rankings has their names.', 'from differs(''Startup Genome'')'),
        (13, 'How fast a city grows against the Bay Area, and what is forecast.', 'from index.growth'),
        (14, 'What it was built from, with licences; and what was not loaded.', 'from core.sources')
)
order by step;
comment on view readme is 'Where to start: what the file is, and one query for each thing people ask of it.';
comment on column readme.step is 'Order to read in.';
comment on column readme.about is 'What it shows.';
comment on column readme.try_this is 'Query to run.';
