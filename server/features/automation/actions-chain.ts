import type { Context } from '../../kernel/context.ts'

/**
 * What one cause brought about, through however many rules. While a rule acts, whatever is recorded in its context
 * belongs to the same chain, one deeper; what a person does begins a new one.
 */
export type Chain = { id: string; depth: number }
const chains = new WeakMap<Context, Chain>()

export const keepChain = (context: Context, chain: Chain): void => void chains.set(context, chain)
export const chainOf = (context: Context): Chain | undefined => chains.get(context)
