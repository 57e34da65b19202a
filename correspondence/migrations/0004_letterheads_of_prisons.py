from django.db import migrations

# What a prison wrote above its letters so far holds for every day before the next letterhead.
COPY = """
    INSERT INTO correspondence_letterhead (facility_id, starts_on, lines, address)
    SELECT id, DATE '1970-01-01', ARRAY(SELECT jsonb_array_elements_text(letterhead)), ''
      FROM accounts_facility
     WHERE jsonb_typeof(letterhead) = 'array' AND jsonb_array_length(letterhead) > 0
        ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_outside"),
        ("correspondence", "0003_letters_life"),
    ]

    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]
