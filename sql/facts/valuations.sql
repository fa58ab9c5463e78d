-- Published values of companies.
select * exclude (basis, source, url, source_file, source_row) from core.valuations
