-- Universities of the register's founders.
select * exclude (source, url, source_file, source_row) from core.founder_schools
