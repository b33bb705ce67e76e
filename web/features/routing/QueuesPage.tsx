import { IconPlayerTrackNext, IconStack2 } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Page } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { QueueCard } from './QueueCard.tsx'
import { routingTexts } from './texts.ts'

/** What each team has in hand and what lies there; one button takes the most urgent. */
export function QueuesPage() {
  const t = useTexts(routingTexts)
  const navigate = useNavigate()
  const queues = useCall('GET /api/queues')
  const next = useSend('POST /api/next-ticket', {
    renews: ['GET /api/queues', 'GET /api/tickets'],
    onDone: ({ id }) => {
      if (id === null) toast(t('nextNone'))
      else void navigate({ to: '/tickets/$ticketId', params: { ticketId: id }, search: {} as never })
    },
    onProblem: toastProblem,
  })
  const mine = queues.data?.items.some(({ can }) => can.take) ?? false
  const take = () => next.mutate({ body: {} })
  useShortcut('t', t('next'), t('title'), take, { on: mine })
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mine && (
          <Button look="main" icon={<IconPlayerTrackNext size={16} />} keys="t" busy={next.isPending} onClick={take}>
            {t('next')}
          </Button>
        )
      }
    >
      <Loaded from={queues}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconStack2 size={24} />} title={t('none')} text={t('noneText')} />
          ) : (
            <div className="stack">
              {items.map((queue) => (
                <QueueCard key={queue.team.id} queue={queue} />
              ))}
            </div>
          )
        }
      </Loaded>
    </Page>
  )
}
