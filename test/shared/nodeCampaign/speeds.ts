/** Minimum time between two blocks: nodes must get their turn to notice one. */
export const blockMilliseconds = 160;

/** How many seconds of the chain pass in a real second, if a block has a second. */
export const chainSpeed = 1_000 / blockMilliseconds;

/** Divisor of the nodes' waits and timeouts: a slot here is 300 times shorter than on a real network. */
export const machineSpeed = 20;
