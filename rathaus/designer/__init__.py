"""The face of design, below `/amt/leistungen/`: services made and changed by people who know them, without code."""
