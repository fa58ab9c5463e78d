"""Declare the table of places."""

import dataframely as dy

from pipelines.schema import TableSchema, one_of


class Places(TableSchema):
    """One row per place as sources write it: the city, province or country it is, or why it is none."""

    table = "core.places"
    reads = tuple(f"staging.place_mentions.{column}" for column in ("place_key", "country", "region", "place", "n"))

    place_key = dy.String(
        primary_key=True, description="Country, region and place as written, joined by |; how other tables refer to it."
    )
    country = dy.String(nullable=True, description="Country as given.")
    region = dy.String(nullable=True, description="State or province as given.")
    place = dy.String(nullable=True, description="Place as given.")
    level = dy.String(check=one_of("city", "province", "country", "none"), description="city, province, country or none.")
    city = dy.String(nullable=True, description="City; null unless the level is city.")
    municipality = dy.String(nullable=True, description="Municipality of the gazetteer it was found as.")
    province = dy.String(nullable=True, description="First-level unit, in English, where known.")
    city_province = dy.String(nullable=True, description="First-level unit of the city, which may reach into others.")
    city_country = dy.String(nullable=True, description="Country it was found in.")
    geoname_id = dy.Int64(nullable=True, description="GeoNames id.")
    latitude = dy.Float64(nullable=True, min=-90, max=90, description="Degrees north.")
    longitude = dy.Float64(nullable=True, min=-180, max=180, description="Degrees east.")
    reason = dy.String(description="How it was decided, or why it was not.")
    n = dy.Int64(min=1, description="Rows that name it.")
