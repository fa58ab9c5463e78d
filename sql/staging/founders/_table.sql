-- One row per founder and company, with the published career before the company; what is not known is null.
select
    founder || ' | ' || company as founding,  -- Readable key: founder and company. #unique #not_null
    founder,  -- Name as commonly published.
    company,  -- Company founded.
    role,  -- Founder or co-founder.
    earlier_ventures,  -- Companies founded before, separated by |; `none` if this is known to be the first.
    case
        when earlier_ventures is null then null
        when lower(earlier_ventures) = 'none' then 0
        else array_length(string_split_regex(earlier_ventures, '[|]'))
    end as n_earlier_ventures,  -- Companies founded before; null if unknown.
    schools,  -- Higher education as name:entry:graduation, separated by |.
    studied_abroad,  -- Countries of study abroad before founding, or `none`.
    worked_abroad,  -- Countries of work abroad before founding, or `none`.
    case
        when studied_abroad <> 'none' or worked_abroad <> 'none' then true
        when studied_abroad = 'none' and worked_abroad = 'none' then false
    end as is_returnee,  -- Studied or worked abroad before founding; null if not known.
    field,  -- Career before this company: tech, finance or other.
    case when last_employer <> 'none' then last_employer end as last_employer,  -- Last employer before this company; null if none or unknown.
    last_employer is not null as is_last_employer_known,  -- It is known who the last employer was, or that there was none.
    basis,  -- verified: the source was read when the row was recorded; cited: the source is named but was not read.
    source,  -- Where the fact was published.
    url,  -- Address of the page, where known.
    source_file,  -- File that holds the row. #not_null
    source_row  -- Row of that file. #not_null
from branches
