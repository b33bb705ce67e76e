import type { Policy } from '../../../contract/paging.ts'
import type { useTexts } from '../../kernel/i18n.ts'
import type { pagingTexts } from './setting-texts.ts'

type Say = ReturnType<typeof useTexts<(typeof pagingTexts)['en']>>

/** A policy as one would say it: "First on call: Network, after 10 min leads of Network, at the end the administrators". */
export function policyWords(policy: Policy, t: Say): string {
  const who = (n: number) => {
    const step = policy.steps[n]
    return (step?.targets ?? [])
      .map((one) => t(`says-${one.kind}`, { name: one.name }))
      .join(` ${t(step?.mode === 'in-turn' ? 'or' : 'and')} `)
  }
  const steps = policy.steps.map((_, n) => {
    const before = policy.steps[n - 1]
    return n === 0 || !before ? t('first', { who: who(n) }) : t('afterwards', { minutes: before.wait * (before.repeat + 1), who: who(n) })
  })
  const again = policy.loops > 0 ? [t('thenAgain', { count: policy.loops })] : []
  return [...steps, ...again, t('finally', { who: policy.catchAll?.name ?? t('says-administrators') })].join(', ')
}
