"""The load benchmark behind `script/bench`."""
