"""What commands print, a module a group of commands; `console` has what they share."""
