-- One row per ranking of others, edition and city: the rank as printed, with the page on which it was read.
select
    ranking,  -- Ranking. #not_null #unique with edition, city
    edition,  -- Edition, as its publisher counts them. #not_null
    year,  -- Year that its data speak of; where it does not say, the year before the edition. #not_null
    scope,  -- world, or the country whose cities it ranks. #not_null
    city,  -- City. #not_null
    area,  -- Area that it ranks as one, if the city is only a part of it.
    rank,  -- Rank as printed; ties share one. #check rank > 0
    confidence,  -- high: the publisher's page or a major outlet's; medium: secondary; low: one unconfirmed page.
    url,  -- Page on which the rank was read. #not_null
    note,  -- What to know before using the rank.
    source_file,  -- File that holds the row.
    source_row  -- Row of that file.
from landing.reference__published_rankings
