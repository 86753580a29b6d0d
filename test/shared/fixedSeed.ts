import fc from "fast-check";

/** For measuring coverage: the lines that the properties reach must not depend on luck. Elsewhere every run is random. */
fc.configureGlobal({ seed: 1 });
