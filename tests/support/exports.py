"""Exports as users put them into the inbox: hand-made, with invented companies, under headers found on the web."""

import io

import polars as pl

from pipelines import settings
from pipelines.ingest.sources import inbox

DEALS, COMPANIES, INVESTORS = inbox.SOURCE.tables

DEALS_CSV = """company,country,city,date,round,amount,currency,investors,lead,note
Acme,CN,Shenzhen,2021-03,A,10000000,USD,Alpha Fund|Beta Capital,Alpha Fund,seen
Blank,,,2020-01,,,,,,
"""
COMPANIES_CSV = "company,country,city,founded,sector\nAcme,CN,Shenzhen,2015,robotics\n"
INVESTORS_CSV = "investor,country,city\nAlpha Fund,CN,Beijing\n"
CRUNCHBASE = """Transaction Name,Organization Name,Funding Type,Money Raised,Money Raised Currency,Announced Date,\
Organization Location,Investor Names,Lead Investors
Series A - Acme,Acme,Series A,5000000,EUR,2024-05-06,"Basel, Basel-Stadt, Switzerland, Europe",\
"Alpha (Asia), Beta, Inc., Gamma",Alpha (Asia)
Seed Round - Bolt,Bolt,Seed,,,2023-01-01,"Singapore, Asia",,
"""
PITCHBOOK = [
    ["Downloaded on: 01-Jan-2025", None, None, None, None, None, None, None, None],
    ["Deal ID", "Companies", "Deal Date", "Deal Size", "Deal Type", "Series", "Investors", "Lead/Sole Investors", "HQ Location"],
    [
        "1-1T", "Acme (NAS: ACME)", "27-Sep-2017", "12.5", "Early Stage VC", "Series A", "Alpha(Ann Example), Beta",
        "Alpha(Ann Example)", "Austin, TX",
    ],
    ["2-2T", "Bolt", "2018-01-02 00:00:00", None, "IPO", "Series B", None, None, "London, United Kingdom"],
    ["© PitchBook Data, Inc.", None, None, None, None, None, None, None, None],
]  # fmt: skip


def parquet(text: str) -> bytes:
    """Return plain deals as a Parquet file, in which amounts are numbers and dates are dates."""
    buffer = io.BytesIO()
    frame = pl.read_csv(text.encode(), schema_overrides={"amount": pl.Float64})
    frame.with_columns(pl.col("date").str.to_date("%Y-%m")).write_parquet(buffer)
    return buffer.getvalue()


def put(**files: bytes) -> None:
    """Put files into the inbox of a home, which has none yet."""
    settings.INBOX.mkdir(parents=True)
    for name, content in files.items():
        (settings.INBOX / name).write_bytes(content)
