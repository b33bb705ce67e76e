import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Section } from '../../ui/Page.tsx'
import { NearRow } from './NearRow.tsx'
import styles from './Similar.module.css'
import { similarTexts } from './texts.ts'

type Props = {
  subject: string
  body: string
  requesterId: string | null
  categoryId: string | null
  /** Takes a resolution over as the solution of what is being written. */
  onSolve?: (resolution: string) => void
}
const shown = 3

/** While a ticket is being written down: what is alike, open and solved. Nothing, as long as there is nothing. */
export function WhileTyping({ subject, body, requesterId, categoryId, onSolve }: Props) {
  const t = useTexts(similarTexts)
  const [asked] = useDebouncedValue({ subject, body: body.slice(0, 4000), requesterId, categoryId }, 350)
  const enabled = asked.subject.trim().length > 2 || asked.body.trim().length > 10
  const found = useQuery({
    queryKey: ['POST /api/similar', asked],
    queryFn: ({ signal }) => call('POST /api/similar', { body: asked, signal }),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  }).data
  const open = enabled ? (found?.open ?? []).slice(0, shown) : []
  const solved = enabled ? (found?.solved ?? []).slice(0, shown) : []
  if (open.length + solved.length === 0) return null
  return (
    <Section title={t('knownTitle')}>
      <div aria-live="polite">
        {open.length > 0 && <h3 className={styles.title}>{t('open')}</h3>}
        <ul className={styles.list}>
          {open.map((near) => (
            <NearRow key={near.id} near={near} apart />
          ))}
        </ul>
        {solved.length > 0 && <h3 className={styles.title}>{t('solved')}</h3>}
        <ul className={styles.list}>
          {solved.map((near) => (
            <NearRow key={near.id} near={near} apart use={onSolve && { label: t('solveWith'), run: onSolve }} />
          ))}
        </ul>
      </div>
    </Section>
  )
}
