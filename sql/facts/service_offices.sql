-- Offices of the register's law, audit, search and banking firms.
select * exclude (basis, source, url, source_file, source_row) from core.service_offices
