import type { AgreementForm, Replay } from '../../../contract/sla.ts'
import { Temporal } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { companySettings } from '../company/access.ts'
import { resolvedTickets } from './access-open.ts'
import { proposed, seenOf } from './actions-recount.ts'
import { type Ended, endedBy, outcomeOf, sumOf } from './rules-replay.ts'

/** Tickets of the past against terms that are not saved: nothing is written, and each ticket is folded twice. */
const [atOnce, mostLooked, mostShown] = [400, 20_000, 200]
type Asked = { agreementId: string | null; terms: AgreementForm; fromOn: string; toOn: string }

export async function replayTerms(context: Context, { agreementId, terms, fromOn, toOn }: Asked): Promise<Replay> {
  // Its period says when it holds; what it would have come to is asked for days on which it did not.
  const { own, now, world } = await proposed(context, agreementId, { ...terms, startsOn: null, endsOn: null })
  const { timeZone } = await companySettings(context.db)
  const day = (on: string, more: number) => Temporal.PlainDate.from(on).add({ days: more }).toZonedDateTime(timeZone).toInstant()
  const pairs: { inForce: Ended[]; proposed: Ended[] }[] = []
  const items: Replay['items'] = []
  let [looked, count, below] = [0, 0, null as string | null]
  for (;;) {
    const tickets = await resolvedTickets(context, day(fromOn, 0), day(toOn, 1), { below, many: atOnce })
    for (const { id, subject, moments } of tickets) {
      const pair = { inForce: endedBy(now, moments, terms.kind), proposed: endedBy(world, moments, terms.kind) }
      if (![...pair.inForce, ...pair.proposed].some((clock) => clock.agreementId === own.id)) continue
      pairs.push(pair)
      const others = outcomeOf(pair).filter((one) => one.inForce !== one.proposed)
      count += others.length
      for (const one of others.slice(0, mostShown - items.length)) items.push({ ticket: { id, number: Number(id), subject }, ...one })
    }
    looked += tickets.length
    below = tickets.at(-1)?.id ?? null
    const more = looked >= mostLooked
    if (tickets.length < atOnce || more)
      return {
        looked,
        more: more && tickets.length === atOnce,
        covered: pairs.length,
        targets: sumOf(pairs),
        count,
        items: await seenOf(context, items),
      }
  }
}
