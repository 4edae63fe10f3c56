"""How does one run get from paths to a report? The pipeline, a stage a module."""
