"""The steps, one a file; what a step did once it does for ever, so none is changed after it was released."""
