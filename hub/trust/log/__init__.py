"""The public log as it is stored: leaves put in order, tiles, signed heads, and the comparison with every bound row."""
