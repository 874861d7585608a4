"""Credit codes that fail their check and are valid for life: a list that two officials keep."""
