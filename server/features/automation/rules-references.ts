import type { RuleAction } from '../../../contract/automation.ts'
import type { Step } from '../../../contract/readymade.ts'
import type { ViewQuery } from '../../../contract/views.ts'
import { referencesOf, wrongTexts } from '../readymade/rules-references.ts'
import { wrongVariables } from '../readymade/rules-variables.ts'
import { namedIn } from '../views/rules.ts'

/** What a rule refers to, and where in it. Its steps are those of macros and are read as such; the rest is its own. */
export type Ref = { kind: string; id: string; path: string }
export type Wrong = { path: string; code: string; message: string }

const asSteps = (actions: readonly RuleAction[]) => ({ kind: 'macro' as const, steps: actions as unknown as Step[] })
const inActions = (path: string) => path.replace(/^content\.steps\./, 'actions.')

export function refsOf(query: ViewQuery, actions: readonly RuleAction[]): Ref[] {
  const own = actions.flatMap((action, i): Ref[] => {
    const at = (field: string) => `actions.${i}.${field}`
    if (action.do === 'notify')
      return [
        ...action.personIds.map((id, n) => ({ kind: 'person', id, path: at(`personIds.${n}`) })),
        ...action.teamIds.map((id, n) => ({ kind: 'team', id, path: at(`teamIds.${n}`) })),
      ]
    if (action.do === 'task') return action.teamId === null ? [] : [{ kind: 'team', id: action.teamId, path: at('teamId') }]
    if (action.do === 'webhook') return [{ kind: 'webhook', id: action.webhookId, path: at('webhookId') }]
    return action.do === 'macro' ? [{ kind: 'readymade', id: action.readymadeId, path: at('readymadeId') }] : []
  })
  const steps = referencesOf(asSteps(actions)).map((ref) => ({ ...ref, path: inActions(ref.path) }))
  return [...namedIn(query), ...steps, ...own]
}

/** Variables that may not stand where they stand: what a requester reads has the public ones only (F-081). */
export function wrongTextsIn(actions: readonly RuleAction[]): Wrong[] {
  const own = actions.flatMap((action, i) => {
    if (action.do !== 'mail-staff') return []
    const texts = { 'text.en': action.text.en, 'text.de': action.text.de, subject: action.subject }
    return Object.entries(texts).flatMap(([field, text]) =>
      wrongVariables(text, 'staff').map(({ name, code }) => ({
        path: `actions.${i}.${field}`,
        code,
        message: `There is no variable {{${name}}}. Choose one from the list.`,
      })),
    )
  })
  return [...wrongTexts(asSteps(actions)).map((one) => ({ ...one, path: inActions(one.path) })), ...own]
}
