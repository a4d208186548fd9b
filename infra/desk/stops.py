"""Why an address gets no mail, in a clerk's words."""


def stopped(why: str) -> str:
    """SES's own words stay beside it, for whoever asks the postmaster."""
    word = "unzustellbar" if "Permanent" in why else "als Spam gemeldet"
    return f"{'auf der Sperrliste unseres Versanddienstes' if 'Suppress' in why else word} ({why})"
