/** At least so long from block to block: nodes that are to notice one have to get their turn. */
export const blockMilliseconds = 160;

/** How many seconds of the chain pass in one of ours where a block has a second. */
export const chainSpeed = 1_000 / blockMilliseconds;

/** By what the waits and timeouts of nodes are divided: a slot here is 300 times as short as that of a real network. */
export const machineSpeed = 20;
