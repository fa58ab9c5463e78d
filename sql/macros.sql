-- Macros of the published file, each of which answers a common question in one call. An unknown name is an error that lists the
-- nearest names.

-- Return a name as names are compared: in small letters, without accents, spaces, apostrophes and the like, and without 市.
create macro plain_name(a_name) as
    rtrim(translate(lower(strip_accents(a_name)), ' ''’‘`´-–‐·・.,/()（）', ''), '市');
comment on macro plain_name is
    'A name as names are compared: in small letters, without accents, spaces, apostrophes and the like, and without 市.';

-- Return a name without what kind of place it is, or that it lies in China: Guangzhou City, Haidian District, Wuhan, China.
create macro bare_name(a_name) as
    plain_name(regexp_replace(lower(trim(a_name)), '([, ]+(china|city|municipality|prefecture|district|county|shi|qu))+$', ''));
comment on macro bare_name is
    'A name as names are compared, without a last word that says what kind of place of China it is, such as City or District.';

-- An argument may be a column with the name of a column in here. So every subquery of a macro of one value takes its argument as
-- q.asked, from where no table hides it. Errors stay outside subqueries, which are computed even where nobody needs them.

-- Return the city of a name, or null. A name of its own comes before that of its core, which must be the core of no other, and
-- these before one with its province (Hangzhou, Zhejiang) or with the word City.
create macro known_city(a_city) as coalesce(
    (
        select min(p.city) from (select plain_name(a_city)) as q (asked)
        inner join core.place_names as p on p.kind = 'city' and plain_name(p.name) = q.asked
    ),
    (
        select case when count(distinct p.city) = 1 then min(p.city) end from (select plain_name(a_city)) as q (asked)
        inner join core.place_names as p on p.kind = 'core' and plain_name(p.name) = q.asked
    ),
    (
        select min(c.city) from (select plain_name(a_city)) as q (asked)
        inner join core.cities as c on plain_name(c.city || c.province) = q.asked
    ),
    (
        select min(c.city) from (select bare_name(a_city)) as q (asked)
        inner join core.place_names as p on p.kind = 'city' and plain_name(p.name) = q.asked
        inner join core.cities as c on c.city = p.city and c.country = 'CN'
    )
);
comment on macro known_city is
    'The name of a city as the file spells it, from any of its names in English or Chinese (core.place_names); null if there is none.';

create macro known_province(a_province) as (
    select min(p.province) from (select plain_name(a_province)) as q (asked)
    inner join core.place_names as p on p.kind = 'province' and plain_name(p.name) = q.asked
);
comment on macro known_province is
    'The name of a province or state as the file spells it, from its name in English or Chinese; null if there is none.';

-- Return the name of a city as the file spells it. A name of none may be that of several, of a part of one, of a province, or of a
-- country.
create macro city_named(a_city) as coalesce(
    known_city(a_city),
    error(coalesce(
        'Several cities are called ''' || trim(a_city) || ''': ' || (
            select string_agg(c.city, ', ' order by c.city)
            from (select plain_name(a_city)) as q (asked)
            inner join core.cities as c on plain_name(regexp_replace(c.city, ' \(.*', '')) = q.asked
            having count(*) > 1
        ),
        'No city called ''' || trim(a_city) || ''': it counts as part of ' || (
            select string_agg(distinct p.city, ' or ' order by p.city)
            from (select plain_name(a_city), bare_name(a_city)) as q (asked, bare)
            inner join core.place_names as p on p.kind in ('core', 'part') and plain_name(p.name) in (q.asked, q.bare)
        ),
        'No city called ''' || trim(a_city) || '''' || coalesce(
            ': it is the province or state ' || known_province(a_city) || '. ' || coalesce(
                (
                    select 'Its first cities by rank: ' || array_to_string(list(r.city order by r.rank, r.city)[:3], ', ')
                    from (select known_province(a_city)) as q (asked)
                    inner join core.cities as c on c.province = q.asked
                    inner join index.ranking as r on r.city = c.city and r.measure = 'Readiness'
                ),
                'None of its cities has a rank'
            ),
            (
                select ': it is a country or territory' from (select lower(trim(a_city))) as q (asked)
                where q.asked in (select c.written from core.countries as c)
            ),
            (
                select '. The nearest: ' || string_agg(n.city, ', ' order by n.near desc, n.city)
                from (
                    select c.city, jaro_winkler_similarity(plain_name(c.city), q.asked) as near
                    from (select plain_name(a_city)) as q (asked) cross join core.cities as c
                    where near >= 0.8 order by near desc, c.city limit 3
                ) as n
            ),
            ', nor any alike'
        ) || '. For all of them: from core.cities'
    ))
);
comment on macro city_named is
    'The name of a city as the file spells it, from any of its names; an error names the city of which it is a part, or those alike.';

-- Return the name of a city that has scores.
create macro scored_city(a_city) as coalesce(
    (select min(s.city) from (select city_named(a_city)) as q (asked) inner join index.scores as s on s.city = q.asked),
    error((
        select
            c.city || ' is known but has no scores in this file. ' || case
                when h.scope in (c.country, 'world')
                    then 'The lists that are loaded name it too rarely; all cities with scores: from top()'
                else case when n.name = c.city then 'The' else 'It lies elsewhere (' || coalesce(n.name, c.country) || '): the' end
                    || ' file ranks ' || case when h.scope = 'CN' then 'mainland China' else coalesce(r.name, h.scope) end
                    || '. Where lists that name it are loaded, `make refresh SCOPE=' || c.country
                    || '` ranks it, and so does `make refresh SCOPE=world`'
            end
        from (select known_city(a_city)) as q (asked)
        inner join core.cities as c on c.city = q.asked
        cross join index.headline as h
        left join core.countries as n on n.written = lower(c.country)
        left join core.countries as r on r.written = lower(h.scope)
    ))
);
comment on macro scored_city is
    'The name of a city that has scores; an error says why a city that the file knows has none, and what would rank it.';

-- Return the code of an indicator from its code or its name.
create macro indicator_named(an_indicator) as coalesce(
    (
        select min(n.indicator)
        from (select lower(an_indicator)) as q (asked)
        inner join (
            select e.indicator, e.indicator as name from marts.evidence as e
            union all
            select i.indicator, i.indicator from core.indicators as i
            union all
            select i.indicator, i.name from core.indicators as i
        ) as n on lower(n.name) = q.asked
    ),
    error(
        'No indicator called ''' || an_indicator || '''. The nearest: ' || (
            select string_agg(n.indicator, ', ' order by n.near desc, n.indicator)
            from (
                select
                    i.indicator,
                    greatest(
                        jaro_winkler_similarity(lower(i.indicator), q.asked), jaro_winkler_similarity(lower(i.name), q.asked)
                    ) as near
                from (select lower(an_indicator)) as q (asked) cross join core.indicators as i
                order by near desc, i.indicator limit 3
            ) as n
        ) || '. For all of them: from core.indicators'
    )
);
comment on macro indicator_named is
    'The code of an indicator, from its code or name; an error lists the nearest ones if there is none.';

-- Return a score as the file spells it: Readiness, Realised, or a pillar by code or name. A pillar may be called as a score is.
create macro score_named(a_pillar) as coalesce(
    (select min(s.measure) from (select lower(a_pillar)) as q (asked) inner join index.scores as s on lower(s.measure) = q.asked),
    (
        select min(i.pillar) from (select lower(a_pillar)) as q (asked)
        inner join core.indicators as i on lower(i.pillar_name) = q.asked
    ),
    error(
        'No score called ''' || a_pillar || '''. There are Readiness, Realised and the pillars ' || (
            select string_agg(
                distinct i.pillar || ' (' || i.pillar_name || ')', ', ' order by i.pillar || ' (' || i.pillar_name || ')'
            )
            from core.indicators as i
        )
    )
);
comment on macro score_named is
    'A score as the file spells it: Readiness, Realised, or a pillar by code or name; an error lists them if there is none.';

-- Return a year that has scores; null stands for the headline year.
create macro scored_year(a_year) as coalesce(
    (
        select min(s.year) from (select cast(a_year as varchar)) as q (asked) cross join index.headline as h
        inner join index.scores as s on s.year = case when q.asked is null then h.year else try_cast(q.asked as double) end
    ),
    error(
        'No scores for ' || cast(a_year as varchar) || '. There are scores for '
        || (select min(s.year) || ' to ' || max(s.year) from index.scores as s)
    )
);
comment on macro scored_year is
    'A year that has scores, where null stands for the headline year; an error gives the range of years if it has none.';

-- Return the year whose scores a year has. Scores are measured by period and interpolated between the middles, so that the
-- years before the first middle and after the last one repeat it.
create macro measured_year(a_year) as (
    with courses as (
        select s.year, list(s.score order by s.city) as scores from index.scores as s where s.measure = 'Readiness' group by s.year
    )

    select case when max(same.year) = (select max(s.year) from index.scores as s) then min(same.year) else max(same.year) end
    from (select scored_year(a_year)) as q (asked)
    inner join courses as course on course.year = q.asked
    inner join courses as same on same.scores = course.scores
);
comment on macro measured_year is
    'The year whose scores a year has: years before the middle of the first period, and after that of the last one, repeat it.';

create macro standing(a_city, a_year := null) as table
    select
        s.measure, coalesce(i.pillar_name, s.measure) as name, s.score, s.score_low, s.score_high,
        cast(s.rank as integer) as rank, cast(s.rank_low as integer) as rank_low, cast(s.rank_high as integer) as rank_high,
        s.p_first, p.weight, d.times_less, d.times_less_low, d.times_less_high, d.n_compared, d.n_inferred
    from index.scores as s
    left join (select distinct pillar, pillar_name from core.indicators) as i on i.pillar = s.measure
    left join index.pillars as p on p.pillar = s.measure
    left join index.distance as d on d.measure = s.measure and d.city = s.city and d.year = s.year
    where s.city = scored_city(a_city) and s.year = scored_year(a_year)
    order by i.pillar nulls first, s.measure;
comment on macro table standing is
    'standing(''Chengdu''), standing(''成都'', 2010): a city''s totals and pillars, each with interval, rank and weight in Readiness.';

create macro why(a_city, a_year := null) as table
    select
        d.pillar, d.pillar_name, d.indicator, d.name, d.value, d.value_low, d.value_high, d.census_count, d.report_count,
        d.unit, d.yardstick as counted_by, d.is_relative, d.score, d.score_low, d.score_high, d.weight, d.status, d.first_year,
        d.last_year, d.n_lists, d.known, d.rows_to_halve,
        coalesce(e.n_rows, 0) as evidence_rows, e.row.example as example, e.row.year as example_year,
        e.row.year_to as example_year_to, e.row.source as example_source
    from marts.indicator_detail as d
    left join (
        select
            e.city, e.indicator, count(*) as n_rows,
            -- The newest row up to the year, else the first one after it.
            first(
                {
                    'example': e.label || coalesce(', by ' || e.investors, ''), 'source': e.source,
                    'year': coalesce(e.year, o.year), 'year_to': coalesce(e.year_to, o.year)
                }
                order by e.year > asked.year nulls last, abs(e.year - asked.year), e.dataset, e.label
            ) as row
        from marts.evidence as e
        cross join (select scored_city(a_city) as city, scored_year(a_year) as year) as asked
        -- A list of one year does not date its rows one by one.
        left join (
            select i.indicator, p.list, p.first_year as year
            from marts.list_profiles as p
            inner join core.indicators as i on i.quantity = p.quantity
            where p.first_year = p.last_year
        ) as o on o.indicator = e.indicator and o.list = e.list and e.year is null and e.year_to is null
        where e.city = asked.city
        group by e.city, e.indicator
    ) as e on e.city = d.city and e.indicator = d.indicator
    where d.city = scored_city(a_city) and d.year = scored_year(a_year)
    order by d.pillar, d.indicator;
comment on macro table why is
    'why(''Beijing''), why(''北京'', 2010): the indicators behind a score, each with a row and its years, the newest up to the year, '
    'else the first after it; values are on one list''s scale, and evidence_rows are those of all lists and years, where a total '
    'that a report prints is one.';

create macro evidence(a_city, an_indicator) as table
    select label, investors, year, year_to, value, list, dataset, company, source, url, source_file, source_row
    from marts.evidence
    where
        indicator = indicator_named(an_indicator)
        -- A city may have evidence without scores, such as the deals of Hong Kong in a ranking of the mainland.
        and city = coalesce(
            (select min(city) from marts.evidence where city = city_named(a_city) and indicator = indicator_named(an_indicator)),
            scored_city(a_city)
        )
    order by year desc, dataset, label;
comment on macro table evidence is
    'evidence(''Beijing'', ''deals_originated''): every row that a list counts there; add up within one list only, since others '
    'count the same things; none if nothing is recorded.';

create macro compare(a_city, b_city, a_year := null) as table
    select
        a.pillar, a.pillar_name, a.indicator, a.name, a.unit, a.is_relative, a.value as a_value, b.value as b_value,
        a.census_count as a_census_count, b.census_count as b_census_count, a.status as a_status, b.status as b_status,
        a.last_year as a_last_year, b.last_year as b_last_year,
        a.score as a_score, b.score as b_score, a.score - b.score as difference,
        a.score_low > b.score_high or b.score_low > a.score_high as is_apart
    from (select scored_city(a_city) as a_city, scored_city(b_city) as b_city, scored_year(a_year) as year) as asked
    inner join marts.indicator_detail as a on a.city = asked.a_city and a.year = asked.year
    inner join marts.indicator_detail as b on b.city = asked.b_city and b.year = asked.year and b.indicator = a.indicator
    order by a.pillar, a.indicator;
comment on macro table compare is
    'compare(''Beijing'', ''Shanghai''): two cities side by side, indicator by indicator, each counted or inferred; is_apart: their '
    'intervals do not meet.';

create macro top(a_year := null, a_pillar := 'Readiness') as table
    select
        cast(rank as integer) as rank, city, score, score_low, score_high,
        cast(rank_low as integer) as rank_low, cast(rank_high as integer) as rank_high, p_first
    from index.scores
    where measure = score_named(a_pillar) and year = scored_year(a_year)
    order by rank nulls last, score desc, city;
comment on macro table top is
    'top(2010, ''venture deals''): the cities by Readiness, Realised or a pillar, with 90% intervals; top(): by Readiness now.';

-- Return a ranking of others as the file spells it.
create macro ranking_named(a_ranking) as coalesce(
    (
        select min(r.ranking) from (select lower(a_ranking)) as q (asked)
        inner join index.published_rankings as r on lower(r.ranking) = q.asked
    ),
    -- A part of the name is enough where no other ranking has it.
    (
        select case when count(distinct r.ranking) = 1 then min(r.ranking) end from (select plain_name(a_ranking)) as q (asked)
        inner join index.published_rankings as r on contains(plain_name(r.ranking), q.asked) and q.asked <> ''
    ),
    error(
        'No ranking called ''' || a_ranking || '''. There are '
        || (select string_agg(distinct r.ranking, '; ' order by r.ranking) from index.published_rankings as r)
    )
);
comment on macro ranking_named is
    'The name of a ranking of others as the file spells it, from a part of it in any case; an error lists them if none or several '
    'fit.';

create macro differs(a_ranking) as table
    select
        edition, city, our_rank, their_rank, difference, mainly, by_scope, by_boundary, by_indicators, by_weights, by_data, by_year,
        not_explained
    from index.differs
    where ranking = ranking_named(a_ranking)
    order by edition desc, their_rank, city;
comment on macro table differs is
    'differs(''Startup Genome''): why a ranking of others puts a city elsewhere; the ranks due to each choice add up to it.';

create macro changed(since) as table
    -- A time with an offset is that of the offset, another one UTC, whatever the time zone of the session.
    with asked as (
        select coalesce(
            case
                when regexp_matches(cast(since as varchar), ':\d\d(\.\d+)? ?([+-]\d\d(:?\d\d)*|Z)$')
                    then try_cast(cast(since as varchar) as timestamptz) at time zone 'UTC'
                else try_cast(cast(since as varchar) as timestamp)
            end,
            case when since is not null then error(
                'No day or time: ''' || cast(since as varchar) || '''. Write it as 2026-11-01, 2026-11-01 08:30 or '
                || '2026-11-01 08:30:00+08'
            ) end
        ) as since_utc
    ),

    -- A city that has been renamed stands under its present name throughout.
    renamed as (
        select c.entity as name_before, max(c.made_at) as made_at, max_by(n.entity, c.made_at) as name
        from core.entity_changes as c inner join core.entities as n on n.id = c.id
        where c.kind = 'city' and c.change = 'renamed'
        group by c.entity
    ),

    history as (
        select h.* replace (coalesce(n.name, h.subject) as subject)
        from core.release_history as h
        left join renamed as n on n.name_before = h.subject and n.made_at > h.made_at
    ),

    releases as (
        select country, content_hash, made_at
        from core.release_history
        where country = (select scope from index.headline)
        group by country, content_hash, made_at
    ),

    latest as (
        select max(made_at) as made_at from releases
    ),

    -- The release in force at that time, or the oldest known one if none is as old.
    base as (
        select coalesce(max(r.made_at) filter (where r.made_at <= a.since_utc), min(r.made_at)) as made_at
        from releases as r cross join asked as a
    ),

    -- Each release says why its numbers differ from the one before; over several releases the reasons add up.
    reasons as (
        select
            h.measure, h.subject,
            case when count(*) = count(h.news) then sum(h.news) end as news,
            case when count(*) = count(h.late_data) then sum(h.late_data) end as late_data,
            case when count(*) = count(h.correction) then sum(h.correction) end as correction,
            case when count(*) = count(h.method) then sum(h.method) end as method
        from history as h cross join base as b
        where h.made_at > b.made_at and h.country = (select scope from index.headline)
        group by h.measure, h.subject
    ),

    compared as (
        select
            coalesce(n.measure, b.measure) as measure, coalesce(n.subject, b.subject) as subject,
            b.rank as rank_before, n.rank as rank_now, b.value as value_before, n.value as value_now,
            n.value - b.value as change, b.verdict as verdict_before, n.verdict as verdict_now
        from (select h.* from history as h inner join latest as l on l.made_at = h.made_at) as n
        full join (select h.* from history as h inner join base as l on l.made_at = h.made_at) as b
            on b.measure = n.measure and b.subject = n.subject and b.country = n.country
        where
            coalesce(n.country, b.country) = (select scope from index.headline) and (
                n.rank is distinct from b.rank or n.verdict is distinct from b.verdict
                or round(n.value, 6) is distinct from round(b.value, 6)
            )
    )

    select
        c.*, b.made_at as since_release,
        case when c.change is not null then r.news end as news,
        case when c.change is not null then r.late_data end as late_data,
        case when c.change is not null then r.correction end as correction,
        case when c.change is not null then r.method end as method
    from compared as c cross join base as b
    left join reasons as r on r.measure = c.measure and r.subject = c.subject
    union all
    select
        case
            when b.made_at < l.made_at then 'no rank, score or verdict changed'
            when (select count(*) from releases) = 1 then 'this is the first known release'
            else 'nothing has been released since'
        end,
        null, null, null, null, null, null, null, null, b.made_at, null, null, null, null
    from base as b cross join latest as l
    where not exists (select 1 from compared)
    order by measure, rank_now nulls last, subject;
comment on macro table changed is
    'changed(''2026-11-01''): ranks, scores and verdicts that differ from the release of that time, or the oldest known, and '
    'how much of a change is news, late data, correction and method; a time without an offset is UTC.';
