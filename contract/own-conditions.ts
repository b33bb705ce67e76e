import { z } from 'zod'
import { idInput, line } from './endpoint.ts'

/** Conditions over the own fields of a company (fields.ts). Each says the type that its field has, and by it what can be asked. */
export const many = <T extends z.ZodType>(value: T) => z.array(value).min(1, 'Choose one at least.').max(50)

const own = { field: z.literal('own'), fieldId: idInput.meta({ description: 'The id of the field, from GET /api/fields.' }) }
const isOrNot = z.enum(['is', 'is-not']).default('is')
const filled = z.enum(['empty', 'not-empty'])
const days = z.number().int().min(0).max(3650)
const day = z.iso.date()

const choiceOf = { ...own, type: z.literal('choice') }
const textOf = { ...own, type: z.literal('text') }
const numberOf = { ...own, type: z.literal('number') }
const dateOf = { ...own, type: z.literal('date') }
const personOf = { ...own, type: z.literal('person') }
const organisationOf = { ...own, type: z.literal('organisation') }
const values = (value: z.ZodType<string, unknown>) => ({ op: isOrNot, values: many(value) })

export const ownCondition = z.discriminatedUnion('type', [
  z.discriminatedUnion('op', [
    z.strictObject({ ...choiceOf, ...values(line(50).meta({ description: 'The key of a choice.' })) }),
    z.strictObject({ ...choiceOf, op: filled }),
  ]),
  z.discriminatedUnion('op', [
    z.strictObject({ ...textOf, ...values(line(100).meta({ description: 'The whole text, letter by letter.' })) }),
    z.strictObject({ ...textOf, op: z.enum(['contains', 'lacks']), value: line(100) }),
    z.strictObject({ ...textOf, op: filled }),
  ]),
  z.discriminatedUnion('op', [
    z.strictObject({ ...numberOf, op: z.enum(['at-least', 'at-most', 'is', 'is-not']), value: z.number() }),
    z.strictObject({ ...numberOf, op: filled }),
  ]),
  z.discriminatedUnion('op', [
    z.strictObject({
      ...dateOf,
      op: z
        .enum(['within', 'older', 'next'])
        .meta({ description: 'In the last days, today with them; longer ago; in the next days, today with them.' }),
      days,
    }),
    z.strictObject({ ...dateOf, op: z.literal('between'), from: day, to: day.meta({ description: 'The last day that counts.' }) }),
    z.strictObject({ ...dateOf, op: filled }),
  ]),
  z.discriminatedUnion('op', [
    z.strictObject({ ...personOf, ...values(z.union([z.literal('me'), idInput])) }),
    z.strictObject({ ...personOf, op: filled }),
  ]),
  z.discriminatedUnion('op', [
    z.strictObject({ ...organisationOf, ...values(idInput) }),
    z.strictObject({ ...organisationOf, op: filled }),
  ]),
])
export type OwnCondition = z.output<typeof ownCondition>
