"""The demo wire: a made-up day of wire copy, served over loopback (see README.md)."""
