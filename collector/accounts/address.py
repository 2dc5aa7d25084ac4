"""A member's e-mail address in its one normal form."""

from email_validator import EmailNotValidError, validate_email

from collector.problems import Fault, ValidationFailed


def normal_email(text: str) -> str:
    """The address as it is stored and compared. Nothing is looked up. Raises `ValidationFailed`, repeating nothing of it."""
    try:
        found = validate_email(text.strip()[:300], check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValidationFailed(
            faults=[Fault("This is not one e-mail address such as ann@example.com.", parameter="email")]
        ) from None
    return f"{found.local_part}@{found.ascii_domain}".lower()


def normal_name(text: str) -> str:
    """A person's or a team's name without blanks around it. Raises `ValidationFailed`."""
    name = text.strip()
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise ValidationFailed(faults=[Fault("A name has 1 to 120 letters.", parameter="name")])
    return name
