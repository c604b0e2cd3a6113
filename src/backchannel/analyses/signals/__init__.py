"""What each side should believe, and what signals, red lines and audiences change."""
