-- Founders at the city and year of founding. A share counts founders of whom it is known, and so does its denominator.
with founder_indicators (indicator) as (
    values
        ('founder_density'),
        ('repeat_founders'),
        ('repeat_founder_share'),
        ('founders_history_known'),
        ('returnee_share'),
        ('founders_abroad_known'),
        ('tech_over_bank'),
        ('returnees_tech_or_bank'),
        ('spin_offs'),
        ('founders_employer_known')
)

select
    i.indicator,
    'register' as dataset,
    f.city,
    f.founded as year,
    f.founded as year_to,
    f.company,
    f.founding as label,
    case i.indicator
        when 'founder_density' then 1.0
        when 'repeat_founders' then case when f.n_earlier_ventures > 0 then 1.0 end
        when 'repeat_founder_share' then case when f.n_earlier_ventures > 0 then 1.0 when f.n_earlier_ventures = 0 then 0.0 end
        when 'founders_history_known' then case when f.n_earlier_ventures is not null then 1.0 end
        when 'returnee_share' then case when f.is_returnee then 1.0 when not f.is_returnee then 0.0 end
        when 'founders_abroad_known' then case when f.is_returnee is not null then 1.0 end
        when 'tech_over_bank'
            then case when f.is_returnee and f.field = 'tech' then 1.0 when f.is_returnee and f.field = 'finance' then 0.0 end
        when 'returnees_tech_or_bank' then case when f.is_returnee and f.field in ('tech', 'finance') then 1.0 end
        -- Last worked at a technology company of the same city.
        when 'spin_offs' then case when f.last_employer_city = f.city then 1.0 when f.is_last_employer_known then 0.0 end
        when 'founders_employer_known' then case when f.is_last_employer_known then 1.0 end
    end as value,
    f.source,
    f.url,
    f.source_file,
    f.source_row
from core.founders as f
cross join founder_indicators as i
