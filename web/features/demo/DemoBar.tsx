import { Popover } from '@mantine/core'
import { IconChevronDown, IconListCheck, IconMailbox } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useMe } from '../../kernel/session.ts'
import { useNarrow } from '../../ui/Dialog.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { roleOf } from './card-texts.ts'
import styles from './DemoBar.module.css'
import { FiveThings } from './FiveThings.tsx'
import { OwnCompany } from './OwnCompany.tsx'
import { ScriptSwitch } from './ScriptState.tsx'
import { become, type Sample, useNoticing, useSample } from './sample.ts'
import { demoTexts } from './texts.ts'

/** The sample company only: who one is, another role, what to try, and the mails that come by themselves. */
export function DemoBar() {
  const t = useTexts(demoTexts)
  const { data: sample } = useSample()
  useNoticing(sample)
  const narrow = useNarrow()
  const [own, setOwn] = useState(false)
  return (
    <aside className={styles.bar} aria-label={t('bar')}>
      {!narrow && <strong title={t('barHint')}>{t('bar')}</strong>}
      <RoleMenu sample={sample} />
      <span className="grow" />
      {sample && !narrow && <ScriptSwitch script={sample.script} />}
      <Link to="/demo/mail" className={styles.item} aria-label={t('mailboxes')}>
        <IconMailbox size={16} stroke={1.7} aria-hidden="true" />
        {!narrow && t('mailboxes')}
      </Link>
      {sample && <ThingsButton sample={sample} onOwn={() => setOwn(true)} />}
      <OwnCompany open={own} onClose={() => setOwn(false)} />
    </aside>
  )
}

function RoleMenu({ sample }: { sample: Sample | undefined }) {
  const t = useTexts(demoTexts)
  const me = useMe()
  const card = sample?.cards.find((c) => c.personId === me.id)
  return (
    <Menu
      width={320}
      target={
        <button type="button" className={styles.item}>
          <span className="truncate">{card ? t('youAreAs', { name: me.name, role: roleOf(card) }) : t('youAre', { name: me.name })}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      }
      entries={[
        { key: 'heading', heading: t('switchRole') },
        ...(sample?.cards ?? []).map((c) => ({
          key: c.key,
          label: t('role', { name: c.name, role: roleOf(c) }),
          checked: c.personId === me.id,
          run: () => void become(c.key),
        })),
      ]}
    />
  )
}

function ThingsButton({ sample, onOwn }: { sample: Sample; onOwn: () => void }) {
  const t = useTexts(demoTexts)
  const [open, setOpen] = useState(false)
  const done = sample.things.filter((thing) => thing.done).length
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width="min(400px, calc(100vw - 16px))"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className={styles.item} data-main onClick={() => setOpen(!open)}>
          <IconListCheck size={16} stroke={1.7} aria-hidden="true" />
          {t('thingsShort', { done })}
          <span className="unseen">{t('things')}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('things')}>
        <FiveThings
          sample={sample}
          onLeave={() => setOpen(false)}
          onOwn={() => {
            setOpen(false)
            onOwn()
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
