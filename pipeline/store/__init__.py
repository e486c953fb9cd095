"""The only room that speaks to Postgres; the embedded server lives here too."""
