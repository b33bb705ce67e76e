import { IconArrowUp, IconPencil, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useShortcut } from '../../kernel/keyboard.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Badge, StatusBadge } from '../../ui/Marks.tsx'
import { Loaded } from '../../ui/States.tsx'
import { Table } from '../../ui/Table.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import { ArchivedStatuses } from './ArchivedStatuses.tsx'
import { StatusMoves } from './StatusMoves.tsx'
import { type Status, StatusSheet } from './StatusSheet.tsx'
import { statusTexts } from './status-texts.ts'
import styles from './Teams.module.css'
import { teamTexts } from './texts.ts'

/** The statuses in their order, and which moves between them are allowed to whom. */
export function StatusNames() {
  const s = useTexts(statusTexts)
  const mayEdit = useMay('category.edit')
  const statuses = useCall('GET /api/statuses')
  const [open, setOpen] = useState<Status | 'new'>()
  useShortcut('n', s('newStatus'), s('name'), () => setOpen('new'), { on: mayEdit })
  return (
    <div className={styles.stack}>
      <div className={styles.bar}>
        <p>
          {s('lead')} {mayEdit && <Link to={'/settings/fields' as never}>{s('ownFields')}</Link>}
        </p>
        {mayEdit && (
          <Button look="main" icon={<IconPlus size={16} />} keys="n" onClick={() => setOpen('new')}>
            {s('newStatus')}
          </Button>
        )}
      </div>
      <Loaded from={statuses}>
        {({ items }) => (
          <>
            <StatusTable items={items} mayEdit={mayEdit} onOpen={setOpen} />
            <StatusMoves statuses={items} mayEdit={mayEdit} />
            {mayEdit && <ArchivedStatuses />}
          </>
        )}
      </Loaded>
      {open && <StatusSheet {...(open === 'new' ? {} : { status: open })} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function StatusTable({ items, mayEdit, onOpen }: { items: Status[]; mayEdit: boolean; onOpen: (status: Status) => void }) {
  const t = useTexts(teamTexts)
  const s = useTexts(statusTexts)
  const language = useLanguage()
  const order = useSend('PUT /api/statuses/order', { renews: ['GET /api/statuses'], onProblem: toastProblem })
  const up = (at: number) => {
    const ids = items.map((one) => one.id)
    order.mutate({ body: { ids: ids.toSpliced(at - 1, 2, ids[at] as string, ids[at - 1] as string) } })
  }
  const isFirst = (status: Status) => items.find((one) => one.meaning === status.meaning)?.id === status.id
  const several = (status: Status) => items.filter((one) => one.meaning === status.meaning).length > 1
  return (
    <Table
      label={t('statuses')}
      rows={items}
      keyOf={(one) => one.id}
      columns={[
        {
          key: 'name',
          title: t('name'),
          phone: 'main',
          cell: (one: Status) => (
            <span className="row">
              <StatusBadge meaning={one.meaning} name={one.name[language]} />
              {isFirst(one) && several(one) && <Badge>{s('first')}</Badge>}
            </span>
          ),
        },
        { key: 'meaning', title: t('meaning'), cell: (one: Status) => <span className="dim">{t(one.meaning)}</span> },
        {
          key: 'edit',
          title: t('edit'),
          width: '96px',
          end: true,
          cell: (one: Status) =>
            mayEdit && (
              <span className="row">
                <IconButton
                  label={s('up', { name: one.name[language] })}
                  icon={<IconArrowUp size={16} />}
                  disabled={items[0]?.id === one.id}
                  onClick={() => up(items.findIndex((other) => other.id === one.id))}
                />
                <IconButton label={s('edit', { name: one.name[language] })} icon={<IconPencil size={16} />} onClick={() => onOpen(one)} />
              </span>
            ),
        },
      ]}
    />
  )
}
