-- One row per founder and company, at the city and year of founding.
select
    'register' as dataset,  -- Source. #not_null
    city,  -- City of the company at founding. #not_null
    founded as year,  -- Year founded. #not_null
    founded as year_to,  -- The same year: it is an event.
    company,  -- Company founded.
    founding as label,  -- What a reader sees.
    1.0 as founder_density,  -- Founders.
    case when n_earlier_ventures > 0 then 1.0 end as repeat_founders,  -- Founders who had founded before.
    case when n_earlier_ventures > 0 then 1.0 when n_earlier_ventures = 0 then 0.0 end
        as repeat_founder_share,  -- The same, where it is known whether they had.
    case when n_earlier_ventures is not null then 1.0 end as founders_history_known,  -- Earlier ventures known.
    case when is_returnee then 1.0 when not is_returnee then 0.0 end as returnee_share,  -- Studied or worked abroad.
    case when is_returnee is not null then 1.0 end as founders_abroad_known,  -- Time abroad known.
    case when is_returnee and field = 'tech' then 1.0 when is_returnee and field = 'finance' then 0.0 end
        as tech_over_bank,  -- Returnees from technology, of those from technology or finance.
    case when is_returnee and field in ('tech', 'finance') then 1.0 end as returnees_tech_or_bank,  -- Returnees from either.
    case
        when last_employer_city = city then 1.0
        when is_last_employer_known then 0.0
    end as spin_offs,  -- Last worked at a technology company of the same city.
    case when is_last_employer_known then 1.0 end as founders_employer_known,  -- Last employer known.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File the row stands in.
    source_row  -- Row of that file.
from core.founders
