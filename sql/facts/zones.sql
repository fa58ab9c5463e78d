-- High-tech zones with the year they were approved.
select * exclude (basis, source, url, source_file, source_row) from core.zones
