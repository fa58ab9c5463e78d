-- Founders of the register.
select * exclude (basis, source, url, source_file, source_row) from core.founders
