"""The function behind the forms: `web` answers HTTP, `worker` mails; imports point from them to the nouns."""
