package com.codahale.metrics;

/** Of the library that the Metrics plugin bundles. */
public interface Metric {}
