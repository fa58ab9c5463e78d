-- What each source's venture deals credit to the places of their investors.
select o.* exclude (source, url, source_file, source_row)
from marts.deal_origin as o
inner join staging.venture_deals as d on d.dataset = o.dataset and d.deal = o.deal
