"""What Encours does for its users, one use case a module: it knows neither the web nor the console.

The API, the pages and the command line call these.
"""
