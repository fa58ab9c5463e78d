-- Sources of the release whose licence is not open.
select distinct title, licence from core.sources where licence_class <> 'open' and n_rows > 0 order by all
