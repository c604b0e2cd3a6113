"""When those who hold a government up move: single members, groups in a global game, cascades, elites, the exit."""
