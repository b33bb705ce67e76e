import type { Rule, RuleAction, StepDone } from '../../../contract/automation.ts'
import { lookUp, type Say } from '../../kernel/i18n.ts'
import { readymadeTexts } from '../readymade/texts.ts'
import { automationTexts } from './texts.ts'

export type T = Say<(typeof automationTexts)['en']>

/** A step by its name: the rules' own words where they have some, else those of macros. */
export const stepName = (what: string): string => lookUp(automationTexts, `step_${what}`) ?? lookUp(readymadeTexts, `step_${what}`) ?? what

export const whenWords = (occasion: Rule['occasion'], t: T): string =>
  occasion.on === 'time'
    ? t('timeSays', { count: occasion.hours, since: t(`s-${occasion.since}`) })
    : occasion.events.map((one) => t(`e-${one}`)).join(t('or'))

/** A step with what it sets, as far as that has a name. */
function actionWords(action: RuleAction, names: Rule['names']): string {
  const of = (kind: string, id: string | null) => (id === null ? '' : (names[`${kind}:${id}`] ?? ''))
  const value = (): string => {
    switch (action.do) {
      case 'team':
        return of('team', action.teamId)
      case 'status':
      case 'wait':
        return of('status', action.statusId)
      case 'category':
        return of('category', action.categoryId)
      case 'assignee':
        return of('person', action.assigneeId)
      case 'tasks':
        return of('task-template', action.templateId)
      case 'macro':
        return of('readymade', action.readymadeId)
      case 'webhook':
        return of('webhook', action.webhookId)
      case 'notify':
        return [...action.teamIds.map((id) => of('team', id)), ...action.personIds.map((id) => of('person', id))].filter(Boolean).join(', ')
      case 'priority':
        return String(action.priority)
      case 'tags':
        return [...action.add, ...action.remove.map((tag) => `− ${tag}`)].join(', ')
      case 'task':
        return action.title
      default:
        return ''
    }
  }
  const said = value()
  return said === '' ? stepName(action.do) : `${stepName(action.do)}: ${said}`
}

/** The rule as one sentence. */
export function ruleWords(rule: Rule, t: T): string {
  const count = rule.query.all.length + rule.query.any.length
  const said = { when: whenWords(rule.occasion, t), does: rule.actions.map((action) => actionWords(action, rule.names)).join('; ') }
  return count === 0 ? t('says', said) : t('saysIf', { ...said, count })
}

/** What a run did or would do; ids mean nothing to a reader and are left out. */
export const stepsWords = (steps: readonly StepDone[], t: T): string => {
  const done = steps.filter((step) => step.outcome === 'done' && step.do !== 'stop')
  return done.length === 0 ? t('nothingNew') : done.map((step) => stepName(step.do)).join(', ')
}
