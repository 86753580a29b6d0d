import fc from "fast-check";

/** For measuring coverage: which lines the properties reach must not be a matter of luck. Elsewhere every run draws anew. */
fc.configureGlobal({ seed: 1 });
