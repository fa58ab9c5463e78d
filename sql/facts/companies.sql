-- Companies of the register.
select * exclude (basis, source, url, source_file, source_row) from core.companies where is_in_register
