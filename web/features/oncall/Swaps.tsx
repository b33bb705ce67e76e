import { IconArrowsExchange } from '@tabler/icons-react'
import type { Swap } from '../../../contract/oncall.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './OnCall.module.css'
import { oncallTexts } from './texts.ts'
import { useWhen } from './words.ts'

const tones = { open: 'info', accepted: 'good', declined: 'plain', withdrawn: 'plain' } as const

/** Shifts that are offered or asked for, and what became of the last ones. */
export function Swaps({ rotaId }: { rotaId?: string }) {
  const t = useTexts(oncallTexts)
  const swaps = useCall('GET /api/shift-swaps', { query: rotaId === undefined ? {} : { rotaId } })
  return (
    <Loaded from={swaps} rows={3}>
      {({ items }) =>
        items.length === 0 && rotaId !== undefined ? (
          <p className={styles.dim}>{t('swapsNone')}</p>
        ) : items.length === 0 ? (
          <EmptyState icon={<IconArrowsExchange size={24} />} title={t('swapsNone')} text={t('swapsNoneText')} />
        ) : (
          <ul className={styles.lines}>
            {items.map((swap) => (
              <SwapLine key={swap.id} swap={swap} named={rotaId === undefined} />
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}

function SwapLine({ swap, named }: { swap: Swap; named: boolean }) {
  const t = useTexts(oncallTexts)
  const when = useWhen()
  const answer = useSend('POST /api/shift-swaps/:id/answer', {
    renews: ['GET /api/shift-swaps', 'GET /api/on-call', 'GET /api/on-call/mine', 'GET /api/rotas/:id/schedule'],
    onProblem: toastProblem,
    onDone: ({ state }) => toast(t(state === 'accepted' ? 'swapTaken' : 'swapAnswered')),
  })
  const say = (word: 'accept' | 'decline' | 'withdraw') => answer.mutate({ params: { id: swap.id }, body: { answer: word } })
  const names = { giver: swap.giver.name, taker: swap.taker?.name ?? t('anybody') }
  const asked = swap.offeredBy.id !== swap.giver.id
  return (
    <li className={styles.line}>
      <Badge tone={tones[swap.state]}>
        {t(
          swap.state === 'open'
            ? 'swap.open'
            : swap.state === 'accepted'
              ? 'swap.accepted'
              : swap.state === 'declined'
                ? 'swap.declined'
                : 'swap.withdrawn',
        )}
      </Badge>
      <span className={styles.grow}>
        {t(asked ? 'swapAsk' : 'swapOffer', names)}
        {named && ` · ${swap.rota.name}`}
        <br />
        <span className={styles.dim}>
          {t('span', { from: when(swap.from), to: when(swap.to) })}
          {swap.note && ` · ${swap.note}`}
        </span>
      </span>
      {swap.can.answer && (
        <>
          {swap.taker !== null && <Button onClick={() => say('decline')}>{t('decline')}</Button>}
          <Button look="main" busy={answer.isPending} onClick={() => say('accept')}>
            {t(asked ? 'give' : 'accept')}
          </Button>
        </>
      )}
      {swap.can.withdraw && <Button onClick={() => say('withdraw')}>{t('withdraw')}</Button>}
    </li>
  )
}
