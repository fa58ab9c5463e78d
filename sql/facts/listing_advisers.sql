-- Firms named on listing documents, with the place of the office named.
select dataset, document, year, kind, firm, city, country from core.listing_advisers
