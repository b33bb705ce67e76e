import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import './events.ts'

/** For the mail feature, which alone knows how the mail of a message fares. */
export type Delivery = 'waiting' | 'ready' | 'sending' | 'sent' | 'partly' | 'failed' | 'uncertain' | 'withdrawn' | 'held'

/** Keeps what the conversation shows of a delivery true. */
export async function tellDelivery(context: Context, messageId: string, state: Delivery, answer: string): Promise<void> {
  await sql`update message set delivery = ${state}, delivery_answer = ${answer.slice(0, 500)} where id = ${messageId} and delivery is distinct from 'withdrawn'`.execute(
    context.db,
  )
}
