"""The project package: settings, URLs and the layer everything may use."""
