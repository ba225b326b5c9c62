"""The wire: views that parse, call one service or selector, and answer."""
