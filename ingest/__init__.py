"""From documents on disk to an index that questions can be answered from."""
