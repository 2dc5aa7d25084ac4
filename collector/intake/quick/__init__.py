"""The quick reader of what nearly every visitor sends."""
