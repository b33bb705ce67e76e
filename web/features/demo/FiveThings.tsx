import { IconCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { DemoThing } from '../../../contract/demo.ts'
import { inLanguage, type Say, useTexts } from '../../kernel/i18n.ts'
import { keyNames, shortcutsNow } from '../../kernel/keyboard.ts'
import { useLanguage } from '../../kernel/language.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import styles from './DemoBar.module.css'
import { ScriptSwitch, ScriptWords } from './ScriptState.tsx'
import { become, type Sample, tried } from './sample.ts'
import { demoTexts } from './texts.ts'

type Props = { sample: Sample; onLeave: () => void; onOwn: () => void }

/** Five things to try, each with a way there and a tick once it was done; below, the mails that come by themselves. */
export function FiveThings({ sample, onLeave, onOwn }: Props) {
  const t = useTexts(demoTexts)
  const language = useLanguage()
  return (
    <div className={styles.panel}>
      <div className={styles.panelHead}>
        <h2>{t('things')}</h2>
        <p className="dim">{inLanguage(sample.story, language)}</p>
      </div>
      <ol className={styles.list}>
        {sample.things.map((thing) => (
          <Thing key={thing.key} thing={thing} sample={sample} onLeave={onLeave} onOwn={onOwn} />
        ))}
      </ol>
      <div className={styles.foot}>
        <div className="row">
          <h3 className="grow">{t('scriptTitle')}</h3>
          <ScriptSwitch script={sample.script} />
        </div>
        <p className="dim">
          <ScriptWords script={sample.script} />
        </p>
      </div>
    </div>
  )
}

function Thing({ thing, sample, onLeave, onOwn }: Props & { thing: DemoThing }) {
  const t = useTexts(demoTexts)
  const go = useWay(sample, thing, onLeave, onOwn)
  const other = thing.card !== null && thing.card !== sample.card ? sample.cards.find((c) => c.key === thing.card) : undefined
  const waits = thing.key === 'answer' && thing.ticketId === null
  const label =
    thing.key === 'own-company'
      ? t('show')
      : other
        ? t('openAs', { name: other.name.split(' ')[0] ?? other.name })
        : thing.key === 'find'
          ? t('search')
          : t('open')
  const sender = useRequester(thing)
  return (
    <li className={styles.thing}>
      <span className={styles.mark} data-done={thing.done || undefined}>
        {thing.done && <IconCheck size={12} stroke={3} aria-hidden="true" />}
        {thing.done && <span className="unseen">{t('done')}</span>}
      </span>
      <strong>{t(`thing.${thing.key}`)}</strong>
      <Button disabled={waits} onClick={() => void go()} title={other?.name}>
        {label}
      </Button>
      <p>{waits ? t('thing.answer.waits') : explain(t, thing, sender ?? t('somebody'))}</p>
    </li>
  )
}

/** Whose mailbox the answer lands in; known only to those who may see the ticket. */
function useRequester(thing: DemoThing): string | undefined {
  const id = thing.key === 'answer' ? thing.ticketId : null
  return useCall('GET /api/tickets/:id', { params: { id: id ?? '0' } }, { enabled: id !== null, staleTime: 300_000 }).data?.requester.name
}

function explain(t: Say<(typeof demoTexts)['en']>, thing: DemoThing, name: string): string {
  if (thing.key === 'answer') return t('thing.answer.text', { name })
  if (thing.key === 'find') return t('thing.find.text', { keys: keyNames('mod+k').join(' '), query: thing.query ?? '' })
  return t(`thing.${thing.key}.text`)
}

const address = (thing: DemoThing): string =>
  thing.key === 'answer'
    ? `/tickets/${thing.ticketId}`
    : thing.key === 'see-as-requester'
      ? thing.ticketId
        ? `/portal/requests/${thing.ticketId}`
        : '/portal'
      : thing.key === 'journal'
        ? '/mail'
        : '/tickets'

/** There, in the role that it is best tried in. */
function useWay(sample: Sample, thing: DemoThing, onLeave: () => void, onOwn: () => void): () => Promise<void> {
  const navigate = useNavigate()
  return async () => {
    if (thing.key === 'own-company') {
      onOwn()
      return tried('own-company')
    }
    // Answering leaves a trace that the server finds; of looking it is told here, before the role and the page change.
    if (thing.key !== 'answer') await tried(thing.key)
    if (thing.card !== null && thing.card !== sample.card) return become(thing.card, address(thing))
    onLeave()
    const palette = thing.key === 'find' ? shortcutsNow().find((s) => s.keys === 'mod+k') : undefined
    if (palette) setTimeout(() => palette.run(new KeyboardEvent('keydown', { key: 'k' })), 50)
    else void navigate({ to: address(thing) as '/' })
  }
}
