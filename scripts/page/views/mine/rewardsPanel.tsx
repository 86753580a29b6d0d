import { siteLink } from "../../../core/profile";
import { type AccountAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { returnText } from "../../models/validators";
import { useApi } from "../../state/useReading";
import { Account, Amount, Moment } from "../../ui/values";
import { Section, Shown, Tile } from "../../ui/blocks";

/** What an account can claim, what waits for its delay, and what it was paid. */
export function RewardsPanel({ account, isOwn }: { readonly account: string; readonly isOwn: boolean }) {
  const { version, deployment } = useApp();
  const rewards = useApi<AccountAnswer>(`/v1/accounts/${account}`, version);
  return (
    <Section title="Rewards">
      {rewards.kind === "ready" ? <ProfileLine profile={rewards.value.profile} /> : null}
      <Shown reading={rewards} what="the rewards">
        {({ claimableWei, claimedWei, cumulativeWei, epoch, pending, paused, recipient, autoStake, stakeReturn }) => (
          <>
            <dl class="tiles tiles-narrow">
              <Tile
                name="Claimable now"
                because={
                  paused
                    ? "The Treasury is paused: nobody can claim until the pause ends."
                    : epoch === null
                      ? "No rewards can be claimed yet."
                      : `earned up to epoch ${epoch}`
                }
              >
                <Amount wei={claimableWei} />
                {isOwn && claimableWei !== "0" ? (
                  <a class="button primary" href="#/do/claim">
                    Claim
                  </a>
                ) : null}
              </Tile>
              <Tile name="Waiting" because={<Waiting pending={pending} delaySeconds={deployment.claimDelaySeconds} />}>
                <Amount wei={pending?.moreWei ?? "0"} />
              </Tile>
              <Tile name="Paid so far" because={<Paid account={account} recipient={recipient} autoStake={autoStake} />}>
                <Amount wei={claimedWei} />
              </Tile>
              <Tile name="Earned in all" because="paid, claimable and waiting">
                <Amount wei={pending?.cumulativeWei ?? cumulativeWei} />
              </Tile>
              {stakeReturn.epochs === 0 ? null : (
                <Tile
                  name="Yearly return on stake"
                  because={`measured over the ${stakeReturn.epochs} of the last 30 settled epochs in which it had stake; not compounded`}
                >
                  {returnText(stakeReturn)}
                </Tile>
              )}
            </dl>
          </>
        )}
      </Shown>
    </Section>
  );
}

/** Who the account says it is, as plain text; its site is a link only where it can't lead elsewhere than it says. */
function ProfileLine({ profile }: Pick<AccountAnswer, "profile">) {
  if (profile === null) return null;
  const { name, site, contact } = profile;
  const link = siteLink(site);
  return (
    <p>
      {name === "" ? null : <bdi>{name} </bdi>}
      {link === undefined ? (
        <bdi>{site} </bdi>
      ) : (
        <>
          <a href={link} rel="noopener noreferrer nofollow" target="_blank">
            {link}
          </a>{" "}
        </>
      )}
      <bdi>{contact}</bdi> <span class="muted">self-declared, unverified</span>
    </p>
  );
}

function Waiting({
  pending,
  delaySeconds,
}: {
  readonly pending: AccountAnswer["pending"];
  readonly delaySeconds: number;
}) {
  if (pending !== null) {
    return (
      <>
        earned up to epoch {pending.epoch}, claimable from <Moment at={pending.claimableAt} />
      </>
    );
  }
  return <>{delaySeconds === 0 ? "this network has no claim delay" : "nothing waits for its claim delay"}</>;
}

function Paid({
  account,
  recipient,
  autoStake,
}: Pick<AccountAnswer, "recipient" | "autoStake"> & { readonly account: string }) {
  if (autoStake !== null) {
    return (
      <>
        now staked with <Account address={autoStake} />
      </>
    );
  }
  if (recipient.toLowerCase() === account.toLowerCase()) return <>to the account itself</>;
  return (
    <>
      now to <Account address={recipient} />
    </>
  );
}
