"""LibCST front end: parse once, point at nodes cheaply. Knows nothing of SageMaker or of contracts."""
