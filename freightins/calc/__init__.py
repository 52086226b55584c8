"""The arithmetic of freight insurance: plain values and rules in, values out."""
