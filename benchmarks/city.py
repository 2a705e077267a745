"""Makes a database with a city in it, in a process of its own: tables, units, people and vault of the demonstration."""

import django
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone


def main() -> None:
    """Prepare the data folder of this environment."""
    django.setup()
    from complaints.services.demo.offices import load_city
    from complaints.services.demo.people import load_people
    from complaints.services.demo.vault import load_vault
    from portal.shared.logs import quiet

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with quiet():
        call_command("migrate", interactive=False, verbosity=0)
        load_people(offices=load_city(), at=timezone.now())
        load_vault(folder=settings.DATA_DIR / "demo", today=timezone.localdate(), at=timezone.now())


if __name__ == "__main__":
    main()
