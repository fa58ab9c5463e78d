-- One row per list, deal and investor whose home is known, but of lists of one place, which lack most deals of its investors: the
-- home that the list gives, or else the one in all lists. A deal none of whose investors has a known home has a row for each,
-- without a place. #view
with homes as (
    select
        i.dataset,
        i.deal,
        i.investor,
        i.year,
        case when i.is_located then i.country else h.country end as country,
        case when i.is_located then i.province else h.province end as province,
        case when i.is_located then i.city else h.city end as city,
        i.is_located or h.investor is not null as is_placed
    from core.deal_investors_by_source as i
    inner join staging.venture_deals as d on d.dataset = i.dataset and d.deal = i.deal
    left join core.investor_places as h on h.dataset = 'all' and h.investor = i.investor and h.is_home
    left join core.source_profiles as s on s.source = i.dataset
    where coalesce(s.completeness, 'sample') not in ('selection', 'largest')
),

credits as (
    select
        *,
        count(*) over (partition by dataset, deal) as n_investors,
        count(case when is_placed then 1 end) over (partition by dataset, deal) as n_placed
    from homes
)

select
    dataset,  -- List. #not_null
    deal,  -- Deal. #not_null
    investor,  -- Investor. #not_null
    country,  -- Country of the investor's home, where known.
    province,  -- Province or state of the home.
    city,  -- City of the home.
    year,  -- Year announced. #not_null
    case when n_placed > 0 then n_placed else n_investors end as n_equal_parts  -- Parts into which the deal is divided. #not_null
from credits
where is_placed or n_placed = 0
