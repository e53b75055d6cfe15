"""Where lines that speak REST call us (docs/line-protocol.md)."""
