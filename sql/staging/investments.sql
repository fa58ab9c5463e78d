-- One row per deal and investor as a source prints them, in numbers.
select
    d.report_number,  -- Report. #not_null
    d.dataset_number,  -- Source. #not_null
    d.year,  -- Year announced. #not_null #order
    n.entity_number as investor_number,  -- Investor. #not_null
    case when s.is_lead then 1 else 0 end as is_lead,  -- 1 if the source names it as lead investor. #not_null
    case when p.area_number is not null then p.place_number end as place_number,  -- Place printed beside the deal, where understood.
    f.file_number,  -- File that holds the row. #not_null
    s.source_row  -- Row of that file. #not_null
from staging.deal_investors as s
inner join staging.numbered_deals as d on d.report = s.report
inner join staging.name_numbers as n on n.kind = 'investor' and n.mention = s.investor_mention
inner join staging.report_files as f on f.dataset = s.dataset and f.source_file = s.source_file
left join staging.place_units as p on p.place_key = s.place_key
