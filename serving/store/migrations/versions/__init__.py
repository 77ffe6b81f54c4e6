"""Migration scripts, each naming its predecessor."""
