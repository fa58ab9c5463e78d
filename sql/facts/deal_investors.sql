-- Investors of each source's deals.
select dataset, deal, investor from core.deal_investors where dataset <> 'all'
