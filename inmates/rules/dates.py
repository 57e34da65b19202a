"""Calendar arithmetic about people."""


def age_on(birth_date, day):
    """Whole years of age on a day."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)
