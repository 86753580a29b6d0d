import { type StatusAnswer, type SupplyAnswer } from "../../api/answers";
import { useApi } from "../../state/useReading";
import { durationText } from "../../../show/moments";
import { useChainNow } from "../../state/hooks";
import { Amount, Moment } from "../../ui/values";
import { Shown, Tile } from "../../ui/blocks";

/** Where every token is, and where the schedule stands. */
export function Figures({ status }: { readonly status: StatusAnswer | null }) {
  const supply = useApi<SupplyAnswer>("/v1/supply");
  return (
    <Shown reading={supply} what="the supply" rows={5}>
      {(tokens) => (
        <dl class="tiles">
          <Tile
            name="Total supply"
            because={
              <>
                of at most <Amount wei={tokens.maxSupplyWei} />
              </>
            }
          >
            <Amount wei={tokens.totalSupplyWei} />
          </Tile>
          <Tile name="Circulating" because="not staked, unclaimed, in the pool or in escrow">
            <Amount wei={tokens.circulatingWei} />
          </Tile>
          <Tile
            name="Minted"
            because={
              <>
                the Treasury may mint <Amount wei={tokens.treasuryMintableWei} /> more
              </>
            }
          >
            <Amount wei={tokens.totalMintedWei} />
          </Tile>
          <Tile name="Burned" because="removed from the supply">
            <Amount wei={tokens.totalBurnedWei} />
          </Tile>
          <Tile name="Recycling pool" because="used before minting">
            <Amount wei={tokens.poolWei} />
          </Tile>
          <Tile name="Staked" because="including stake being withdrawn">
            <Amount wei={tokens.stakedWei} />
          </Tile>
          <Tile name="Unclaimed rewards" because="they never expire">
            <Amount wei={tokens.unclaimedWei} />
          </Tile>
          {status === null ? null : <HalvingTile status={status} />}
        </dl>
      )}
    </Shown>
  );
}

function HalvingTile({ status }: { readonly status: StatusAnswer }) {
  const now = useChainNow() ?? status.timestamp;
  const { nextHalvingAt, nextHalvingEpoch, ceilingWei } = status;
  return (
    <Tile
      name="Next halving"
      because={
        <>
          epoch {nextHalvingEpoch}, <Moment at={nextHalvingAt} />; until then at most <Amount wei={ceilingWei} /> per
          epoch
        </>
      }
    >
      in {durationText(nextHalvingAt - now)}
    </Tile>
  );
}
