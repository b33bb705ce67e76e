import { sql } from 'kysely'
import type { Occasion, RuleAction } from '../../../contract/automation.ts'
import { staffRoles } from '../../../contract/rights.ts'
import type { ViewQuery } from '../../../contract/views.ts'
import type { Context } from '../../kernel/context.ts'
import { Problem } from '../../kernel/problem.ts'
import { fieldFacts } from '../fields/access.ts'
import { accessReadymade } from '../readymade/access.ts'
import { wrongOwn } from '../views/rules-own.ts'
import { goneOf } from './access.ts'
import { needsPerson, personalIn } from './rules.ts'
import { refsOf, type Wrong, wrongTextsIn } from './rules-references.ts'

/** All that is wrong with a rule at once, by field. */
export async function refuseRule(context: Context, rule: { occasion: Occasion; query: ViewQuery; actions: RuleAction[] }): Promise<void> {
  const refs = refsOf(rule.query, rule.actions)
  const gone = await goneOf(context, refs)
  const own = refs.some(({ kind }) => kind.startsWith('field-')) ? wrongOwn(rule.query, await fieldFacts(context)) : []
  const goneAt = new Set(gone.map(({ path }) => path.replace(/\.fieldId$/, '')))
  const issues: Wrong[] = [
    ...personalIn(rule.query).map((path) => ({
      path,
      code: 'personal',
      message: 'This asks about whoever reads the list, and a rule is nobody. Name the person or the team.',
    })),
    ...rule.actions.flatMap((action, i) =>
      needsPerson(action)
        ? [
            {
              path: `actions.${i}.do`,
              code: 'needs_person',
              message: 'Only a person can do this. Choose another step, or name the person.',
            },
          ]
        : [],
    ),
    ...wrongTextsIn(rule.actions),
    ...gone.map(({ path }) => ({ path, code: 'unknown', message: 'This does not exist any more. Choose another.' })),
    ...own.filter(({ path }) => !goneAt.has(path.replace(/\.(fieldId|type)$/, ''))),
    ...(await wrongMacros(context, rule.actions, new Set(gone.map(({ path }) => path)))),
    ...(await strangers(context, rule.actions)),
  ]
  if (issues.length > 0) throw new Problem('validation_failed', issues[0]!.message, { issues })
}

async function wrongMacros(context: Context, actions: RuleAction[], gone: ReadonlySet<string>): Promise<Wrong[]> {
  const issues: Wrong[] = []
  for (const [i, action] of actions.entries()) {
    const path = `actions.${i}.readymadeId`
    if (action.do !== 'macro' || gone.has(path)) continue
    const macro = await accessReadymade(context, action.readymadeId, 'readymade.use').catch((cause) => {
      if (cause instanceof Problem) return null
      throw cause
    })
    if (macro?.content.kind !== 'macro') issues.push({ path, code: 'kind', message: 'This is no macro that you may use. Choose another.' })
    else if (macro.content.steps.some(needsPerson))
      issues.push({ path, code: 'needs_person', message: 'This macro books time or gives the ticket to whoever runs it. Choose another.' })
  }
  return issues
}

/** Mails with internal facts go to people who work here, and to nobody else. */
async function strangers(context: Context, actions: RuleAction[]): Promise<Wrong[]> {
  const all = actions.flatMap((action, i) =>
    action.do === 'mail-staff' ? action.to.map((address, n) => ({ address, path: `actions.${i}.to.${n}` })) : [],
  )
  if (all.length === 0) return []
  const known = new Set(
    (
      await staffWith(
        context,
        all.map(({ address }) => address),
      )
    ).map((one) => one.email.toLowerCase()),
  )
  return all
    .filter(({ address }) => !known.has(address.toLowerCase()))
    .map(({ path }) => ({ path, code: 'no_staff', message: 'Nobody who works here has this address. Internal mail goes to staff only.' }))
}

export type Staff = { id: string; name: string; email: string; language: 'en' | 'de' }
export async function staffWith({ db }: Context, addresses: readonly string[]): Promise<Staff[]> {
  const found =
    await sql<Staff>`select p.id, p.name, p.email::text as email, p.language from person p where p.email = any(${[...addresses]}::citext[])
    and p.archived_at is null and exists (select 1 from role_grant g where g.person_id = p.id and g.role = any(${[...staffRoles]}::text[]))`.execute(
      db,
    )
  return found.rows
}
