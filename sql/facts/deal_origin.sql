-- What each source's deals credit to the places of their investors.
from marts.deal_origin where dataset <> 'all'
