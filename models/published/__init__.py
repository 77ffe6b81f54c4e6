"""Published statistics and scales, used unchanged: pure arithmetic, each with its source."""
