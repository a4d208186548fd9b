"""Which failures each form's page has a message for: those that lead back to it, and `stoerung`."""

SHOWN = {
    "/passwort-vergessen/": ("eingabe-ungueltig", "zu-viele-anfragen", "stoerung"),
    "/neues-passwort/": (
        "eingabe-ungueltig",
        "link-ungueltig",
        "passwort-ungleich",
        "passwort-zu-kurz",
        "passwort-zu-lang",
        "passwort-zu-einfach",
        "passwort-wie-bisher",
        "zu-viele-anfragen",
        "stoerung",
    ),
    "/anmelden/": ("anmeldung-fehlgeschlagen", "zu-viele-anfragen", "stoerung"),
    "/das-war-ich-nicht/": ("link-ungueltig", "stoerung"),
    "/portal/": ("stoerung",),
    "/": ("stoerung",),
}
