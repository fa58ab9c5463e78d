-- Investors of each source's deals with their kind, where curated, and their home: a city, or a province or country, marked so,
-- where no more is known.
select dataset, deal, investor, is_lead, kind, owner_country, unit as home from core.deal_investors_by_source where dataset <> 'all'
