-- Sources whose rows the release holds, for its attribution.
select distinct title, publisher, licence from core.sources where n_rows > 0 order by all
