import { IconBan } from '@tabler/icons-react'
import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { EmptyState, Loaded } from '../../ui/States.tsx'
import { Table } from '../../ui/Table.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Mail.module.css'
import { mailTexts } from './texts.ts'

type Blocked = { id: string; pattern: string; createdAt: string }
const renews = ['GET /api/blocked-senders'] as const

export function BlockedSenders() {
  const t = useTexts(mailTexts)
  const mayBlock = useMay('sender.block')
  const blocked = useCall('GET /api/blocked-senders')
  const again = useSend('POST /api/blocked-senders', { renews, onProblem: toastProblem })
  const remove = useSend('DELETE /api/blocked-senders/:id', { renews, onProblem: toastProblem })
  const unblock = ({ id, pattern }: Blocked) =>
    remove.mutate(
      { params: { id } },
      { onSuccess: () => void toast(t('unblocked', { pattern }), { undo: () => again.mutate({ body: { pattern } }) }) },
    )
  return (
    <div className={styles.stack}>
      {mayBlock && <BlockForm />}
      <Loaded from={blocked}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<IconBan size={24} />} title={t('noBlocked')} text={t('noBlockedText')} />
          ) : (
            <Table
              label={t('blocked')}
              rows={items}
              keyOf={(b) => b.id}
              columns={[
                { key: 'pattern', title: t('pattern'), phone: 'main', cell: (b: Blocked) => <strong>{b.pattern}</strong> },
                { key: 'since', title: t('since'), width: '160px', cell: (b: Blocked) => <TimeAgo at={b.createdAt} /> },
                {
                  key: 'remove',
                  title: t('remove'),
                  width: '120px',
                  end: true,
                  cell: (b: Blocked) =>
                    mayBlock && (
                      <Button look="plain" aria-label={t('unblock', { pattern: b.pattern })} onClick={() => unblock(b)}>
                        {t('remove')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </div>
  )
}

function BlockForm() {
  const t = useTexts(mailTexts)
  const form = useForm({ pattern: '' })
  const add = useSend('POST /api/blocked-senders', {
    renews,
    onDone: ({ pattern }) => {
      toast(t('blockDone', { pattern }))
      form.reset({ pattern: '' })
    },
    onProblem: form.take,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    add.mutate({ body: { pattern: form.values.pattern.trim() } })
  }
  return (
    <Section lead={t('blockedLead')} title={t('block')}>
      <form className="stack" onSubmit={submit} noValidate style={{ maxWidth: 420 }}>
        <TextField label={t('pattern')} hint={t('patternHint')} {...form.text('pattern')} />
        <FormProblem text={form.problem} />
        <div>
          <Button type="submit" busy={add.isPending}>
            {t('block')}
          </Button>
        </div>
      </form>
    </Section>
  )
}
