/** One account: what it has, what it staked, what it earns and why. */
export function MineView() {
  return <h1>Mine</h1>;
}
