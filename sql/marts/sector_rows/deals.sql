select dataset, 'deals' as classification, country, province, city, sector, year, company
from core.deals_by_source
