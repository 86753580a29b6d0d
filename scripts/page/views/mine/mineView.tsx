import { type ComponentChildren } from "preact";
import { type Address, getAddress } from "viem";
import { AddressForm } from "../../actions/fieldInput";
import { addressProblem } from "../../../core/address";
import { useApp } from "../../context";
import { useApi } from "../../state/reading";
import { accountOf, signerOf } from "../../wallet/session";
import { AccountHistory } from "./accountHistory";
import { HoldingsPanel } from "./holdingsPanel";
import { MinerPanel } from "./minerPanel";
import { ValidatorPanel } from "./validatorPanel";
import { siteLink } from "../../../core/profile";
import { type AccountAnswer } from "../../api";
import { returnText } from "../../models/tables";
import { Account, Amount, Moment } from "../../ui/values";
import { Heading, Section, Shown, Tiles, type Figure } from "../../ui/blocks";

/** One account: what it has, what it staked, what it earns and why. @param rest The address in `#/mine/0x…`. */
export function MineView({ rest }: { readonly rest: readonly string[] }) {
  const { session } = useApp();
  const problem = rest[0] === undefined ? undefined : addressProblem(rest[0]);
  const linked = problem === undefined && rest[0] !== undefined ? getAddress(rest[0]) : undefined;
  const account = rest[0] === undefined ? accountOf(session) : linked;
  const isOwn = account !== undefined && account === signerOf(session);
  if (problem !== undefined) return <UnknownAccount problem={problem} />;
  return (
    <>
      {isOwn || account === undefined ? (
        <Heading title="Mine" />
      ) : (
        <Heading title="Account" tab={`Account ${account}`} />
      )}
      {account === undefined ? (
        <p>Connect a wallet above to see your account, or view any other. Viewing needs no signature.</p>
      ) : (
        <p class="whose">
          <code>{account}</code>
          {isOwn ? null : <span class="badge badge-plain">read-only</span>}
        </p>
      )}
      {account === undefined ? null : <AccountPanels key={account} account={account} isOwn={isOwn} />}
      <OtherAccount />
    </>
  );
}

interface AccountProps {
  readonly account: Address;
  readonly isOwn: boolean;
}

function AccountPanels({ account, isOwn }: AccountProps) {
  return (
    <>
      <RewardsPanel account={account} isOwn={isOwn} />
      <HoldingsPanel account={account} isOwn={isOwn} />
      <MinerPanel account={account} isOwn={isOwn} />
      <ValidatorPanel account={account} isOwn={isOwn} />
      <AccountHistory account={account} />
    </>
  );
}

/** For a link with a wrong address; no other account is shown instead. */
function UnknownAccount({ problem }: { readonly problem: string }) {
  return (
    <>
      <Heading title="Account" />
      <p class="problem">The address in this link {problem}.</p>
      <OtherAccount />
    </>
  );
}

/** Looks at any account, without a wallet. */
function OtherAccount() {
  return (
    <div class="card">
      <AddressForm
        label="Look at an account"
        onLook={(account) => {
          location.hash = `#/mine/${account}`;
        }}
      />
    </div>
  );
}

/** What an account can claim, what waits for its delay, and what it was paid. */
function RewardsPanel({ account, isOwn }: AccountProps) {
  const { version, deployment } = useApp();
  const rewards = useApi<AccountAnswer>(`/v1/accounts/${account}`, version);
  return (
    <Section title="Rewards">
      {rewards.kind === "ready" ? <ProfileLine profile={rewards.value.profile} /> : null}
      <Shown reading={rewards} what="the rewards">
        {(answer) => (
          <Tiles
            look="tiles-narrow"
            figures={[
              [
                "Claimable now",
                <>
                  <Amount wei={answer.claimableWei} />
                  {isOwn && answer.claimableWei !== "0" ? (
                    <a class="button primary" href="#/do/claim">
                      Claim
                    </a>
                  ) : null}
                </>,
                answer.paused
                  ? "The Treasury is paused: nobody can claim until the pause ends."
                  : answer.epoch === null
                    ? "No rewards can be claimed yet."
                    : `earned up to epoch ${answer.epoch}`,
              ],
              [
                "Waiting",
                <Amount wei={answer.pending?.moreWei ?? "0"} />,
                describePending(answer.pending, deployment.claimDelaySeconds),
              ],
              ["Paid so far", <Amount wei={answer.claimedWei} />, describePaid(answer)],
              [
                "Total earned",
                <Amount wei={answer.pending?.cumulativeWei ?? answer.cumulativeWei} />,
                "paid, claimable and waiting",
              ],
              ...returnFigure(answer),
            ]}
          />
        )}
      </Shown>
    </Section>
  );
}

function returnFigure({ stakeReturn }: AccountAnswer): readonly Figure[] {
  const { epochs } = stakeReturn;
  if (epochs === 0) return [];
  const because = `measured over the ${epochs} of the last 30 settled epochs in which it had stake; not compounded`;
  return [["Yearly return on stake", returnText(stakeReturn), because]];
}

/** The account's profile as plain text; its site is a link only if it can't lead anywhere else. */
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

/** The rewards that wait, and from when they can be claimed. */
function describePending(pending: AccountAnswer["pending"], delaySeconds: number): ComponentChildren {
  if (pending === null) {
    return delaySeconds === 0 ? "this network has no claim delay" : "nothing waits for its claim delay";
  }
  return (
    <>
      earned up to epoch {pending.epoch}, claimable from <Moment at={pending.claimableAt} />
    </>
  );
}

/** The recipient of claims. */
function describePaid({ account, recipient, autoStake }: AccountAnswer): ComponentChildren {
  if (autoStake === null && recipient.toLowerCase() === account.toLowerCase()) return "to the account itself";
  return (
    <>
      {autoStake === null ? "now to" : "now staked with"} <Account address={autoStake ?? recipient} />
    </>
  );
}
