"""Which panels the page has and what each rests on: queries of the published file, in the page's order.

A query gives exactly the frame that its function in ``panels`` documents.
"""

from collections.abc import Callable

from pipelines.index import scope
from pipelines.publish.report import panels
from pipelines.publish.report.panels import Panel

ORDER = f"select city from index.ranking where measure = 'Readiness' order by rank, city limit {panels.MOST_CITIES}"
BENCHMARK = "select distinct benchmark, base_year from index.goalposts"
_COUNTED = """
    select d.city, d.year, count(d.value) as n_indicators
    from marts.indicator_detail as d inner join index.scores as s on s.measure = d.pillar
    where s.city = d.city and s.year = d.year and d.pillar <> 'P6' group by d.city, d.year
"""
_YEARS = f"""
    select s.city, s.year, {{}}, c.n_indicators
    from index.scores as s inner join ({_COUNTED}) as c on c.city = s.city and c.year = s.year
    where s.measure = 'Readiness' and s.year <= (select year from index.headline)
"""
_PLACES = """
    select distinct on (city) city, latitude, longitude from core.cities
    where country = (select country from index.headline) and latitude is not null order by city, is_in_register desc, geoname_id
"""

_NAMES = """
    select indicator as code, name from core.indicators
    union all select distinct pillar, pillar_name from core.indicators
"""

#: Panel → the function that makes it and the queries for its frames. A panel whose table is not there, or empty, is left out.
PANELS: dict[str, tuple[Callable[..., Panel], tuple[str, ...]]] = {
    "ranks": (panels.ranks, ("from index.ranking where measure = 'Readiness' order by rank",)),
    "probabilities": (
        panels.probabilities,
        (
            "from index.rank_probabilities where measure = 'Readiness' order by city, rank",
            ORDER,
        ),
    ),
    "rank_years": (
        panels.rank_years,
        (
            _YEARS.format(
                "s.rank, s.rank_low_total as low, s.rank_high_total as high, count(*) over (partition by s.year) as n_ranked"
            )
            + " and s.rank is not null",
            ORDER,
        ),
    ),
    "score_years": (
        panels.score_years,
        (
            _YEARS.format("s.score, s.score_low_companies as low, s.score_high_companies as high") + " and s.score is not null",
            ORDER,
            BENCHMARK,
        ),
    ),
    "pillars": (
        panels.pillars,
        (
            """
            select p.pillar_name as pillar, s.city, s.score, s.score_low_companies as low, s.score_high_companies as high,
                d.benchmark_score, d.gap, d.years_behind, d.how
            from index.scores as s
            inner join index.headline as h on h.year = s.year
            inner join (select distinct pillar, pillar_name from core.indicators) as p on p.pillar = s.measure
            inner join index.ranking as r on r.city = s.city and r.measure = 'Readiness'
            left join index.distance as d on d.measure = s.measure and d.city = s.city
            where s.score is not null
            order by s.measure, r.rank
            """,
            ORDER,
            BENCHMARK,
        ),
    ),
    "map": (
        panels.where,
        (
            f"""
            select b.preset, b.city, b.rank, b.score,
                coalesce(max(p.latitude), avg(o.latitude)) as latitude, coalesce(max(p.longitude), avg(o.longitude)) as longitude
            from index.boundaries as b
            left join ({_PLACES}) as p on p.city = b.city
            left join core.boundaries as m on m.preset = b.preset and m.merged_into = b.city
            left join ({_PLACES}) as o on o.city = m.city
            where b.measure = 'Readiness' and b.rank is not null
            group by b.preset, b.city, b.rank, b.score
            having coalesce(max(p.latitude), avg(o.latitude)) is not null
            order by b.preset <> 'city', b.preset, b.rank
            """,
            f"""
            select p.city, p.latitude, p.longitude from ({_PLACES}) as p inner join marts.city_profile as m on m.city = p.city
            where m.n_companies > 0 and p.city not in (select city from index.ranking where measure = 'Readiness')
            """,
        ),
    ),
    "flows": (
        panels.flows,
        (
            f"""
            with ranked as (
                select city, rank as place from index.ranking where measure = 'Readiness' and city in ({ORDER})
            ),
            periods as (
                select concat(year - 3, '–', year) as period, year - 3 as first_year, year as last_year, 1 as place
                from index.headline
                union all select '2009–2012', 2009, 2012, 2
            ),
            lumped as (
                select f.dataset, p.period, p.place as period_place, f.deals_fractional as deals,
                    case when f.is_foreign then '{panels.ABROAD}' when o.city is not null then f.origin
                        else '{panels.OTHERS}' end as origin,
                    case when d.city is not null then f.destination else '{panels.OTHERS}' end as destination,
                    coalesce(o.place, 99) as origin_place, coalesce(d.place, 99) as destination_place
                from marts.deal_flows as f
                inner join periods as p on f.year between p.first_year and p.last_year
                left join ranked as o on o.city = f.origin
                left join ranked as d on d.city = f.destination
                where f.company_country = (select country from index.headline)
            )
            select dataset, period, origin, destination, sum(deals) as deals,
                sum(deals) / sum(sum(deals)) over (partition by dataset, period, destination) as share
            from lumped
            group by dataset, period, period_place, origin, destination
            order by dataset <> (select case basis when '{scope.REGISTER}' then 'register' else 'all' end from index.headline),
                dataset, period_place, min(origin_place), origin, min(destination_place)
            """,
        ),
    ),
    "leads": (
        panels.leads,
        (
            """
            with first as (
                select dataset, panel, city,
                    row_number() over (partition by dataset, panel order by max(stock) desc, city) as place
                from index.leads where is_city group by dataset, panel, city
            )
            select l.dataset, l.panel, l.year, l.city, l.rival, l.log_lead as estimate, l.low, l.high, l.flow, l.stock, l.share
            from index.leads as l
            inner join first as f on f.dataset = l.dataset and f.panel = l.panel and f.city = l.city and f.place = 1
            where l.log_lead is not null
            order by l.panel, l.dataset <> 'register', l.dataset, l.year
            """,
            "from index.snowball where statistic = 'log_lead_trend' order by dataset <> 'register', dataset",
        ),
    ),
    "snowball": (
        panels.snowball,
        ("from index.snowball order by dataset <> 'register', dataset, panel, statistic, flow_or_stock",),
    ),
    "quotients": (
        panels.quotients,
        ("from index.quotients order by dataset <> 'register', dataset, period, sector, quotient desc",),
    ),
    "founders": (
        panels.founders,
        (
            f"""
            select d.name, d.city, d.value, d.numerator, d.denominator
            from marts.indicator_detail as d
            inner join index.headline as h on h.year = d.year
            inner join core.indicators as i on i.indicator = d.indicator
            where i.kind = 'share' and d.pillar in ('P4', 'P5') and d.value is not null and d.denominator is not null
                and (d.city in ({ORDER}) or d.city in (select benchmark from index.goalposts))
            order by d.pillar, d.indicator, d.city
            """,
            ORDER,
            BENCHMARK,
        ),
    ),
    "returnees": (
        panels.returnees,
        (
            f"""
            select city, coalesce(field, 'not known') as field, count(*) as n
            from core.founders
            where is_returnee and city in ({ORDER})
                and founded between (select year - 9 from index.headline) and (select year from index.headline)
            group by city, field
            order by city, field
            """,
            ORDER,
        ),
    ),
    "backtest": (panels.backtest, ("from index.backtest order by target",)),
    "sensitivity": (panels.sensitivity, ("from index.sensitivity where measure = 'Readiness' order by output, total desc",)),
    "left_out": (
        panels.left_out,
        (
            """
            select i.name, l.leader, l.city, l.score, l.score_change, l.rank, l.rank_change
            from index.leave_one_out as l inner join core.indicators as i on i.indicator = l.left_out
            where l.measure = 'Readiness' order by i.source_row, l.city
            """,
            ORDER,
        ),
    ),
    "flips": (
        panels.flips,
        (
            f"""
            select f.level, f.city, f.other, n.name as member_name, f.weight, f.weight_at_flip, f.moved
            from index.weight_flips as f inner join ({_NAMES}) as n on n.code = f.member
            where f.measure = 'Readiness' order by f.level desc, f.moved, f.other, f.member
            """,
        ),
    ),
    "coherence": (
        panels.coherence,
        (
            f"""
            select coalesce(m.name, c.measure) as measure_name, n.name as member_name, c.effective_weight, c.item_rest,
                o.name as nearest_name, c.r_nearest, c.is_redundant, c.alpha, c.first_share, c.n
            from index.coherence as c
            inner join ({_NAMES}) as n on n.code = c.member
            left join ({_NAMES}) as o on o.code = c.nearest
            left join ({_NAMES}) as m on m.code = c.measure
            order by c.measure desc, c.member
            """,
        ),
    ),
}
