import { IconPlus, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Channel, MyPaging } from '../../../contract/paging.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { SelectField } from '../../ui/Fields.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { Loaded } from '../../ui/States.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { NewWay } from './NewWay.tsx'
import styles from './Paging.module.css'
import { whyNoPush } from './push.ts'
import { pagingTexts } from './setting-texts.ts'

export const path = 'GET /api/me/paging'
const minutes = [0, 2, 5, 10, 15, 30]

/** In my profile: by which ways I am woken, in which order, and whether they work. */
export function MyWays() {
  const t = useTexts(pagingTexts)
  const mine = useCall(path)
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title={t('mineTitle')}
      lead={t('mineLead')}
      actions={
        <Button icon={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {t('add')}
        </Button>
      }
    >
      <Loaded from={mine}>
        {(shown) => (
          <>
            <Hints mine={shown} />
            {shown.channels.map((channel) => (
              <Way key={channel.id} channel={channel} />
            ))}
            {adding && <NewWay mine={shown} onClose={() => setAdding(false)} />}
          </>
        )}
      </Loaded>
      <p>
        <Link to={'/pages' as never}>{t('pages')}</Link>
      </p>
    </Section>
  )
}

function Hints({ mine }: { mine: MyPaging }) {
  const t = useTexts(pagingTexts)
  const why = whyNoPush(mine.secure)
  return (
    <div className="stack" style={{ gap: 8 }}>
      {mine.channels.length === 0 && <p className={styles.note}>{mine.email ? t('noWays', { email: mine.email }) : t('noWaysNoMail')}</p>}
      {why && <p className="dim small">{t(why)}</p>}
      {mine.channels.some((one) => one.kind === 'push') && <p className="dim small">{t('pushSystem')}</p>}
    </div>
  )
}

function Way({ channel }: { channel: Channel }) {
  const t = useTexts(pagingTexts)
  const choices = { renews: [path] as const, onProblem: toastProblem }
  const change = useSend('PATCH /api/me/paging/channels/:id', choices)
  const remove = useSend('DELETE /api/me/paging/channels/:id', choices)
  const test = useSend('POST /api/me/paging/channels/:id/test', {
    ...choices,
    onDone: ({ outcome, cause }) => toast(outcome === 'sent' ? t('tested') : t('testFailed', { cause })),
  })
  const params = { id: channel.id }
  const label = channel.format ? channel.format : t(channel.kind)
  const options = [
    ...minutes.map((n) => ({ value: String(n), label: n === 0 ? t('atOnce') : t('minutes', { n }) })),
    { value: 'not', label: t('not') },
  ]
  const when = (name: 'highAfter' | 'lowAfter') => (
    <SelectField
      label={t(name === 'highAfter' ? 'afterHigh' : 'afterLow')}
      options={options}
      value={channel[name] === null ? 'not' : String(channel[name])}
      onChange={(value) => change.mutate({ params, ifMatch: channel.version, body: { [name]: value === 'not' ? null : Number(value) } })}
    />
  )
  return (
    <div className={styles.entry}>
      <span className={styles.main}>
        <strong style={{ textTransform: channel.format ? 'capitalize' : undefined }}>{label}</strong>
        <span className={styles.says}>{channel.shown}</span>
        {channel.goneAt && <Badge tone="bad">{t('gone')}</Badge>}
        {channel.needsAddress && <Badge tone="warn">{t('again')}</Badge>}
      </span>
      <span style={{ width: 140 }}>{when('highAfter')}</span>
      <span style={{ width: 140 }}>{when('lowAfter')}</span>
      <Button busy={test.isPending} onClick={() => test.mutate({ params, body: {} })}>
        {t('test')}
      </Button>
      <IconButton label={t('drop', { name: channel.shown })} icon={<IconTrash size={16} />} onClick={() => remove.mutate({ params })} />
    </div>
  )
}
