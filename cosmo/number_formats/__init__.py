"""Where plain numbers in templates differ from what Django says of a language."""
