"""Western digits and a point, as ``cosmo.lib.formats`` writes money; also in inputs."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
