import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { api } from './api.ts'

/** Options of the change itself, and no part of what is kept. */
const ofTheAct = ['tell', 'despite']

describe('a change', () => {
  it('fills in nothing that it does not name: what is kept stays', () => {
    const filling = Object.entries(api as Record<string, { body?: z.ZodType }>).flatMap(([name, { body }]) => {
      const taken = name.startsWith('PATCH ') ? body?.safeParse({}) : undefined
      const named = taken?.success ? Object.keys(taken.data as object).filter((field) => !ofTheAct.includes(field)) : []
      return named.length > 0 ? [`${name}: ${named.join(', ')}`] : []
    })
    expect(filling).toEqual([])
  })
})
