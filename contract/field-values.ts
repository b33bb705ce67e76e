import { z } from 'zod'
import { prose } from './endpoint.ts'

/** What the own fields of a company hold on a ticket, by their keys. The definitions are in fields.ts. */
export const fieldTypes = ['text', 'number', 'choice', 'date', 'person', 'organisation'] as const
export const fieldKey = z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, 'small letters, digits and hyphens, beginning with a letter')
export const fieldValue = z
  .union([z.string(), z.number()])
  .nullable()
  .meta({ description: 'Text, a number, the key of a choice, a date as YYYY-MM-DD, or the id of a person or organisation.' })
export const fieldValues = z.record(fieldKey, fieldValue)
/** Null empties a field; a field that is not named stays as it is. */
export const fieldValuesInput = z.record(z.string().max(60), z.union([prose(2000), z.number()]).nullable())
export type FieldValue = string | number
export type FieldType = (typeof fieldTypes)[number]
