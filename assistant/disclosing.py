"""What readers may know of the settings; apart from the assembly, whose parts take a while to import."""

from assistant.disclosure import Disclosure, Server, listed, model_server, server, without_folder
from assistant.settings import Settings


def disclose(settings: Settings) -> Disclosure:
    """Pick out what readers may know of the settings: hosts without the rest of an address, and no key."""
    database = settings.database_url.get_secret_value()
    return Disclosure(
        model=settings.model,
        model_server=model_server(settings.model, settings.model_url),
        quotes_if_model_fails=settings.quotes_if_model_fails,
        embedding_model=without_folder(settings.embedding_model),
        cross_encoder=without_folder(settings.cross_encoder),
        index_server=server(settings.chroma_url) if settings.chroma_url else Server(),
        database_server=server(database) if database else Server(),
        keeps_records=settings.record,
        keep_days=settings.keep_days,
        contact_name=settings.contact_name,
        contact_url=settings.contact_url,
        rate_per_minute=settings.rate_per_minute,
        rate_total=settings.rate_total,
        allowed_origins=listed(settings.allowed_origins),
        has_desk=bool(settings.staff_password.get_secret_value()),
    )
