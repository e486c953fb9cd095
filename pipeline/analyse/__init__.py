"""Language model, attribution, stance, times, quantities."""
