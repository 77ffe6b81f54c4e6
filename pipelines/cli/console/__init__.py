"""Console output, one module per group of commands; `console` holds the shared parts."""
