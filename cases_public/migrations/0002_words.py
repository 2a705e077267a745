"""The table of words, which each kind of database has in its own form."""

from django.db import migrations

SQLITE = "CREATE VIRTUAL TABLE cases_public_words USING fts5(words, content='', tokenize='ascii')"
POSTGRES = (
    "CREATE TABLE cases_public_words (page_id bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX cases_public_words_found ON cases_public_words USING gin (words)",
)


def make(apps, schema_editor):
    statements = POSTGRES if schema_editor.connection.vendor == "postgresql" else (SQLITE,)
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE cases_public_words")


class Migration(migrations.Migration):
    dependencies = [("cases_public", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]
