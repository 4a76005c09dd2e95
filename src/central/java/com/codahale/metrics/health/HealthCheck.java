package com.codahale.metrics.health;

/** A check that the Metrics plugin runs every minute. */
public abstract class HealthCheck {
    protected abstract Result check() throws Exception;

    public Result execute() {
        try {
            return check();
        } catch (Exception e) {
            return Result.unhealthy(e.getMessage());
        }
    }

    /** What it found. */
    public static class Result {
        private final boolean healthy;
        private final String message;

        private Result(boolean healthy, String message) {
            this.healthy = healthy;
            this.message = message;
        }

        public static Result healthy() {
            return new Result(true, null);
        }

        public static Result unhealthy(String message) {
            return new Result(false, message);
        }

        public boolean isHealthy() {
            return healthy;
        }

        public String getMessage() {
            return message;
        }
    }
}
