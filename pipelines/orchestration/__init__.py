"""Run the pipeline with Dagster: assets, schedules and sensors call the stages in order."""
